"""Values of cells as people write them."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

_EMAIL = re.compile(r"[^@\s,;<>()\[\]\\\"]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_EMAILS = re.compile(rf"(?:(?:{_EMAIL.pattern})?\n)*")
_SEPARATOR = re.compile(r"[;|,]")
_YEAR = re.compile(r"\b((1[0-9]{3}|20[0-9]{2}))(?:\b|(?=T))")
#: "20040522", "22052004", with a time behind; month and day may be unknown ("20040500").
_DATE = re.compile(
    r"\b(?:(1[0-9]{3}|20[0-9]{2})(?:0[0-9]|1[0-2])(?:[0-2][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(1[89][0-9]{2}|20[0-9]{2}))(?=[0-9]{6}\b|T|\b)"
)
_ODD_YEAR = re.compile("1900|1899|1753")
#: The days from which systems count, which they write for a day that is not known.
_NO_DATE = re.compile(
    r"\b(?:1900([-/.]?)0?1\1?0?1|0?1([-/.]?)0?1\2?1900|1899([-/.]?)12\3(?:30|31)"
    r"|3[01]([-/.]?)12\4?1899|1753([-/.]?)0?1\5?0?1)(?![0-9]{1,4}\b)"
)
MAX_EMAIL = 254  # RFC 5321's longest path, without its brackets


# Millions of cells hold few different years.
@lru_cache(4096)
def read_year(text: str) -> int | None:
    """Return the first year in a text or date ("1988 ; 38 years ago", "01/02/1999"), or None.

    "20040522" is a date too; the first day that a computer knows ("1900-01-01") is none.
    """
    if _ODD_YEAR.search(text) and _NO_DATE.search(text):
        return None
    match = _YEAR.search(text) or _DATE.search(text)
    year = int(match[1] or match[2]) if match else 0
    return year if 0 < year <= date.today().year + 1 else None


def read_email(text: str) -> str:
    """Return an e-mail address in lower case, or "" if it isn't one."""
    text = text.lower().strip().removeprefix("mailto:").rstrip(".,;")
    return text if len(text) <= MAX_EMAIL and _EMAIL.fullmatch(text) else ""


def read_emails(texts: Sequence[str]) -> list[str] | None:
    """Return what `read_email` makes of each text, if all are plain addresses or empty.

    Takes a third of the time of asking it one by one.

    :param texts: without line breaks
    :return: None if there is anything else among them
    """
    text = "\n".join((*texts, "")).lower()
    if "mailto:" in text or not _EMAILS.fullmatch(text):
        return None
    emails = text.split("\n")[:-1]
    return emails if max(map(len, emails), default=0) <= MAX_EMAIL else None


def split_list(text: str) -> list[str]:
    """Split a cell that holds several values at ; | or comma."""
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


# === NO VALUE === #


def _written(words: str) -> frozenset[str]:
    """Return the words as they are written, in brackets or not."""
    brackets = ("{}", "[{}]", "({})", "<{}>", "{}.")
    return frozenset(bracket.format(word) for word in words.split(", ") for bracket in brackets)


#: What people and programs write into a cell that has no value.
_NOTHING = (
    _written(
        "n/a, n.a, n.a., n / a, #n/a, #n/d, #nv, #n/v, #ref!, #value!, #valeur!, #wert!, #name?,"
        " #div/0!, n.d, n/d, n. d., n.v.t, n.v.t., nvt, s/d, s.d, s/n, null, none, nil, nan,"
        " undefined, \\n, unknown, not known, unspecified, not specified, not available,"
        " not applicable, not provided, not disclosed, not stated, not given, none supplied,"
        " no data, no info, tbd, tbc, tba, sconosciuto, sconosciuta, non disponibile,"
        " non pervenuto, non specificato, non indicato, non dichiarato, non applicabile, non noto,"
        " nessuno, nessuna, unbekannt, keine angabe, keine angaben, nicht angegeben,"
        " nicht bekannt, nicht verfügbar, nicht vorhanden, keine, k.a, k. a., k.a., o.a.,"
        " entfällt, inconnu, inconnue, non renseigné, non renseignée, non communiqué, non précisé,"
        " non disponible, non-diffusible, non diffusible, non applicable, sans objet, aucun,"
        " aucune, néant, desconocido, desconocida, no disponible, no aplica, sin datos,"
        " sin información, no consta, no especificado, ninguno, ninguna, desconhecido,"
        " não disponível, não informado, não aplicável, sem informação, nenhum, onbekend,"
        " niet beschikbaar, niet bekend, geen, brak, brak danych, nieznany, nie dotyczy, okänd,"
        " saknas, ukendt, ukjent, neznámý, ej angivet, ei tiedossa"
    )
    | {
        f"{opening}{word}{closing}"
        for word in ("na", "nd", "blank", "empty", "missing")
        for opening, closing in ("[]", "()", "<>")
    }
    | {sign * times for sign in "-–—*._?#/~=" for times in range(1, 41)}
    | {"x" * times for times in range(4, 21)}
    | {"[]", "{}", "()", '""', "''", "- -", "[-]", "(-)", "<>"}
)
#: Nothing too, but where a place is meant: Namibia or Naples, North Dakota.
_NOTHING_ELSEWHERE = _NOTHING | {"na", "nd"}
#: A long number that a spreadsheet has rounded: nobody knows any more which it was.
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{2,3}")


def is_placeholder(text: str, *, are_places: bool = False) -> bool:
    """Whether a text says that there is no value."""
    nothing = _NOTHING if are_places else _NOTHING_ELSEWHERE
    return text.lower() in nothing or ("+" in text and bool(_ROUNDED.fullmatch(text)))


def without_placeholders(column: Sequence[str], *, are_places: bool = False) -> Sequence[str]:
    """Return a column whose placeholders are empty.

    :param column: without line breaks
    :param are_places: whether it holds countries or states
    """
    text = "\n".join(column).lower()
    nothing = _NOTHING if are_places else _NOTHING_ELSEWHERE
    if nothing.isdisjoint(text.split("\n")) and "e+" not in text:
        return column
    return ["" if is_placeholder(one, are_places=are_places) else one for one in column]
