"""Values of cells as people write them."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from unicodedata import combining

_EMAIL = re.compile(r"[^@\s,;<>()\[\]\\\"]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_EMAILS = re.compile(rf"(?:(?:{_EMAIL.pattern})?\n)*")
_SEPARATOR = re.compile(r"[;|,]")
_FIRST = itemgetter(slice(1))  # character, of a text that may be empty
_YEAR = re.compile(r"(?:\b|(?<=\bFY))(1[0-9]{3}|20[0-9]{2})(?:\b|(?=[T年]))")
#: A year as a number of a spreadsheet, and with its month.
_YEAR_ALONE = re.compile(r"([12])[.,]([0-9]{3})|((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])")
#: "20040522", "22052004", with a time behind; month and day may be unknown ("20040500").
_DATE = re.compile(
    r"\b(?:(1[0-9]{3}|20[0-9]{2})(?:0[0-9]|1[0-2])(?:[0-2][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(1[89][0-9]{2}|20[0-9]{2}))(?=[0-9]{6}\b|T|\b)"
)
_ODD_YEAR = re.compile("1900|1899|1753")
#: The days from which systems count, which they write for a day that is not known.
_NO_DATE = re.compile(
    r"\b(?:1900([-/.]?)0?1\1?(?:0?[01]|00)|(?:0?[01]|00)([-/.]?)0?1\2?1900"
    r"|1899([-/.]?)12\3(?:30|31)|3[01]([-/.]?)12\4?1899|12([-/.])3[01]\5?1899"
    r"|1753([-/.]?)0?1\6?0?1|(?:jan\w*\.?[- ]0?[01],?|0?[01][-. ]+jan\w*)[-. ]+1900)"
    r"(?![0-9]{1,4}\b)",
    re.IGNORECASE,
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
    if match := _YEAR_ALONE.fullmatch(text):
        year = int(match[3] or match[1] + match[2])
    else:
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


def _written(words: str) -> Iterator[str]:
    """Yield the words as they are written: in brackets or not, with accents or without."""
    for word in words.split(", "):
        bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not combining(c))
        for one in {word, bare}:
            yield from (one, f"[{one}]", f"({one})", f"<{one}>", f"{{{one}}}", f"{one}.")


#: What people and programs write into a cell that has no value.
_NOTHING = frozenset(
    [
        *_written(
            "n/a, n.a, n.a., n. a., n a, n / a, n-a, n_a, n\\a, n.d, n/d, n. d., n.p, n.c, n.r,"
            " n.s, n/k, n.v.t, n.v.t., nvt, s/d, s.d, s/n, s.o, null, none, nil, nan, undefined,"
            " \\n,"
            " \\\\n, object object, unknown, not known, unspecified, not specified, not available,"
            " not applicable, not provided, not disclosed, not stated, not given, not supplied,"
            " not set, not found, not recorded, not listed, not entered, not on file,"
            " none supplied, none given, no value, no data, no info, no information,"
            " confidential, redacted,"
            " tbd, tbc, tba, to be defined, to be determined, to be confirmed, to be announced,"
            " sconosciuto, sconosciuta, non disponibile, dato non disponibile, non pervenuto,"
            " non specificato, non indicato, non dichiarato, non applicabile, non noto,"
            " non presente, da definire, da verificare, da completare, nessuno, nessuna,"
            " nessun dato, unbekannt, unbek, keine angabe, keine angaben, keine daten,"
            " nicht angegeben, nicht bekannt, nicht verfügbar, nicht vorhanden, keine, k.a, k. a.,"
            " k.a., o.a., entfällt, inconnu, inconnue, non renseigné, non renseignée,"
            " non renseigné(e), non communiqué, non précisé, non disponible, non-diffusible,"
            " non diffusible, non applicable, sans objet, à définir, à compléter, aucun, aucune,"
            " néant, desconocido, desconocida, no disponible, no aplica, sin datos,"
            " sin información, sin número, no consta, no especificado, ninguno, ninguna,"
            " desconhecido, não disponível, não informado, não aplicável, sem informação, nenhum,"
            " onbekend, niet beschikbaar, niet bekend, geen, brak, brak danych, nie podano,"
            " nieznany, nie dotyczy, okänd, saknas, ukendt, ukjent, neznámý, neuvedeno, nezadáno,"
            " ej angivet, ei tiedossa, nincs adat, nespecificat, не указано, не указан, нет данных,"
            " 不明, なし, 無し, 未設定, 无, 暂无, 未知"
        ),
        *(
            f"{opening}{word}{closing}"
            for word in ("na", "nd", "blank", "empty", "missing", "leer", "vide", "vuoto", "vacío")
            for opening, closing in ("[]", "()", "<>")
        ),
        *(
            f"{word}{sign}{word}"
            for word in ("null", "none", "nan", "n/a", "undefined")
            for sign in (" ", ",", ", ", ";", "; ", " - ", "/")
        ),
        *("x" * times for times in range(3, 21)),
        *("0" * times for times in range(6, 21)),
        "0000-00-00", "00/00/0000", "00.00.0000", "0000-00-00 00:00:00", "&nbsp;",
    ]
)  # fmt: skip
#: Nothing too, but where a place is meant: Namibia or Naples, North Dakota, North Carolina.
_NOTHING_ELSEWHERE = _NOTHING | {"na", "nd", "nc", "nd.", "nc."}
#: What has neither a letter nor a digit, errors of spreadsheets in any language ("#NOM?"), and
#: "N.D. (non disponible)", "*** hidden ***".
_ODD = re.compile(
    r"[\W_]+|#[\w¡/]{2,12}[!?]|#(?:n/?[a-z]{1,4}|nv)|n[./]?[ad]\.?\s*\([^()]*\)|\*{2,}[^*]*\*{2,}",
    re.IGNORECASE,
)
#: A long number that a spreadsheet has rounded: nobody knows any more which it was.
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+ ?E ?\+?|E ?\+)[0-9]{1,3}", re.IGNORECASE)
#: Where either may begin in a column in lower case.
_SUSPECT = re.compile(
    r"^(?:[^\w\n+(]|[+(](?![0-9])|_|n[./]?[ad]\.?\s*\(|[0-9][.,0-9]* ?e ?\+?[0-9])", re.MULTILINE
)


def is_placeholder(text: str, *, are_places: bool = False) -> bool:
    """Whether a text says that there is no value."""
    nothing = _NOTHING if are_places else _NOTHING_ELSEWHERE
    return bool(text) and (
        text.lower() in nothing or bool(_ODD.fullmatch(text)) or is_rounded(text)
    )


def is_rounded(text: str) -> bool:
    """Whether a text is a number that a spreadsheet has rounded: "3.90212E+11"."""
    return bool(_ROUNDED.fullmatch(text))


def _may_be_placeholders(cells: Collection[str], nothing: frozenset[str]) -> bool:
    """Whether there may be any placeholder among cells; False for nearly all columns without one.

    :param cells: without line breaks
    """
    text = "\n".join(cells)
    lower = text.lower()
    known = cells if lower == text else lower.split("\n")
    if not nothing.isdisjoint(known):
        return True
    # Whether `_SUSPECT` may be found at all takes a tenth of the time to tell.
    firsts = set("".join(set(map(_FIRST, cells))).lower())
    is_odd = (
        not "".join(firsts).isalnum()
        or ("n" in firsts and "(" in text)
        or ("e" in lower and any(map(str.isdecimal, firsts)))
    )
    return is_odd and bool(_SUSPECT.search(lower))


def without_placeholders(
    column: Sequence[str], *, are_places: bool = False, are_numbers: bool = False
) -> Sequence[str]:
    """Return a column whose placeholders are empty.

    :param column: without line breaks
    :param are_places: whether it holds countries or states
    :param are_numbers: whether it holds numbers that identify: rounded ones and zeros are left, to
        be told
    """
    nothing = _NOTHING if are_places else _NOTHING_ELSEWHERE
    if not _may_be_placeholders(set(column), nothing):
        return column
    cells = "\n".join(column).lower().split("\n")
    return [
        ""
        if (cell in nothing or _SUSPECT.match(cell))
        and is_placeholder(one, are_places=are_places)
        and not (are_numbers and (is_rounded(one) or not one.strip("0")))
        else one
        for one, cell in zip(column, cells, strict=True)
    ]
