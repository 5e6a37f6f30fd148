"""Postal addresses in the text of pages, as Europe and the United States write them.

On the continent the post code stands before the town and the street before both, in English it is
the other way round. An address is taken only with its street.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...company.countries import country_code
from ...company.names import word_set
from ...company.states import state_code
from .others import Block
from .printed_names import behind_form
from .streets import is_building, is_named_street, is_street, split_town, without_prose

#: Form of post code -> its pattern, and the countries that write it so.
_FORMS = {
    "nl": (r"[1-9]\d{3} ?[A-Z]{2}", "NL"),
    "pl": (r"\d{2}-\d{3}", "PL"),
    "pt": (r"\d{4}-\d{3}", "PT"),
    "five": (r"\d{5}", "DE FR IT ES FI HR EE LT RS MC SM"),
    "three": (r"\d{3} \d{2}", "SE CZ SK GR"),
    "four": (r"\d{4}", "AT CH BE DK NO LU HU SI BG LI LV"),
}
_COUNTRIES = {form: countries.split() for form, (_pattern, countries) in _FORMS.items()}
#: Signs before a post code.
_SIGNS = {
    "D": "DE", "A": "AT", "F": "FR", "I": "IT", "B": "BE", "L": "LU", "E": "ES", "S": "SE",
    "N": "NO", "FIN": "FI",
    **{code: code for codes in _COUNTRIES.values() for code in codes},
}  # fmt: skip
#: Where a language is spoken, and the form of post code does not say more.
_OF_LANGUAGE = {
    "de": "DE", "fr": "FR BE", "it": "IT", "es": "ES", "nl": "NL BE", "pl": "PL", "sv": "SE",
    "da": "DK", "nb": "NO", "no": "NO", "fi": "FI", "pt": "PT", "cs": "CZ", "sk": "SK",
}  # fmt: skip
_PLACE = re.compile(
    r"(?<![\w/+.§-])(?:(?P<sign>" + "|".join(_SIGNS) + r")\s?[-–]?\s?)?(?:"
    + "|".join(f"(?P<{form}>{pattern})" for form, (pattern, _countries) in _FORMS.items())
    + r"),?\s+(?:[-–]\s)?(?P<city>[^\W\d_].{1,60})"
)  # fmt: skip
_AMERICAN = re.compile(
    r"(?:^|(?<=[\s,]))(?P<state>[A-Z]{2}|(?:[A-Z][a-z]+ ){0,3}(?:of )?[A-Z][a-z]+)"
    r"\.?,?\s+(?P<zip>\d{5}(?:-\d{4})?)(?![\d-])"
)
_BRITISH = re.compile(
    r"(?<![\w-])(?:(?P<GB>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})|(?P<IE>[A-Z]\d[\dW] ?[A-Z\d]{4}))(?!\w)"
)
_COUNTIES_TEXT = (
    "avon,bedfordshire,berkshire,buckinghamshire,cambridgeshire,cheshire,cleveland,cornwall,"
    "cumbria,derbyshire,devon,dorset,co durham,county durham,durham,east sussex,essex,"
    "gloucestershire,greater london,greater manchester,hampshire,herefordshire,hertfordshire,kent,"
    "isle of wight,lancashire,leicestershire,lincolnshire,merseyside,middlesex,norfolk,"
    "northamptonshire,northumberland,north yorkshire,nottinghamshire,oxfordshire,rutland,"
    "shropshire,somerset,south yorkshire,staffordshire,suffolk,surrey,tyne and wear,warwickshire,"
    "west midlands,west sussex,west yorkshire,wiltshire,worcestershire,yorkshire,east yorkshire,"
    "scotland,wales,england,northern ireland,co antrim,co down,co tyrone,county antrim,"
    "county down,aberdeenshire,fife,lanarkshire,ayrshire,midlothian,highland,gwent,gwynedd,powys,"
    "dyfed,clwyd,mid glamorgan,south glamorgan,west glamorgan"
)
_COUNTIES = frozenset(_COUNTIES_TEXT.split(","))
_SEPARATOR = re.compile(r"\s+[-–—|•·*]\s+|\s*[|•·;]\s*|(?<=[a-zà-ÿ]{4})\.\s+(?=[A-ZÀ-Ý])")
_LABEL = re.compile(
    r"^[^:\d]{1,50}:\s*|^.*?\b(?:situ[ée]e?|sis[e]?|domicili[ée]e?)\s+(?:au\s+|[àa]\s+)?(?=\S)|"
    r"^.*?\b(?:domicilio(?:\s+social|\s+fiscal)?|oficinas|sede(?:\s+legale|\s+social|\s+operativa)?)"
    r"\s+(?:en|in|a|é|è)\s+|^.*?\bregistered\s+(?:office|address)(?:\s+(?:is|at)){0,2}\s+|"
    r"^(?:stra(?:ß|ss)e|street|anschrift|direcci[óo]n)\s+(?-i:(?=[A-ZÀ-Ý]))|"
    r"^.*?\bsiedzib[ąa]\s+w\s+[^\d,]{2,30},\s*|^(?:adresse|anschrift|indirizzo|address|adres)\s+",
    re.IGNORECASE,
)
_CITY_END = re.compile(r"[,(|•·;:@\d]|\s[-–—/*]\s|(?<=[^\W\d_]{3})\.(?=\s|$)")
_POLISH = re.compile(
    r"[,\s]+((?:ul|al|pl|os)\.\s.*?\d+\w*(?:/\w+)?(?:\s?(?:lok|m)\.\s?\w+)?)", re.I
)
_IN_BRACKETS = re.compile(r"\s*\(([^\W\d_][^()\d]{2,30})\)")  # "Martos (Jaén)"
_CEDEX = re.compile(r"\s+cedex\b.*", re.IGNORECASE)
_SMALL = word_set(
    "am an auf bei der die das dem den im in ob unter vor vom von zu zum zur und a de del della"
    " delle dei di da do dos la le les lo los las el en et y e sur sous lès lez aux sul sull sulla"
    " sullo al alla allo nel nella aan op bij ter ten het 't 's d' l' nad pod w i na og över"
)
_ELIDED = re.compile(r"['’]|[a-z]{1,5}['’][A-ZÀ-Ý]")  # "'s-Hertogenbosch", "Villeneuve d'Ascq"
_STOP = word_set(
    "tel telefon telefono téléphone telephone fax phone mail e-mail email mobil web website p.iva"
    " partita ust ust-id uid nif cif kvk btw tva siret siren rcs nip regon krs org cvr fn hrb hra"
    " t e f m tél piva iva deutschland germany österreich austria schweiz suisse switzerland france"
    " italia italy españa spain nederland belgium belgique belgië polska sverige danmark rpr rpm"
    " öffnungszeiten ust-idnr vat cod codice p c.f cap rea"
)
#: What stands between a street and its post code, or is the name of a town's column.
_BEFORE_PLACE = re.compile(
    r"(?:^|(?<=[\s,]))(?:in|à|a|en|te|w|i|ort|plz|plz\s?/\s?ort|stadt|sitz|city|town|ville|citt[àa]|"
    r"ciudad|localidad|poblaci[óo]n|plaats|miasto|cap|c\.p\.|cp|code postal|postcode):?\s*$",
    re.IGNORECASE,
)
_ABOVE = 5  # lines above a post code that are looked at


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is printed.

    :ivar above: lines and parts in front of it, the nearest first: the company's name may be one
    """

    street: str
    city: str
    zip: str
    state: str = ""
    country: str = ""
    above: tuple[str, ...] = ()

    def fields(self) -> dict[str, str]:
        return {
            "street": self.street, "zip": self.zip, "city": self.city, "state_code": self.state,
            "country_code": self.country,
        }  # fmt: skip


def addresses_in(
    blocks: Sequence[Block],
    country: str = "",
    language: str = "",
    names: frozenset[str] = frozenset(),
) -> Iterator[Address]:
    """Yield the addresses that paragraphs print, in their order.

    :param country: ISO code of where the company most likely is, if anything tells
    :param language: of the page, which tells the country of a post code where nothing else does
    :param names: what the company is called, in lower case
    """
    lines = [(line, number) for number, block in enumerate(blocks) for line in block.lines]
    lines = lines[:600]
    for index, (line, _number) in enumerate(lines):
        above = _above(lines, index)
        following = lines[index + 1][0] if index + 1 < len(lines) else ""
        found = [
            *(_american(line, above, names) if country in ("", "US") else ()),
            *(_british(line, above, names) if country in ("", "GB", "IE") else ()),
        ]
        yield from found or _continental(line, above, following, country, language)


def towns_in(text: str) -> Iterator[str]:
    """Yield the towns that stand behind a post code."""
    for match in list(_PLACE.finditer(text))[:200]:
        if city := _city(match["city"])[0]:
            yield city


def _above(lines: Sequence[tuple[str, int]], index: int) -> list[str]:
    """Return the lines above one, the nearest first: of its paragraph, and of those of one line."""
    found = []
    for place in range(index - 1, max(-1, index - 1 - _ABOVE), -1):
        if not _BEFORE_PLACE.fullmatch(lines[place][0]):
            found.append(lines[place][0])
    return found


# === POST CODE FIRST === #


def _continental(
    line: str, above: Sequence[str], following: str, country: str, language: str
) -> Iterator[Address]:
    position = 0
    while match := _PLACE.search(line, position):
        position = match.start("city")
        form = next(form for form in _FORMS if match[form])
        city, state, rest = _city(match["city"])
        named = _SIGNS.get(match["sign"] or "", "") or _named_country(rest, following)
        its_country = _country(form, named, country, language)
        if not city or its_country is None or city in ("UK", "USA"):
            continue
        if form == "pl" and (behind := _POLISH.match(line, match.start("city") + len(city))):
            yield Address(behind[1], city, match[form], "", its_country, (line[: match.start()],))
            continue
        street, others = _street(_BEFORE_PLACE.sub("", line[: match.start()]), above)
        if street:
            state = state_code(its_country, state) if its_country in ("IT", "CH") else ""
            if not state and (behind := _IN_BRACKETS.match(line, match.start("city") + len(city))):
                state = state_code(its_country, behind[1])
            yield Address(street, city, match[form], state, its_country, tuple(others))


def _country(form: str, named: str, country: str, language: str) -> str | None:
    """Return the country of a post code, "" if nothing tells it, None if it is none."""
    countries = _COUNTRIES[form]
    if form == "five" and country in _COUNTRIES["three"]:
        return country
    if named:
        return named if named in countries else None
    if country:
        return country if country in countries else None
    if len(countries) == 1:
        return countries[0]
    spoken = [code for code in _OF_LANGUAGE.get(language, "").split() if code in countries]
    if spoken:
        return spoken[0]
    return "" if form == "five" and language not in ("en",) else None


def _named_country(rest: str, following: str) -> str:
    """Return the country named behind the town or in the next line."""
    for part in [*re.split(r"[,()–|·•-]|\.\s", rest)[:4], following]:
        part = part.strip(" .")
        # "Telefon: 031" is no country, though 031 is one's number.
        if len(part) > 3 and not re.search(r"\d", part) and (code := country_code(part)):
            return code
    return ""


def _city(text: str) -> tuple[str, str, str]:
    """Return the town that a text begins with, a province in capitals behind it, and the rest."""
    end = _CITY_END.search(text)
    words = _CEDEX.sub("", text[: end.start()] if end else text).split()
    kept: list[str] = []
    for word in words[:7]:
        plain = word.strip(".,'’").casefold()
        if plain in _STOP or plain.replace(".", "") in _STOP:
            break
        if kept and not (word[0].isupper() or plain in _SMALL or _ELIDED.match(word)):
            break
        kept.append(word)
    while kept and kept[-1].casefold() in _SMALL:
        kept.pop()
    state = ""
    if len(kept) > 1 and re.fullmatch(r"[A-Z]{2}", kept[-1]) and not "".join(kept[:-1]).isupper():
        state = kept.pop()
    city = " ".join(kept)
    rest = text[len(" ".join(words)) :] if len(words) == len(kept) else text[len(city) :]
    if not state and (match := re.match(r"\s*[(,]\s?([A-Z]{2})\b\)?", text[len(city) :])):
        state = match[1]
    is_town = 2 <= len(city) <= 40 and text[:1].isupper()
    return (city if is_town else "", state, rest)


def _street(before: str, above: Sequence[str]) -> tuple[str, list[str]]:
    """Return the street before a post code, in its line or above, and what stands before it."""
    before = before.rstrip(" ,-–—|•·;/")
    segments = [part for part in _SEPARATOR.split(before) if part.strip(" ,")]
    if segments:
        for count in (1, 2):
            chunk = " - ".join(segments[-count:])
            street, front = _street_of_parts(chunk)
            if street:
                return street, [*front, *segments[:-count][::-1], *above]
        if len(_LABEL.sub("", before).split()) > 2 or len(above) == 0:
            return "", []
    for count in (1, 2):
        if len(above) < count:
            break
        chunk = ", ".join(line.strip(" ,") for line in above[:count][::-1])
        segments = [part for part in _SEPARATOR.split(chunk) if part.strip()]
        street, front = _street_of_parts(segments[-1] if segments else "")
        if street:
            rest = list(above[count:])
            if rest and is_building(rest[0]) and not front:
                street = f"{rest.pop(0).strip(' ,')}, {street}"
            if len(segments) > 1 and is_building(segments[-2]) and not front:
                street = f"{segments.pop(-2).strip(' ,')} - {street}"
            return street, [*front, *segments[:-1][::-1], *rest]
    return "", []


def _street_of_parts(chunk: str) -> tuple[str, list[str]]:
    """Return the street at the end of "Sample Ltd, Unit 4, Mill Lane 5", and the rest."""
    parts = [part.strip() for part in _LABEL.sub("", chunk.strip()).split(",") if part.strip()]
    for check in (is_named_street, is_street):
        last = _last_street(parts, check)
        if last >= 0:
            break
    else:
        return "", []
    part = without_prose(behind_form(parts[last]))
    first = last
    if first and re.fullmatch(r"\d{1,4}\s?(?:bis|ter|[a-d])?", parts[first - 1], re.IGNORECASE):
        first -= 1  # "2, rue de l'Exemple"
    while first and is_building(parts[first - 1]):
        first -= 1
    street = ", ".join([*parts[first:last], part, *parts[last + 1 :]])
    front = parts[:first]
    if first == last and part != parts[last] and parts[last].endswith(part):
        front.append(parts[last].removesuffix(part).strip())  # "Sample Ltd Mill Lane 5"
    return (street, front[::-1]) if len(street) <= 100 else ("", [])


def _last_street(parts: Sequence[str], check: Callable[[str], bool]) -> int:
    """Return which of the parts is the street, with nothing but supplements behind it, else -1."""
    for last in range(len(parts) - 1, max(-1, len(parts) - 4), -1):
        part = without_prose(behind_form(parts[last]))
        if part and check(part):
            return last
        if not _is_supplement(parts[last]):
            return -1
    return -1


def _is_supplement(part: str) -> bool:
    return len(part) <= 30 and len(part.split()) <= 4 and not re.search(r"[@:€]|\d{5}", part)


# === TOWN FIRST === #


def _american(line: str, above: Sequence[str], names: frozenset[str]) -> Iterator[Address]:
    if above and re.fullmatch(r"\d{5}(?:-\d{4})?", line):
        line, above = f"{above[0]} {line}", above[1:]
    for match in _AMERICAN.finditer(line):
        start, state = _state(match["state"], match.start())
        if not state:
            continue
        parts, others = _english_parts(line[:start], above, names)
        if parts and (address := _english(parts, others, match["zip"], state, "US")):
            yield address


def _state(words: str, start: int) -> tuple[int, str]:
    """Return where the state begins that words end with, and its code: "Denver Colorado"."""
    for word in re.finditer(r"\S+", words):
        if code := state_code("US", words[word.start() :]):
            return start + word.start(), code
    return start, ""


def _british(line: str, above: Sequence[str], names: frozenset[str]) -> Iterator[Address]:
    for match in _BRITISH.finditer(line):
        country = match.lastgroup or ""
        parts, others = _english_parts(line[: match.start()], above, names)
        while len(parts) > 2 and (
            parts[-1].casefold() in _COUNTIES or re.match(r"(?i)co(?:unty|\.)\s", parts[-1])
        ):
            parts.pop()
        if parts and (address := _english(parts, others, match[country], "", country)):
            yield address


def _english(
    parts: list[str], others: list[str], zip_code: str, state: str, country: str
) -> Address | None:
    *streets, town = parts
    if not streets:
        street, town = split_town(town)
        streets = [street] if street else []
    elif re.search(r"\d", town):
        return None
    town = re.sub(r"^(?:near|nr\.?)\s+", "", town, flags=re.IGNORECASE)
    if not streets or not any(map(_is_english_street, streets)) or not 2 <= len(town) <= 40:
        return None
    return Address(", ".join(streets), town, zip_code, state, country, tuple(others))


def _english_parts(
    before: str, above: Sequence[str], names: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Return the parts of an address in front of its post code, and what stands before them."""
    segments = [part for part in _SEPARATOR.split(before) if part.strip(" ,")]
    parts = _comma_parts(segments[-1]) if segments else []
    others = [*segments[:-1][::-1], *above]
    if not any(map(_is_english_street, parts)) and len(segments) < 2:
        others = []
        taken = 0
        for line in above:
            if not _is_address_line(line, names):
                break
            taken += 1
            parts = [*_comma_parts(_SEPARATOR.split(line)[-1]), *parts]
        others = list(above[taken:])
    first = next(
        (place for place, part in enumerate(parts) if _begins(part) and not _is_name(part, names)),
        None,
    )
    if first is None:
        return [], []
    return parts[first:], [*parts[:first][::-1], *others]


def _begins(part: str) -> bool:
    return _is_english_street(part) or is_building(part)


def _is_english_street(part: str) -> bool:
    return is_street(part, english=True)


def _is_name(part: str, names: frozenset[str]) -> bool:
    return part.casefold() in names


def _is_address_line(line: str, names: frozenset[str]) -> bool:
    return len(line) <= 90 and not re.search(r"[@:©]|\d{6,}|\d{3}[ .-]\d{4}", line) and (
        not _is_name(line, names)
    )  # fmt: skip


def _comma_parts(text: str) -> list[str]:
    text = _LABEL.sub("", text.strip())
    return [part.strip(" .") for part in text.split(",") if part.strip(" .")]
