"""What the name of a column says: the words of headers in many languages, and what they mean."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from odoo.addons.crm_lead_mining.company.fields import COMPANY, CONTACT

ATTRIBUTES = tuple(attribute for attribute in (*COMPANY, *CONTACT) if attribute.aliases)
#: Tables of words in many languages.
_TABLES = Path(__file__).with_name("tables")
#: Letters that are no letter with an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i", "œ": "oe", "ð": "d", "þ": "th"}
)
_COUNTED = re.compile(r"[a-z]?\d+[a-z]?")  # "2", "000s", "v2"
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Words that say neither what a column holds nor of whom: units, years, and whose it is where it is
#: the company's in any case.
_NOTHING = _set(
    "the of de del della dell di du des d la le l les el los das do da dos der die den van het en"
    " company companys account organization organisation employer corporate hq headquarters"
    " headquartersaddress entity business firm billing main primary principal principale"
    " hauptsitz registered office head central zentrale azienda dellazienda impresa ditta societa"
    " sede operativa aziendale firma firmen unternehmen unternehmens societe entreprise lentreprise"
    " siege empresa compania comercial social fiscal bedrijf bedrijfs organisatie virksomhed"
    " virksomheds bedrift foretag foretags yritys yrityksen firmy spolecnosti podniku"
    " beliggenhedsadresse forretningsadresse regaddress unitelegale etablissement unite legale"
    " eur euro euros usd gbp chf mil mio mln mlrd migl miles milioni million millions millionen"
    " thousand thousands tsd teur keur th k m mm bn amount amt importe importo montant betrag"
    " last avail available year yr ultimo anno disp disponibile ult ano disponible letzte verfugbar"
    " latest current actual latin alphabet local estimated est approx total"
    " us uk digit digits in im per url link links page profile handle"
    " text name nombre nome nom navn iso alpha code codice codigo kod kode koodi cod value"
    " valore number numero nummer numer num no nr n nb count range band class klasse"
    " full complete official oficial ufficiale link info data field hoofd haupt hoved huvud"
)
#: Words of an address of whatever kind: of two meanings, theirs is the weaker one.
_ADDRESS = _set("address addr adresse indirizzo direccion endereco morada adres adresa anschrift")
#: Beside what is said of a company these mean where it is reached: "Contact City".
_CONTACT = _set("contact contacts contatto contatti contacto kontakt")
#: Addresses that are taken only where the file has no other one.
_SECONDARY = _set(
    "mailing postadresse postanschrift postaladdress korrespondenz korrespondenzadresse"
    " correspondence corrispondenza correspondencia legal legaladdress legale lieferadresse"
)
#: What has one of these words is never what the rest of the header says.
_ALIEN = _set(
    "owner owners inhaberseit salesperson parent group holding mother shipping delivery lieferung"
    " consegna spedizione livraison envio entrega ship create created creation modified updated"
    " update edited synced refreshed checked verified verification contacted"
    " touch visited status stage source fonte origine quelle rating reviews review score rank"
    " ranking confidence probability tag tags label labels list lists note notes note2 optout"
    " opt unsubscribed bounced deal deals people persons photo photos image images picture avatar"
    " cover funding funded round investors investor ipo ticker symbol exchange previous former"
    " old ex alt alternate alternative latitude longitude lat lng lon long coordinate coordinates"
    " coordonnee fax telefax faks faxnummer faxnr telefaxnr dissolution dissolved closed"
    " terminated ended next due accounts mortgages mortgage home private privat privata prive"
    " secondary single other others altro altra andere autre otro skype uuid guid hash uri"
    " permalink slug thumbnail instagram youtube tiktok pinterest github"
    " xing whatsapp bic swift iban bank banca banque payment pagamento zahlung credit kredit"
    " language lang locale sprache lingua langue idioma currency wahrung valuta devise keywords"
    " keyword query search assets capital capitale kapital profit profits income ebitda utile"
    " growth change forecast month months question consent gdpr campaign utm version versiondate"
    " attachment attachments task tasks event events meeting meetings age assigned agente agent"
    " vendeur vendedor verkaufer betreuer kommune kommunenummer"
)  # fmt: skip
#: The same, of several words.
_ALIEN_PHRASES = (
    "last activity", "next activity", "activity date", "created on", "last modified",
    "display name", "company id", "account id", "record id", "external id", "place id",
    "person id", "contact id", "lead id", "for emails", "not found", "email status", "is a",
    "reports to", "sub type", "date of birth", "fiscal year", "var referens", "our reference",
    "unsere referenz",
)  # fmt: skip


#: Words that mean something only alone: an "Entity Category" is no industry.
_ALONE = _set(
    "category categories categoria kategorie type index registered size site profile summary plan"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the name of a column says.

    :ivar targets: what it may mean, the likeliest first; () if it says nothing
    :ivar rank: 3 for a whole name, 2 beside words that say nothing, 1 beside others
    :ivar vague: whether it may as well mean something that is not imported
    :ivar alien: whether it is about something that is not imported
    :ivar secondary: whether it is of an address that is not the main one
    :ivar rest: the other words, where they may say anything
    """

    targets: tuple[str, ...] = ()
    rank: int = 0
    vague: bool = False
    alien: bool = False
    secondary: bool = False
    rest: tuple[str, ...] = ()


def normalise_header(header: str) -> str:
    """ " RegAddress.PostTown" -> "regaddressposttown": letters and digits without accents."""
    return "".join(char for char in _plain(header) if char.isalnum())


def header_words(header: str) -> list[str]:
    """ "Ville de l'entreprise" -> ["ville", "de", "l", "entreprise"]; "VATNumber" is two words."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    text = _plain(re.sub(r"(?<=[^\W\d_]{3})(?=\d+$)", " ", text))  # "Street1"
    words = re.findall(r"[^\W_]+", re.sub(r"\be[- ]mail", "email", text))
    return [*_parted(words[0]), *words[1:]] if all(map(str.isdigit, words[1:])) and words else words


@lru_cache(4096)
def _parted(word: str) -> list[str]:
    """ "firmenort" -> ["firmen", "ort"], "principalcity" -> ["principal", "city"]."""
    known = meanings()
    if word not in known:
        for end in range(len(word) - 2, 3, -1):
            first, rest = word[:end], word[end:]
            if rest in known and (first in _NOTHING or first in _SECONDARY or first in _ALIEN):
                return [first, rest]
    return [word]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(char for char in text if not unicodedata.combining(char))


@cache
def meanings() -> Mapping[str, tuple[str, ...]]:
    """Return normalised header -> its targets."""
    found: dict[str, tuple[str, ...]] = {}
    for name, target in (*_own_words(), *_table("headers.txt")):
        for spelling in {name: 0, re.sub("nummer$", "nr", name): 0}:
            if target not in found.get(spelling, ()):
                found[spelling] = (*found.get(spelling, ()), target)
    return found


def _singular(whole: str) -> tuple[str, ...]:
    """Return what a name means without the "s" of several: "Addresses", but no "Contacts"."""
    is_open = len(whole) > 5 and whole not in _CONTACT
    ends = (end for end in ("es", "s") if is_open and whole.endswith(end))
    found = (meanings().get(whole.removesuffix(end), ()) for end in ends)
    return next(filter(None, found), ())


@lru_cache(4096)
def _spelled_out(header: str) -> tuple[str, ...]:
    """Return what the known name means that is the shortest one abbreviated like "Codice Fisc."."""
    parts = re.findall(r"([^\W_\d]+)(\.?)", _plain(header))
    shortest = 3 if len(parts) > 1 else 5
    if not any(dot for _word, dot in parts) or len("".join(word for word, _dot in parts)) < 5:
        return ()
    if any(dot and len(word) < shortest for word, dot in parts):
        return ()
    pattern = re.compile("".join(f"{word}[a-z]*" if dot else word for word, dot in parts))
    known = meanings()
    return known[min(found, key=len)] if (found := [*filter(pattern.fullmatch, known)]) else ()


def _own_words() -> Iterable[tuple[str, str]]:
    return ((alias, one.target) for one in ATTRIBUTES for alias in one.aliases.split())


def _table(name: str) -> Iterable[tuple[str, str]]:
    for line in (_TABLES / name).read_text("utf-8").splitlines():
        target, colon, headers = line.partition(": ")
        if colon and not line.startswith("#"):
            yield from ((normalise_header(header), target) for header in headers.split(","))


def common_prefixes(header: Sequence[str]) -> frozenset[str]:
    """Return the words with which many names of a file begin: a product's, and not the columns'."""
    first = Counter(words[0] for name in header if len(words := header_words(name)) > 1)
    known = meanings()
    return frozenset(word for word, count in first.items() if count > 2 and word not in known)


@lru_cache(4096)
def read_header(header: str, prefixes: frozenset[str] = frozenset()) -> Reading:
    """Return what a column's name says in a file of companies.

    :param prefixes: words that say nothing in this file, see `common_prefixes`
    """
    known = meanings()
    words = header_words(header)
    secondary = not _SECONDARY.isdisjoint(words)
    whole = normalise_header(header)
    if targets := known.get(whole) or _singular(whole):
        return Reading(targets, 3, len(whole) < 3 or whole in _ALONE, secondary=secondary)
    if is_alien(words):
        return Reading(alien=True)
    bare = _BRACKETS.sub(" ", header)
    reading = Reading(secondary=secondary)
    for part in (bare, *re.split(r"[/|]", bare)):
        if part != header and (targets := known.get(normalise_header(part))):
            return Reading(targets, 2, secondary=secondary)
        words = header_words(part)
        if words and words[0] in prefixes:
            words = words[1:]
        found = _within(words, known, secondary)
        reading = max(reading, found, key=lambda one: one.rank)
        if reading.rank == 2:
            break
    if reading.rank < 2 and (targets := _spelled_out(header)):
        return Reading(targets, 2, secondary=secondary)
    if reading.targets[:1] == ("street",) and not {"2", "ii"}.isdisjoint(header_words(header)):
        return replace(reading, targets=("street2",))
    return reading


def is_alien(words: Sequence[str]) -> bool:
    """Whether the words of a header are about something that is not imported."""
    text = f" {' '.join(words)} "
    return not _ALIEN.isdisjoint(words) or any(f" {phrase} " in text for phrase in _ALIEN_PHRASES)


def _within(words: Sequence[str], known: Mapping[str, tuple[str, ...]], secondary: bool) -> Reading:
    """Return what the longest part of the words says that says anything."""
    spans = [
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if "".join(words[start:end]) in known and not _ALONE.issuperset(words[start:end])
    ]
    if not spans:
        return Reading(secondary=secondary)

    def weight(span: tuple[int, int]) -> tuple[int, int, int]:
        # "Address City" is a city, and so is "City of Address"; "Organization Address" is no name.
        said = [word for word in words[slice(*span)] if not word.isdigit()]
        silent = _NOTHING.issuperset(said) or _CONTACT.issuperset(said)
        strength = 0 if silent else 1 if _ADDRESS.issuperset(said) else 2
        return strength, span[1] - span[0], span[0]

    start, end = max(spans, key=weight)
    targets = known["".join(words[start:end])]
    rest = [word for word in (*words[:start], *words[end:]) if not _COUNTED.fullmatch(word)]
    # A company's word is no name beside others: "Company type".
    is_said = end - start > 1 or weight((start, end))[0]
    silent = _SECONDARY | _ADDRESS | (_NOTHING if is_said else frozenset())
    rest = [word for word in rest if word not in silent and known.get(word) != targets]
    return Reading(targets, 1 if rest else 2, rest=tuple(rest), secondary=secondary)
