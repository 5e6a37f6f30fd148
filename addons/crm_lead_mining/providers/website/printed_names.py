"""How the company is called on its pages: by its legal form, above its address, in headings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ...company.names import word_set

#: Legal forms, as patterns in which "." may be left out and have a space behind it.
_FORMS = (
    "s.p.a. s.r.l.s. s.r.l. s.n.c. s.a.p.a. s.a.s.u. s.a.s. s.c.a.r.l. s.c.r.l. s.c.a. s.c.p. s.c."
    " s.à.r.l. sàrl sagl sarl eurl selarl scop sci s.a.u. s.a. s.l.u. s.l.p. s.l.n.e. s.l. sprl"
    " bvba asbl v.o.f. soc.coop. s.coop. lda. ltd. limited plc llp l.l.c. inc. incorporated corp."
    " corporation p.c. pllc cic lp b.v. n.v. a/s aps i/s ab hb kb asa oyj oy sp.zo.o. sp.j. sp.k."
    " s.r.o. a.s. k.s. d.o.o. kft. aktiengesellschaft kgaa ohg gbr e.k. e.kfr. e.kfm. e.u. partgmbb"
    " partg mbb e.v. eg"
)
_FORM = re.compile(
    r"(?<![\w.])(?:(?:g?gmbh|ag|kg|ug|se)(?: ?\(haftungsbeschränkt\))?"
    r"(?: ?& ?co\.?(?: ?kgaa| ?kg| ?ohg)?)?|"
    + "|".join(form.replace(".", r"\.? ?").removesuffix(" ?") for form in _FORMS.split())
    + r")(?=$|[\s,.;:|)–-])|(?<!& )(?<!&)(?<=\s)co\.(?=$|\s*[,)|])",
    re.IGNORECASE,
)
#: Forms that are words too: they count as they are always written.
_WORDS_TOO = word_set(
    "ag kg se ug eg sa sas sl ab hb kb as lp cic sci scp asa inc oy sc pc ek ev eu"
)
_WORD_FORM = re.compile(r"[A-Z]{2,3}|eG|Oy|Inc")
_SMALL = word_set(
    "und & + and e ed et y i och og en di de del della dei degli du des la le les van der den von"
    " vom zu zum für für per pour the of do da dos"
)
_FRONT = re.compile(
    r"^(?:©|\(c\)|copyright|\d{4}(?:\s?[-–]\s?\d{4})?|by|\W)+\s*|^[^:]{1,60}:\s*|"
    r"^.*\b(?:firma|ditta|soci[ée]t[ée]|societ[àa]|empresa|firm|gesellschaft|company)\s+(?=\S)",
    re.IGNORECASE,
)
#: Where a company is, behind its name.
_IN_TOWN = re.compile(r"\s+(?:à|in|a|en|te|w|bei|near)\s+[A-ZÀ-Ý].*$")
_ELIDED = re.compile(r"(?<!\w)(?:l|d|dell|all|un)['’]")
#: What follows a name that is longer than the host.
_MORE_OF_NAME = re.compile(
    r"(?:&|\+|and|und|et|e|y|og|och)(?: [A-ZÀ-Ý][\w'’-]+){1,2}|di(?: [A-ZÀ-Ý][\w'’]+){2,3}"
)
_ANDS = ("and", "und", "et", "e", "y", "en", "i")
#: French forms stand before the name.
_FORM_FIRST = re.compile(
    r"(?:SAS|SASU|SARL|EURL|SCI|SELARL|SNC|SCEA|GAEC|EARL|SCP|SCOP)\s(?-i:[A-ZÀ-Ý])[^,|–]{2,60}?"
    r"(?=$|,|\s(?:au\s+capital|[-–—(|]))"
)
#: Who owns a company is no part of its name.
_OWNER = re.compile(
    r"\s*[,(]?\s*\bInh(?:aber(?:in)?)?\b\.?\s*:.*|\s*[,(]\s*Inh(?:aber(?:in)?\b|\.).*"
)
#: What Italian partnerships have behind their form: "S.n.c. di Gallo Piero & C.".
_PARTNERS = re.compile(r"\s+di\s+[A-ZÀ-Ý][\w.'’ &]{1,40}?&\s?C\.")
_BUILDERS_NAMES = (
    "home,homepage,startseite,start,accueil,inicio,inici,index,welcome,willkommen,bienvenue,"
    "benvenuti,bienvenidos,website,my site,my website,mon site,meine website,my wordpress,"
    "wordpress,my wordpress site,wix.com,my blog,blog,untitled,default,new site,mysite,site,"
    "strona główna,"
    "hem,forside,início,domů,contact,kontakt,impressum,shop"
)
_NO_NAMES = frozenset(_BUILDERS_NAMES.split(","))
_SEPARATOR = re.compile(r"\s+[-–—|•·/]\s+|\s*[|•·;]\s*|(?<=[a-zà-ÿ]{4})\.\s+(?=[A-ZÀ-Ý])")
_LONGEST = 100


def is_generic(name: str) -> bool:
    """Whether a name is the one that website builders and writers give to any site or page."""
    return name.casefold().strip(" .!") in _NO_NAMES


def name_with_form(text: str) -> str:
    """Return the company's name with its legal form that a line has, or ""."""
    for segment in parts_of(text):
        segment = _OWNER.sub("", segment)
        if match := _FORM_FIRST.match(segment):
            return match[0].strip()[:_LONGEST]
        for match in _FORM.finditer(segment):
            if match[0].casefold() in _WORDS_TOO and not _WORD_FORM.fullmatch(match[0]):
                continue
            if name := _before_form(segment[: match.start()]):
                partners = _PARTNERS.match(segment, match.end())
                return f"{name} {match[0]}{partners[0] if partners else ''}".strip()[:_LONGEST]
    return ""


def behind_form(text: str) -> str:
    """Return what stands behind a name and its legal form in one part: "Acme Ltd Mill Lane 5"."""
    for match in _FORM.finditer(text):
        rest = text[match.end() :].strip()
        if rest[:1].isupper() and _before_form(text[: match.start()]) and (
            match[0].casefold() not in _WORDS_TOO or _WORD_FORM.fullmatch(match[0])
        ):  # fmt: skip
            return rest
    return text


def _before_form(text: str) -> str:
    """Return the words of a name at the end of a text: capitalised ones, and small ones between."""
    text = _FRONT.sub("", text)
    words = text.rstrip(" ,").split()
    name: list[str] = []
    for word in reversed(words[-9:]):
        begins = word.strip("\"'“”„«»(")[:1]
        is_name = begins.isdigit() or any(map(str.isupper, word))  # "iTech" too
        if is_name or word.casefold() in _SMALL:
            name.insert(0, word)
        else:
            break
        if word.endswith((":", ".")) and len(word) > 5:
            name.pop(0)
            break
    while len(name) < len(words) and name and name[0].casefold() in _SMALL:
        name.pop(0)
    return " ".join(name).strip(" ,") if any(len(word) > 1 for word in name) else ""


def parts_of(line: str) -> list[str]:
    """Return what stands between the separators of a line."""
    return [part for part in _SEPARATOR.split(line[:500]) if part.strip()]


def names_in(text: str, host: str) -> Iterator[str]:
    """Yield the names with a legal form in a text that resemble the host."""
    for line in text.splitlines()[:600]:
        name = name_with_form(line)
        if name and resembles(name, host):
            yield name


def resembles(name: str, host: str) -> bool:
    """Whether a name has a word of the host's, or its initials are the host's."""
    label = _label(host)
    words = [word for spelling in _spellings(name) for word in spelling.split()]
    initials = "".join(word[0] for word in _plain(name).split())
    return (
        any(len(word) >= 4 and word in label for word in words)
        or (len(label) >= 2 and initials.startswith(label))
        or any(
            len(label) >= 3 and label in spelling.replace(" ", "") for spelling in _spellings(name)
        )
    )


def name_like_host(parts: Iterable[str], host: str) -> str:
    """Return the first text that is, as a whole, what the host says: "Acme Widgets", or ""."""
    label = _label(host)
    words = set(re.split(r"[^a-z0-9]+", host.partition(".")[0]))
    for part in parts:
        text = part.strip()[:120]
        for spelling in _spellings(text):
            letters = spelling.replace(" ", "")
            initials = "".join(word[:1] for word in spelling.split())
            is_alike = letters and (
                label in letters
                or (len(letters) >= 3 and letters in label)
                or label == initials
                or (len(words) > 1 and words == set(spelling.split()))
            )
            if is_alike and not is_generic(text):
                return _up_to_label(text, label)
    return ""


def name_near_host(parts: Iterable[str], host: str) -> str:
    """Return the first short text whose words make up most of the host, or ""."""
    label = _label(host)
    for part in parts:
        text = _IN_TOWN.sub("", part.strip()[:120])
        for spelling in _spellings(text):
            words = [word for word in spelling.split() if len(word) >= 3 and word in label]
            if 2 * len("".join(dict.fromkeys(words))) > len(label) and _is_titled(text):
                return text
    return ""


def _is_titled(text: str) -> bool:
    """Whether a text has several words that begin as names do, and no others: no offer has."""
    words = [word for word in text.split() if word.casefold() not in _SMALL]
    return 2 <= len(words) <= 7 and all(word[0].isupper() or word[0].isdigit() for word in words)


def _up_to_label(text: str, label: str) -> str:
    """Return a text without what follows the words that the host spells: "Bel Sorriso Rimini".

    "and Cattery", or "di Marin Andrea" whose own business it is, belongs to the name.
    """
    words = text.split()
    for end in range(1, len(words)):
        letters = {one.replace(" ", "") for one in _spellings(" ".join(words[:end]))}
        found = [one for one in letters if label in one]
        if found and _MORE_OF_NAME.fullmatch(" ".join(words[end:])):
            return text
        if found and not any(label in one for one in _joined_spellings(words[end - 1 : end])):
            return " ".join(words[:end]).rstrip(" ,.")
    return text


def _joined_spellings(words: list[str]) -> set[str]:
    return {one.replace(" ", "") for one in _spellings(" ".join(words))}


def _label(host: str) -> str:
    return re.sub(r"[^a-z0-9]", "", host.partition(".")[0])


def _spellings(text: str) -> set[str]:
    """Return a text as hosts write it: "Müller & Co" as "muller co" and "mueller und co"."""
    german = text.casefold().translate({228: "ae", 246: "oe", 252: "ue", 223: "ss"})
    words = [text, german]
    if "&" in text or "+" in text:
        words += [re.sub(r"[&+]", f" {word} ", one) for one in words[:2] for word in _ANDS]
    plain = {_plain(one) for one in words}
    # Hosts leave out "des" of "Cave des Trois Chênes", and "l'" of "École de l'Arpège".
    bare = {_plain(_ELIDED.sub("", one)) for one in words}
    return plain | {" ".join(w for w in one.split() if w not in _SMALL) for one in bare}


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", text.replace("'", "").replace("’", "")).strip()
