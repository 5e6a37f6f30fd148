"""Which lines of text are streets, buildings, towns: the words of ten languages."""

import re

#: Words that begin a street's name, and those that end it, or are its last part.
_BEFORE = (
    r"rue|r\.|avenue|av\.|ave\.|bd\.?|boulevard|place|pl\.|chemin|ch\.|route|rte|impasse|all[ée]es?|quai|"
    r"cours|square|passage|faubourg|fbg|hameau|lieu[-\s]dit|r[ée]sidence|zone|zi|z\.i\.|za|z\.a\.|"
    r"zac|parc|sentier|mont[ée]e|villa|"
    r"via|v\.|viale|v\.le|piazza|p\.?zza|piazzale|p\.le|corso|c\.so|largo|l\.go|strada|str\.|s\.s\.|"
    r"localit[àa]'?|loc\.|contrada|c\.da|vicolo|lungomare|lungarno|lungo\w+|borgo|frazione|fraz\.|"
    r"zona|salita|calata|rione|vico|galleria|traversa|"
    r"calle|c/|c\.|avda\.?|avenida|avd\.?|plaza|pza\.?|pl\.|paseo|p[ºo]\.?|pso\.?|carretera|ctra\.?|"
    r"pol[íi]gono|pol\.|p\.i\.|pg\.?|camino|cam[íi]|ronda|traves[íi]a|rambla|carrer|passeig|avinguda|"
    r"urb\.?|urbanizaci[óo]n|glorieta|cuesta|"
    r"ul\.|ulica|al\.|aleja|aleje|pl\.|plac|os\.|osiedle|rondo|"
    r"rua|pra[çc]a|travessa|estrada|rotunda|urbaniza[çc][ãa]o|quinta|"
    r"n[áa]m[ěe]st[íi]|n[áa]m\.|t[řr][íi]da|"
    r"am|an\ der|an\ den|auf\ de[rmn]|im|"
    r"in\ de[rn]|zu[rm]|unter\ den|alte[rs]?|kleine|gro(?:ß|ss)e|"
    r"lange|hinterm?|vor\ de[rm]|gewerbepark|gewerbegebiet|industriegebiet|industriepark|autohof"
)
_ENDS = (
    r"stra(?:ß|ss)en?|str\.?|wegs?|platz|allee|gasse|ring|damm|ufer|chaussee|markt|hof|steig|stieg|"
    r"graben|zeile|promenade|h[öo]he|garten|freiheit|br[üu]cke|tor|wall|"
    r"straat|laan|plein|gracht|kade|dijk|singel|dreef|steeg|pad|baan|lei|kaai|"
    r"gatan?|v[äa]gen|v[äa]g|gr[äa]nd|torget|vej|gade|veien|vei|gate|torv|all[ée]|plads|katu|tie|"
    r"lane|street|road|way|gate"
)
_ENGLISH = (
    r"street|st|road|rd|lane|ln|avenue|ave|drive|dr|way|court|ct|place|pl|boulevard|blvd|parkway|"
    r"pkwy|highway|hwy|route|square|sq|close|crescent|terrace|ter|gardens|grove|hill|park|quays?|"
    r"quayside|wharf|row|walk|mews|circle|cir|plaza|trail|trl|loop|pike|estate|view|green|rise|"
    r"broadway|parade|embankment|dock|docks|meadow|meadows|turnpike|expressway|crossing|path|alley|"
    r"po\ box|p\.o\.\ box"
)
_STREET_START = re.compile(
    rf"(?:\d{{1,4}}\s?(?:bis|ter|[a-d])?,?\s+)?(?<!\w)(?:{_BEFORE})(?!\w)(?=.*\w)", re.IGNORECASE
)
_STREET_WORD = re.compile(
    rf"^(?:\d+\w?,?\s+(?:bis\s+|ter\s+)?)?(?:{_BEFORE})(?!\w)|\w(?:{_ENDS})(?!\w)|"
    rf"(?<!\w)(?:{_ENDS}|{_ENGLISH})(?!\w)",
    re.IGNORECASE,
)
_BUILDING = re.compile(
    r"^(?:unit|suite|ste\.?|floor|block|flat|office|building|bldg|apt|room|level|the\ old|"
    r"\d{1,2}(?:st|nd|rd|th)\ floor|(?:first|second|third|ground)\ floor|po\ box|p\.o\.|postfach|"
    r"box\ \d+|r[nd]\s?\d+|zi|za|zac|zone|parc|immeuble|r[ée]sidence|b[âa]timent|b[âa]t|"
    r"centre\ commercial|"
    r"zona\ industriale|centro\ \w+|palazzo|edificio|pol[íi]gono|parque|nave|haus|"
    r"geb[äa]ude)(?!\w)|"
    r"(?<!\w)(?:house|mill|mills|maltings|barn|works|farm|court|hall|chambers|yard|arcade|tower|lodge|"
    r"cottage|wharf|mews|workshops?|business\ park|industrial\ estate|industrial\ park|"
    r"trading\ estate|"
    r"business\ centre|enterprise\ centre|floor)$",
    re.IGNORECASE,
)
_NO_STREET = re.compile(
    r"@|https?:|www\.|[€%£$©=?!<>]|\d{6,}|\d[:.]\d{2}\s*(?:uhr|h\b|[-–])|\b\d{1,2}[:h]\d{2}\b|"
    r"\d{4}\s*[-–]\s*\d{4}|\+\d|"
    r"(?<!\w)(?:tel|t[ée]l[ée]?(?:f|ph)[oó]\w*|fax|fon|phone|mobile?|mobil|e-?mail|p\.?\s?iva|partita|"
    r"hrb|hra|ust|uid|mwst|tva|nif|cif|kvk|btw|siret|siren|rcs|vat|iban|bic|uhr|seit|since|dal|depuis|"
    r"capital|kapital|mitarbeiter\w*|copyright|inhaber\w*|tage?|jahre?n?|years|anni|ans|employees|"
    r"dipendenti|salari[ée]s|pracownik\w*|os[óo]b|medewerkers|empleados)(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:^|(?<=[\s,]))(?:n[º°r.]*\s?)?\d{1,4}(?:\s?[-–/+]\s?\d{1,4})?\s?[a-z]?(?:/\w{1,4})?(?=$|[\s,])",
    re.IGNORECASE,
)
_LONGEST = 80


def is_named_street(text: str) -> bool:
    """Whether a text is a street by its words."""
    is_word = is_street(text) and _STREET_WORD.search(text)
    return bool(is_word)


def is_street(text: str, *, english: bool = False) -> bool:
    """Whether a text is a street: one by its words, or a name with a number behind it.

    :param english: whether the number may stand before it
    """
    if not 4 <= len(text) <= _LONGEST or _NO_STREET.search(text):
        return False
    if not re.search(r"[^\W\d_]{3}", text):
        return False
    if _STREET_WORD.search(text):
        return len(text.split()) >= 2 or bool(re.search(r"\w{3}(?:" + _ENDS + r")$", text, re.I))
    number = _NUMBER.search(text)
    if not number:
        return False
    return number.end() >= len(text) - 3 or (english and number.start() < 3)


def is_building(text: str) -> bool:
    """Whether a text is the part of an address in front of the street: "Unit 4", "Dock House"."""
    return (
        2 < len(text) <= 50 and not _NO_STREET.search(text) and bool(_BUILDING.search(text.strip()))
    )


def without_prose(text: str) -> str:
    """Return a street without the sentence around it, "" if it has too many words for one."""
    if len(text.split()) <= 7:
        return text
    match = _STREET_START.search(text)
    rest = text[match.start() :].strip() if match else ""
    return rest if len(rest.split()) <= 9 else ""


def split_town(text: str) -> tuple[str, str]:
    """Return (street, town) of an English address without a comma between them."""
    match = re.match(
        rf"(.*\d.*?\b(?:{_ENGLISH})\.?(?:,?\s+(?:suite|ste\.?|unit|\#|apt\.?)\s*\w+)?)\s+"
        r"([A-Z][A-Za-z .'-]+)$",
        text,
        re.IGNORECASE,
    )
    return (match[1], match[2]) if match else ("", "")
