"""Telephone numbers in the text of a page: the words before a number decide what it is.

Companies print many numbers: of VAT, registers, banks, faxes, opening hours. A number is a
telephone's if the word before it says so, or if nothing says what it is and it is written as
telephone numbers are. What has another name is none, wherever else it stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

Kind = Literal["", "phone", "fax", "other", "unsure"]

# Names of what stands behind them, in the languages of Europe.
_PHONE = r"""
    t[eé]l[eé](?:ph|f)[oóò]+n[a-zéíěœ]*|t[eé]l[eé]?f?|tlf|teh|fon|fone|phones?|ph|call|ring|
    (?:numero|número|numéro)\ (?:verde|unico|di\ telefono|de\ teléfono|de\ téléphone|vert|azul)|
    free\s?phone|toll[\s-]?free|hot\s?line|help\s?line|help\s?desk|numero\ di\ telefono|
    chiam[a-z]*|centralino|recapit[io]|(?:ruf|rufen)|rufnummer|zentrale|durchwahl|appel[a-z]*|
    llám[a-z]*|llam[ae][a-z]*|standard|fisso|fijo|mobile?|mob|móvil|movil|mobil[a-z]*|handy|
    natel|gsm|
    cell(?:ulare|phone)?|cel|portable|portatile|whats\s?app|sms|puhelin|puh|
    telem[oó]vel|komórka|kom|τηλ[έε]?φ?ω?ν?ο?|тел|телефон|☎|☏|📞|📱|🕾|✆
"""
_FAX = r"(?:tele)?fax|téléfax|telefaks|télécopie(?:ur)?|faks|telekopie"
_OTHER = r"""
    p(?:art(?:ita)?)?\.?\s?iva|p\.\s?i\.|partita|iva|vat|tva|btw|mva|moms|mwst|uid|ust|
    ust\.?-?\s?id[a-z.-]*|
    umsatzsteuer[a-zä-]*|steuer[a-z-]*|identifikationsnummer|tax|c\.\s?f\.|
    cod(?:ice)?\.?\s?fisc(?:ale)?|
    cf|cif|nif|nie|cnpj|cuit|rut|rfc|gst(?:in)?|abn|acn|ein|nip|regon|krs|ičo|ico|dič|dic|
    ič\s?dph|siren|siret|rcs|r\.c\.s|naf|ape|kvk|k\.v\.k|kbo|bce|rpr|org\.?\s?(?:nr|nummer|no)|
    organisationsnummer|organisasjonsnummer|cvr|se-nr|y-tunnus|alv|oib|eik|bulstat|cui|j\d{2}|
    rea|r\.e\.a|registro|registri|register[a-z]*|registered|registration|registre|reg|
    handelsregister[a-z]*|amtsgericht|hrb|hra|fn|firmenbuch[a-z]*|
    company\ (?:no|number|reg[a-z.]*)|
    companies\ house|charity|crn|iscri[a-z]*|albo|matricola|licen[cs]e?[a-z]*|lizenz[a-z]*|
    autoriz[a-z]*|
    iban|bic|swift|blz|kto|konto[a-z-]*|conto\ corrente|c\.?\s?c\.?\s?p|polizza|contratto|
    policy\ (?:no|number)|agrément|d[ée]cennale|ondernemings[a-z]*|n[°º]\s(?:d['’])?entreprise|
    bank[a-z]*|banca|banque|cuenta|compte|c/c|abi|cab|
    sort\ code|account|
    sdi|codice|code|code\ postal|cod|destinatario|univoco|
    capitale|cap(?:ital)?\.?\s?soc(?:iale)?\.?|capital|stammkapital|grundkapital|kapital|i\.v|€|
    \$|£|eur|euro|usd|gbp|chf|
    cap|c\.a\.p|plz|postleitzahl|post\s?code|zip|cp|b\.p|bp|p\.?o\.?\ box|postfach|casella|
    data|date|datum|dated|dal(?!\ luned)|since|seit|depuis|desde|anno|founded|fondata|gegründet|
    copyright|©|
    orari[oa]?|aperto|apertura|opening|hours|öffnungszeiten|horaires?|ouvert[a-z]*|horarios?|
    abierto|
    order[a-z]*|bestell(?!hotline|telefon)[a-z]*|ordine|ordini|commande|pedido|artikel[a-z-]*|art\.?-?nr|articolo|
    item|
    sku|ean|gtin|isbn|issn|invoice|fattura|facture|rechnung[a-z-]*|kunden(?:nummer|nr)[a-z-]*|
    customer\ no|
    ref|referenz|riferimento|protocollo|prot|ticket|serial|seriennummer|version|rev|id|n°\ reg|
    lat|lon|lng|latitud[a-z]*|longitud[a-z]*|breitengrad|längengrad|gps|coordinat[a-z]*|
    koordinaten|coordonnées\ gps|
    c\.?c\.?i\.?a\.?a|r\.\s?i|tribunale|trib|cup|cig|inps|inail|lic|npi|nmls|nipc|contribuinte|
    crc|
    adószám|cégjegyzékszám|mbs|mb|matična|davčna|ddv|pdv|pvn|pvm|kmkr|reg\.?kood|įmonės|rekening|
    vergi|mersis|sicil|αφμ|γεμη|ар\.?\s?γεμη|инн|огрн|кпп|бик|еик|єдрпоу|окпо|icp|best\.?-?nr|
    lei|duns|d-u-n-s|eori|weee|lucid|ear|raee|ecommerce|oam|rui|ivass|finma|bafin
"""
_LABEL = re.compile(
    rf"(?<![^\W\d_])(?:(?P<fax>{_FAX})|(?P<other>{_OTHER})|(?P<phone>{_PHONE})|"
    r"(?P<letter>[TPM](?=[.:]?\ ?[+(0-9])|F(?P<f>)(?=[.:]?\ ?[+(0-9])))(?![^\W\d_])",
    re.IGNORECASE | re.VERBOSE,
)
_LETTER = re.compile(r"[^\W\d_]")
_BOTH = re.compile(r"[\s/+&,.:;-]*(?:(?:e|ed|und|and|et|y|en|og|och|u|i)\b)?[\s/+&,.:;-]*")
#: Digits that belong together for a reader: what may be any number.
_NUMBER = re.compile(r"(?<![\w@])[+(]{0,2}\d(?:[ .\-‐‑–/()]{0,3}\d){4,}(?![\d@])")
_TRUNK_ZERO = re.compile(r"\s*\(0\)\s*")
#: What has digits and is neither a telephone's number nor named at all.
_TIME = r"\d{1,2}[.:h]\d{2}"
_DEGREES = r"[-+]?(?:1[0-8]\d|[1-9]?\d)\.\d{4,}"
_NO_NUMBER = re.compile(
    rf"\b[A-Z]{{2}}\d{{2}}(?:\s?[A-Z0-9]{{4}}){{2,7}}(?:\s?[A-Z0-9]{{1,4}})?\b"  # IBAN
    r"|(?<![\d./-])(?:\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}|(?:19|20)\d{2}([./-])\d{1,2}\2\d{1,2})"
    r"(?!\d|[./-]\d)"  # dates
    rf"|(?<![\d.]){_TIME}\s*(?:[-–/]|a|bis|to|à|alle)\s*{_TIME}(?![.\d])"  # hours
    r"|(?<![\d.])\d{1,2}:\d{2}(?!\d)"
    # coordinates: a pair, or one with its sign; "02.12345678" is how Italians write telephones
    rf"|(?<![\w.]){_DEGREES}\s*°?\s*[NSEWO]?\s*[,;/ ]\s*{_DEGREES}(?![\d.])(?:\s*°)?"
    rf"|(?<![\w.]){_DEGREES}\s*°"
    r"|(?<![\w.])\d{1,3}°\d[\d'\u2019\u2032\u2033\".,]*"
)
_BEHIND_AMOUNT = re.compile(
    r"\s*(?:[€$£%]|(?:eur|euro|chf|usd|gbp|i\.\s?v\.|kg|mm|m²|mq|km)\b)", re.I
)
_BEHIND = re.compile(r"\s{0,2}[(\[]\s*")
_NEAR = {"phone": 40, "fax": 40, "other": 100}  # characters between a name and its number
_HEADING = 60  # characters of a line that only names what the next ones hold
_HEADINGS = 12  # names that are looked at
_MOST_NUMBERS = 300


class _Label(NamedTuple):
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Printed:
    """Telephone numbers that a text prints, in its order, and those that have another name.

    :ivar other: of faxes, VAT and the like, written as telephone numbers
    """

    phones: tuple[str, ...] = ()
    other: frozenset[str] = frozenset()


def phones_in(text: str, country: str) -> list[str]:
    """Return the valid telephone numbers of a text in its order.

    :param country: ISO code, for numbers written without country calling code
    """
    return list(read_phones(text, country).phones)


def read_phones(text: str, country: str) -> Printed:
    """Return which numbers of a text are telephones', and which only look like it."""
    text = _NO_NUMBER.sub(lambda match: " " * len(match[0]), text)
    spans = [match.span() for match in _NUMBER.finditer(text)][:_MOST_NUMBERS]
    kinds = _kinds(text, spans)
    found: dict[Kind, dict[str, None]] = {kind: {} for kind in ("phone", "fax", "other")}
    for (start, end), kind in zip(spans, kinds, strict=True):
        for raw, number in _valid(text[start:end], country):
            if not kind and _is_written_as_phone(raw, country):
                kind = "phone"
            if kind in found:
                found[kind].setdefault(number)
    other = found["other"].keys() | (found["fax"].keys() - found["phone"].keys())
    phones = tuple(number for number in found["phone"] if number not in other)
    return Printed(phones, frozenset(other))


def formatted(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _valid(raw: str, country: str) -> Iterator[tuple[str, str]]:
    """Yield (as written, formatted) of the valid numbers in digits that stand together."""
    for match in PhoneNumberMatcher(_TRUNK_ZERO.sub(" ", raw), country or None, max_tries=10):
        yield match.raw_string, formatted(match.number)


def _is_written_as_phone(raw: str, country: str) -> bool:
    """Whether one sees without a word that digits are a telephone number."""
    digits = raw.lstrip("(")
    if digits.startswith(("+", "00")):
        return True
    if not re.search(r"\d[ .\-–/()]+\d", raw):
        return False
    matches = PhoneNumberMatcher(raw, country or None, leniency=Leniency.STRICT_GROUPING)
    return digits.startswith("0") or next(iter(matches), None) is not None


# === WHAT A NUMBER IS CALLED === #


def _kinds(text: str, spans: Sequence[tuple[int, int]]) -> list[Kind]:
    """Return what each number is, by the words around it; "" when nothing says so."""
    labels = [_Label(match.start(), match.end(), _kind(match)) for match in _LABEL.finditer(text)]
    labels = _joined_labels(text, labels)
    kinds: list[Kind] = []
    assigned: list[Kind] = []  # of the numbers below a row of names
    last = 0
    before: Kind = ""
    place = 0
    for index, (start, end) in enumerate(spans):
        gap = text[last:start]
        first = place
        while place < len(labels) and labels[place].start < start:
            place += 1
        named = [label for label in labels[first:place] if label.start >= last]
        if not _LETTER.search(gap):
            kind = assigned.pop(0) if assigned else "" if "\n" in gap else before
        else:
            run = _run(text, spans, index)
            assigned = _named(text, named, start, run)
            kind = assigned.pop(0)
        before = kind
        kinds.append(_behind(text, end, labels[place:]) or kind)
        last = end
    return kinds


def _kind(match: re.Match) -> Kind:
    if match["letter"]:
        return "fax" if match["f"] is not None else "phone"
    return "fax" if match["fax"] else "other" if match["other"] else "phone"


def _joined_labels(text: str, labels: Sequence[_Label]) -> list[_Label]:
    """Make "Tel./Fax" one name, of a telephone."""
    joined: list[_Label] = []
    for label in labels:
        if joined and {joined[-1].kind, label.kind} == {"phone", "fax"}:
            between = text[joined[-1].end : label.start]
            if between and _BOTH.fullmatch(between) and re.search(r"[/+&\w]", between):
                joined[-1] = _Label(joined[-1].start, label.end, "phone")
                continue
        joined.append(label)
    return joined


def _run(text: str, spans: Sequence[tuple[int, int]], index: int) -> int:
    """Return how many numbers follow one another without a word, from one on."""
    run = 1
    while index + run < len(spans) and not _LETTER.search(
        text[spans[index + run - 1][1] : spans[index + run][0]]
    ):
        run += 1
    return run


def _named(text: str, labels: Sequence[_Label], start: int, run: int) -> list[Kind]:
    """Return what the next numbers are called: of all of them, or of the first alone."""
    line = text.rfind("\n", 0, start) + 1
    here = [label for label in labels if label.start >= line]
    row = here or _heading(text, labels, line)
    if here and row[-1].kind == "other" and _is_used(text[row[-1].end : start]):
        row = here = [label for label in here if label.kind != "other"]
    if not row:
        return [""]
    kinds = [label.kind for label in row]
    if len(set(kinds)) == 1:
        is_near = start - row[-1].end <= _NEAR[kinds[-1]] or not here
        return [kinds[-1] if is_near else ""]
    if len(row) == run and _are_neighbours(text, row):
        return kinds
    if not here:
        return ["unsure"] * run
    if start - row[-1].end <= _NEAR[kinds[-1]]:
        return [kinds[-1]]
    return [""]


def _is_used(between: str) -> bool:
    """Whether a name has its short number already ("seit 1990"), which is no paragraph's."""
    return bool(re.search(r"(?<![\w§])\d{2,4}(?!\w)", re.sub(r"§+\s*\d+", " ", between)))


def _heading(text: str, labels: Sequence[_Label], line: int) -> list[_Label]:
    """Return the names in the lines right above, which hold nothing else."""
    row: list[_Label] = []
    labels = labels[-_HEADINGS:]
    while line > 0 and len(row) < len(labels):
        above = text.rfind("\n", 0, line - 1) + 1
        own = [label for label in labels if above <= label.start < line]
        content = text[above : line - 1]
        if content.strip() and (not own or len(content) > _HEADING):
            break
        row[:0] = own
        line = above
    return row


def _are_neighbours(text: str, row: Sequence[_Label]) -> bool:
    """Whether only names stand in a row of them."""
    pairs = zip(row, row[1:], strict=False)
    return all(not _LETTER.search(text[one.end : other.start]) for one, other in pairs)


def _behind(text: str, end: int, labels: Sequence[_Label]) -> Kind:
    """Return what stands behind a number that it is: "(Fax)", an amount's currency."""
    if _BEHIND_AMOUNT.match(text, end):
        return "other"
    bracket = _BEHIND.match(text, end)
    if bracket and labels and labels[0].start == bracket.end():
        return labels[0].kind
    return ""
