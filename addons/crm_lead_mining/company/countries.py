"""Countries as people and machines name them: ISO and UN codes, names in every language."""

import gettext
import pickle
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import pycountry
from babel import Locale, localedata

from .names import word_set

#: Names that neither Unicode's CLDR nor ISO 3166 has, as `plain` writes them, by code.
_ALSO = {
    "AE": "uae, emirates, emirati arabi, eau, vae, emirats arabes",
    "BA": "bosnia, bosnia herzegowina",
    "BO": "bolivia",
    "BN": "brunei",
    "BQ": "bonaire",
    "CD": "congo kinshasa, dr congo, drc, rdc, democratic republic of congo, zaire, congo dr,"
    " congo drc,"
    " republique democratique du congo, repubblica democratica del congo, demokratische republik"
    " kongo,"
    " republica democratica del congo, republica democratica do congo, democratic congo",
    "CG": "congo, congo brazzaville, republic of congo, congo republic",
    "CH": "swiss, swiss confederation, confoederatio helvetica, confederation suisse, helvetia,"
    " confederazione svizzera, schweizerische eidgenossenschaft",
    "AT": "osterreich, oesterreich",
    "CI": "ivory coast, cote d ivoire, elfenbeinkuste",
    "CN": "prc, pr china, mainland china, people s republic of china, peoples republic of china,"
    " china mainland, vr china, volksrepublik china, cina popolare, china pr",
    "CV": "cabo verde",
    "CZ": "czech, czech republic, czechia, repubblica ceca, tschechische republik, republique"
    " tcheque,"
    " republica checa, tsjechische republiek, ceska republika, republika czeska, tjeckiska"
    " republiken",
    "DE": "brd, bundesrepublik deutschland, federal republic of germany, fed rep germany, west"
    " germany",
    "DO": "dominican rep, dom rep",
    "ES": "kingdom of spain",
    "FI": "suomi finland",
    "FM": "micronesia",
    "GB": "uk, great britain, britain, england, scotland, wales, northern ireland, england wales,"
    " united kingdom great britain northern ireland, united kingdom gb, gran bretagna, inghilterra,"
    " scozia, galles, irlanda del nord, grossbritannien, schottland, nordirland, grande bretagne,"
    " angleterre, ecosse, pays de galles, irlande du nord, gran bretana, inglaterra, escocia,"
    " gales,"
    " irlanda del norte, gra bretanha, groot brittannie, groot britannie, engeland, schotland,"
    " wielka"
    " brytania, anglia, storbritannien, ru, vk, uk england, cymru, velka britanie, reino unido"
    " gran bretana",
    "GR": "el, hellas, hellenic republic, ellada",
    "HK": "hong kong, hong kong china, hong kong sar",
    "IE": "eire, irish republic, republic of ireland, southern ireland",
    "IR": "iran, persia",
    "KE": "kenia",
    "KP": "north korea, dprk, democratic people s republic of korea, democratic peoples republic"
    " of korea,"
    " korea north, korea dpr, korea dem people s rep",
    "KR": "south korea, korea, korea south, rok, korea rep, corea, sudkorea, coree, republik"
    " korea, s korea",
    "LA": "laos, lao pdr, lao",
    "LY": "libyan arab jamahiriya",
    "MF": "saint martin french part",
    "MK": "macedonia, fyrom, former yugoslav republic of macedonia, republic of north macedonia",
    "MM": "burma, birmania, birma, birmanie",
    "MO": "macao, macau, macao china, macau china, macao sar",
    "NL": "holland, the netherlands, olanda, hollande, holanda, nederlanden",
    "PS": "palestine, palestinian territory occupied, occupied palestinian territory, west bank"
    " gaza",
    "PT": "portuguese republic",
    "RU": "russia, russian federation, rossiya, rossija, federazione russa, russische foderation",
    "SK": "slovak republic, slovakia, repubblica slovacca, slowakische republik, republica"
    " eslovaca,"
    " republique slovaque, slovenska republika",
    "ST": "sao tome",
    "SX": "sint maarten",
    "SY": "syria",
    "SZ": "swaziland",
    "TL": "east timor",
    "TR": "turkey, turkiye",
    "TT": "trinidad, tobago",
    "TW": "taiwan, republic of china, taiwan roc, taiwan republic of china, taiwan province of"
    " china, formosa,"
    " chinese taipei",
    "TZ": "tanzania",
    "US": "us, usa, u s of a, united states of america, america, the states, estados unidos,"
    " eeuu, ee uu, eua,"
    " stati uniti d america, stati uniti america, etats unis d amerique, vereinigte staaten von"
    " amerika,"
    " estados unidos de america, estados unidos da america, verenigde staten van amerika,"
    " amerika, vsa,"
    " usa united states, amerique, united states usa",
    "VA": "vatican, holy see, vatican city, vatican city state",
    "VG": "british virgin islands, bvi",
    "VI": "us virgin islands, usvi",
    "VN": "vietnam, viet nam",
    "XK": "kosovo",
}
#: Signs of vehicles, which German-speaking lists use.
_SIGNS = {
    "A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "FIN": "FI", "FL": "LI", "GER": "DE",
    "H": "HU", "I": "IT", "IRL": "IE", "J": "JP", "L": "LU", "N": "NO", "P": "PT", "S": "SE",
    "SLO": "SI", "UKR": "UA",
}  # fmt: skip
#: What the official names of many countries begin with.
_FORMS = re.compile(
    r"(?:(?:the|la|le|les|il|lo|el|die|der|das|de|het|o|a|l) )?"
    r"(?:(?:federal|federative|islamic|bolivarian|plurinational|oriental|arab|united|socialist|"
    r"independent|co operative|cooperative|hashemite|democratic socialist|grand|federated|free|"
    r"principality|sultanate|commonwealth|union|duchy|kingdom|republic|state|states|federation"
    r"|territory|"
    r"region|province|bundesrepublik|republik|konigreich|staat|grossherzogtum|furstentum"
    r"|repubblica|"
    r"regno|stato|granducato|principato|republique|royaume|etat|principaute|grand duche|republica|"
    r"reino|estado|principado|gran ducado|rep|republiek|koninkrijk|rzeczpospolita|republika"
    r"|federacja|federale|islamica|islamique|islamische) )+"
    r"(?:(?:of|de|di|du|del|della|do|da|d|der|des|von|van) )?(?:(?:the|la|le|les|l|los|las) )?"
)
#: A dash without spaces stands between a code and a name alone: "IT-Italy", but "Guinea-Bissau".
_BETWEEN_PARTS = re.compile(
    r"\s[-–—]\s|[/|()\[\],;:]"
    r"|(?:(?<=^[A-Z]{2})|(?<=^[A-Z]{3}))[-–—](?=[^\W\d_]{4})|(?<=[^\W\d_]{4})[-–—](?=[A-Z]{2,3}$)"
)
_FIELDS = ("name", "official_name", "common_name")
_TRANSLATIONS = "LC_MESSAGES/iso3166-1.mo"
#: Languages whose names are looked up before those of all others.
_FIRST = word_set(
    "en de fr it es nl pt pl sv da nb fi cs sk hu ro el tr ru uk hr sl bg ca ja zh ko ar"
)


@lru_cache(1 << 14)
def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country, or "" if the text names none or several.

    :param text: a code of ISO or the UN, or a name in any language: "DE", "DEU", "276",
        "Deutschland", "Korea, Republic of", "Germany (DE)"
    """
    text = text.strip()
    if code := _codes().get(text.upper().replace(".", "").replace(" ", "")):
        return code
    spellings = list(dict.fromkeys(_spellings(text)))
    return next(filter(None, (_find(one) for one in spellings)), "") or _of_parts(text)


def plain(text: str) -> str:
    """Return a name in lower case without accents, signs and "and".

    Marks that belong to the letters of a script are kept.
    """
    text = text.translate(_LETTERS).casefold().replace(".", "")
    if not text.isascii():
        text = "".join(
            char if unicodedata.category(char)[0] in "LMN" else " "
            for char in unicodedata.normalize("NFKD", text)
            if not unicodedata.combining(char)
        )
    words = _WORDS.findall(text) if text.isascii() else text.split()
    return " ".join([word for word in words if word not in _AND] or words)


_WORDS = re.compile(r"[a-z0-9]+")
_AND = word_set("and et und e y i en og och")
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i"})


def _spellings(text: str) -> Iterator[str]:
    """Yield the ways a name may be meant: "Korea (the Republic of)" -> "republic of korea"."""
    yield plain(text)
    name, note = re.match(r"([^,(\[]*)[,(\[]?([^)\]]*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if note.strip():
        yield plain(f"{note} {name}")
        yield plain(name) if not country_code(note) else ""
    for one in (text, f"{note} {name}"):
        one = plain(one)
        yield one.removeprefix("the ")
        yield _FORMS.sub("", one, count=1)


def _of_parts(text: str) -> str:
    """Return the country that all parts of a text name: "DE - Germany", "Italia/Italy"."""
    parts = [part for part in _BETWEEN_PARTS.split(text) if part.strip()]
    if not 1 < len(parts) < 5:
        return ""
    codes = [country_code(part) for part in parts]
    known = set(filter(None, codes))
    return known.pop() if len(known) == 1 and codes[-1] else ""


def _find(name: str) -> str:
    if name in _english() or len(name) < 2:
        return _english().get(name, "")
    # Short words mean too much in all languages together.
    return _major().get(name) or ("" if name.isascii() and len(name) < 4 else _all().get(name, ""))


@cache
def _codes() -> dict[str, str]:
    """Return code -> ISO code of those of ISO 3166-1 and the UN, and signs of vehicles."""
    found = dict(_SIGNS)
    for country in pycountry.countries:
        found |= dict.fromkeys((country.alpha_2, country.alpha_3, country.numeric), country.alpha_2)
        found[country.numeric.lstrip("0")] = country.alpha_2
    return found | {"UK": "GB", "EL": "GR", "XK": "XK", "XKX": "XK"}


@cache
def _english() -> dict[str, str]:
    names = {plain(name): code for name, code in _of_unicode(["en"])}
    for name, code in _iso_names():
        names.setdefault(plain(name), code)
    return names | {
        name.strip(): code for code, also in _ALSO.items() for name in map(plain, also.split(","))
    }


@cache
def _major() -> dict[str, str]:
    return _agreed({*_of_unicode(_FIRST), *_of_iso(_FIRST)})


@cache
def _all() -> dict[str, str]:
    names = localedata.locale_identifiers()
    return _agreed(
        set(_of_unicode(one for one in names if re.fullmatch(r"[a-z]{2,3}(_[A-Z][a-z]{3})?", one)))
    )


def _agreed(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return name -> code of the names by which no two languages mean different countries."""
    found: dict[str, set[str]] = {}
    for name, code in named:
        found.setdefault(plain(name), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _of_unicode(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, code) of the countries in CLDR.

    Babel itself would keep all that it knows of each language in memory.
    """
    known = _codes()
    for language in languages:
        with open(localedata.resolve_locale_filename(language), "rb") as file:
            territories = pickle.load(file).get("territories", {})  # noqa: S301  # Babel's own
        yield from ((name, code) for code, name in territories.items() if known.get(code) == code)


def _of_iso(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (name, code) of the countries in translations of ISO 3166-1, the official names too."""
    for path in (Path(pycountry.LOCALES_DIR, one, _TRANSLATIONS) for one in languages):
        if not path.exists():
            continue
        with path.open("rb") as file:
            translated = gettext.GNUTranslations(file)
        for name, code in _iso_names():
            if (others := translated.gettext(name)) != name:
                yield from ((other, code) for other in others.split(";"))


@cache
def _iso_names() -> frozenset[tuple[str, str]]:
    with warnings.catch_warnings():
        # Older editions of pycountry warn of a name that a country has not.
        warnings.simplefilter("ignore")
        return frozenset(
            (name, country.alpha_2)
            for country in pycountry.countries
            for field in _FIELDS
            if (name := getattr(country, field, ""))
        )


def english_names() -> dict[str, str]:
    """Return ISO code -> name in English, as CLDR has it."""
    known = _codes()
    names = Locale("en").territories.items()
    return {code: name for code, name in names if known.get(code) == code}
