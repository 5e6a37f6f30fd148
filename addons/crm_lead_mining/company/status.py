"""Whether a company still does business, in the words of registers and exports of many languages.

Who has ceased, is insolvent or may not be sent advertising never becomes a lead.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Literal, get_args

from .cells import read_year
from .names import word_set

Status = Literal["", "ceased", "insolvent", "protected"]
STATUSES: tuple[Status, ...] = tuple(one for one in get_args(Status) if one)


def refusal_kind(status: str, country_code: str = "", source: object = "") -> str:
    """Return why nothing of a company may be used, as one text: "protected:DK:7".

    :param country_code: of who keeps the company's number, whose law it is
    :param source: who tells the status, if it is not who describes the company
    """
    return f"{status}:{country_code}:{source}".rstrip(":")


def refusal_parts(kind: str) -> tuple[str, str, str]:
    """Return the status, the country and the source of a `refusal_kind`."""
    status, country_code, source, *_none = (*kind.split(":"), "", "")
    return status, country_code, source


#: Words of each language without accents, "*" where they go on. The first status found counts.
_WORDS: Mapping[Status, str] = {
    "protected": """
        reklamebeskyt*, reklamsparr*, reklamesparr*, reklamereserv*, werbesperr*, werbewiderspruch*,
        werbeverbot*, non diffusible*, diffusion partielle, partiellement diffusible*,
        advertising prot*, advertising block*, advertising ban*, advertising restrict*,
        marketing prot*, marketing block*, marketing ban*, marketing restrict*, no marketing,
        no advertising, no direct marketing, no mailing*, direct marketing prohib*,
        direct marketing ban*, do not contact, do not mail, do not call, do not email,
        do not market, donotcontact, donotcall, donotmail, donotemail, opt out, opted out, optout,
        optedout, non mailing*, nonmailing*, robinson*, protected, geen reclame*, geen mailing*,
        markkinointikielto, opposition commercial*, opposition prospection, pubblicita vietata,
        non contattare, nicht kontaktieren, ne pas contacter, no contactar, publicidad restringida
    """,
    "insolvent": """
        insolven*, isinsolven*, bankrupt*, isbankrupt*, liquidation*, in liq, liquidat*,
        winding up, receiver*, administration, in administration*,
        administrator*, administrative receiver*, administration order, voluntary arrangement,
        chapter 7, chapter 11, examinership,
        liquidazion*, fallit*, falliment*, concordat*, amministrazione controllata,
        amministrazione straordinaria, procedur*, concorsual*, bancarotta, insolvenz*,
        composizione negoziata, scioglimento e liquidazione,
        konkurs*, konkurz*, abwicklung*, zahlungsunfahig*, liquidationsgesellschaft, i l,
        redressement*, sauvegarde, faillite*, procedure collective, procedures collectives,
        concurso*, concursal*, liquidac*, quiebra*, suspension de pagos,
        falenc*, falid*, recuperacao judicial, massa falida, revitaliza*,
        faillissement*, failliet*, surseance*, vereffen*, insolvab*, gerechtelijke reorganisatie,
        underkonkurs*, konkursbo, likvid*, likwid*, rekonstruktion*, rekonstruksjon*, tvangsakkord*,
        foretagsrekonstruktion*, selvitystil*, saneeraus*, yrityssaneer*,
        upadlosc*, upadlos*, restrukturyz*, upadek, upadku, pankrot*, maksatnesp*, bankrot*,
        bankrut*, felszamol*, vegelszamol*, kenyszertorl*, csodelj*, csod, lichid*, faliment*
    """,
    "ceased": """
        ceased, cessation*, closed, closure, permanently closed, dissol*, struck off, strike off,
        striking off, removed, deregister*, de register*, unregistered, terminat*, defunct, dormant,
        inactive, isinactive, deleted, cancel*, annulled, revoked, forfeit*, withdrawn, void,
        voided, retired, merged, duplicate, extinct, disbanded, discontinued, suspended,
        out of business,
        wound up, shut down, expired,
        cessat*, cessazione, cancellat*, sciolt*, scioglimento, chius*, inattiv*, sospes*, estint*,
        radiat*, fusa per incorporazione, incorporata,
        geloscht*, loschung*, erloschen*, aufgelost*, auflosung*, inaktiv*, geschlossen*,
        abgemeldet*, abmeldung*, beendet*, stillgelegt*, betrieb eingestellt,
        geschaftsbetrieb eingestellt, ausser betrieb, ruhend*, verschmolzen*,
        ferme, fermee*, fermes, fermeture*, cesse, cessee*, cesser, cessation*, radie*, radiation*,
        dissou*, dissolution*, inactif*, inactiv*, en sommeil, absorb*, supprim*, clotur*,
        extinguid*, extincion, extinta, extinto, disuelt*, disolucion, cerrad*, cierre*, baja,
        baixa, baixad*, encerrad*, dissolvid*, dissoluc*, inapt*, suspens*, suspendid*, nula,
        cesad*, cese,
        desativad*, inativ*, cessad*,
        uitgeschreven, uitschrijv*, opgeheven, opheffing, ontbonden, ontbinding, beeindig*, gestopt,
        inactief, stopgezet*, stopzetting*, afgesloten, doorgehaald,
        ophort*, oplost*, oploses, slettet, sletted*, tvangsoplos*, uden retsvirkning, lukket,
        opphort, opplost*, avviklet, avvikling, avviklings*, underavvikling*, tvangsopplos*,
        tvangsavvikl*, undertvangs*, avregistrer*, upplost*, nedlagd, vilande, avford,
        avslutad*, avvecklad*,
        lakannut, lopettanut, poistettu, purettu, keskeyt*, toiminta paattynyt,
        wykreslon*, zawieszon*, zakonczon*, zlikwidowan*, nieaktywn*, zamkniet*,
        zanikl*, zanikn*, zanik, vymaz*, zrusen*, neaktivn*, ukoncen*, ukonc*, ddatzan,
        kustutatud, izslegt*, isregistruot*, neveik*,
        megszunt*, torolt*, torolve, dizolvat*, radiere, suspendat*, inchis*
    """,
}
#: What a company is that still does business; it is none any more where "not" stands before it.
_ALIVE = """
    active, activ, activa, activo, actif, actifs, active*, actief, attiv*, aktiv*, ativ*, aktywn*,
    aktyvus, aktivs, isactive, normal*, live, open, opened, operating, operational, operative,
    in business, in operation, good standing, exist*, in existence, issued, lapsed, pending*,
    registered, registrad*, registrert, registreret, registrerad, registrisse kantud, registrovan*,
    eingetragen*, iscritt*, inscrit*, ingeschreven, besteh*, bestaand*, verksam*, toiminnassa,
    toimiva, tegutsev, veikiantis, mukodo, mukodik, functiune, trading, ok, valid, vigente,
    en activite, in esercizio, cinna, platny, zarejestrowan*, ipo, public, private, acquired
"""
#: Permissions, which protect who has not given them.
_PERMITTED = "diffusible*, diffusion commerciale, opt in, optin, opted in, marketing consent"
_NOT = re.compile(
    r"(?:no|not|non|never|without|nicht|kein|keine|keinen|ohne|nessun\w*|mai|senza|aucun\w*|pas|ni"
    r"|ninguna?|sin|nao|sem|nenhum\w*|geen|niet|zonder|ikke|ingen|inte|inga|ej|ei|nie|bez|neni|nu"
    r"|aldrig) (?=\w)"
)
#: Beneath a header that says what the answer is about.
_NO = word_set(
    "no n false f nein nej nei non nee nie ne ei nao faux falsch falso onwaar falsk nem nu off"
    " never keine kein none aucun aucune nessuno nessuna ninguno ninguna geen ingen"
)
_YES = word_set(
    "yes y true t ja j si s oui o sim tak ano da igen kylla jah wahr vrai vero verdadeiro waar x on"
)
#: What people write of dealings, not of companies, and of those who will come back.
_NO_STATUS = frozenset(
    {
        "closed won", "closed lost", "closed deal", "closed converted", "closed not converted",
        "temporarily closed",
    }
)  # fmt: skip
_INITIALS: Mapping[str, Status] = {"a": "", "i": "ceased", "ac": "", "act": "", "can": "ceased"}

_TAKES: Mapping[str, Status] = dict.fromkeys(("1", "11", "12", "13"), "")
_TAKES_NO: Mapping[str, Status] = dict.fromkeys(("2", "21", "22", "23"), "protected")
_SCB_ADVERTISING = {**_TAKES, **_TAKES_NO}
#: Codes that mean something in one register's columns only: header -> code -> status.
_CODES: Mapping[str, Mapping[str, Status]] = {
    "etatadministratif": {"a": "", "f": "ceased", "c": "ceased"},
    "statutdiffusion": {"o": "", "p": "protected", "n": "protected"},
    "ettevotjastaatus": {"r": "", "l": "insolvent", "n": "insolvent", "k": "ceased"},
    "situacaocadastral": {
        f"{zero}{code}": "" if code == "2" else "ceased" for code in "12348" for zero in ("", "0")
    },
    "juridicalsituation": {"000": "", "001": "", "002": ""},
    "ftgstat": {"1": "", "0": "ceased", "9": "ceased"},
    "foretagsstatuskod": {"1": "", "0": "ceased", "9": "ceased"},
    # Of SCB: who takes advertising begins with 1, whatever its telephone does; who does not with 2.
    "reklamsparrtyp": _SCB_ADVERTISING,
    "reklamkod": _SCB_ADVERTISING,
}
_DATE_OR_TIME = re.compile(r"[\d\s./:+tz-]{6,}", re.IGNORECASE)


def worst(statuses: Iterable[Status]) -> Status:
    """Return what counts of several statuses of one company, "" if it has none."""
    found = set(statuses)
    return next((one for one in STATUSES if one in found), "")


@lru_cache(4096)
def read_status(text: str, header: str = "") -> Status | None:
    """Return what a cell tells of a company, None if it cannot be understood.

    "In liquidazione", "Active - Proposal to Strike off"; beneath "Konkurs" or "DissolutionDate"
    "Ja" or a date; beneath "etatAdministratif" the register's codes.

    :param header: of the column
    """
    words = _plain(text)
    if not words or words in _NO_STATUS:
        return ""
    name = _plain(header)
    key = name.replace(" ", "")
    for column, codes in _CODES.items():
        if key.startswith(column) and words in codes:
            return codes[words]
    if _has(name, "permitted"):
        return "protected" if words in _NO or words == "0" else ""
    asked = _said(name)  # of "konkurs", "isActive", "date of dissolution"
    if asked is None:
        return _INITIALS[words] if words in _INITIALS else _said(words)
    if words in _NO or (words.isdigit() and not int(words)):
        return "" if asked else "ceased"
    if _DATE_OR_TIME.fullmatch(text):
        # The day from which systems count, or one that never comes, is none.
        return asked if read_year(text) else ""
    if words in _YES or words.isdigit():
        return asked
    # "eröffnet" beneath "Insolvenzverfahren": whatever stands there says that there is one.
    return (asked or None) if (said := _said(words)) is None else said


def _said(words: str) -> Status | None:
    """Return what words say, None if nothing that is known."""
    if _has(words, "protected"):
        return "protected"
    if negated := _NOT.match(words):
        said = _said(words[negated.end() :])
        return said if said is None else "" if said else "ceased"
    found = next((status for status in _WORDS if _has(words, status)), None)
    return "" if found is None and _has(words, "alive") else found


_KINDS = {str(one): words for one, words in _WORDS.items()}
_KINDS |= {"alive": _ALIVE, "permitted": _PERMITTED}


def _has(text: str, kind: str) -> bool:
    return bool(_pattern(kind).search(text))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    words = _KINDS[kind].split(",")
    parts = (re.escape(" ".join(word.split())).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


@lru_cache(4096)
def _plain(text: str) -> str:
    """Return words in lower case without accents and signs; capitals begin them ("isActive")."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold().translate(_LETTER)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


_LETTER = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ı": "i"})
