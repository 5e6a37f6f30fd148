"""Year of foundation and number of employees, as companies tell them in a sentence."""

import re
from collections.abc import Iterator
from datetime import date

from ...company.sizes import read_employees
from .findings import Finding
from .page import WebPage

_YEAR = r"(?<![\d.,/-])(?P<{}>1[5-9]\d\d|20\d\d)(?![\d/-]|[.,]\d)"
_FOUNDED = (
    r"(?:founded|established|estd?|incorporated|gegr[üu]ndet|gr[üu]ndung(?:sjahr)?|gegr|"
    r"fond[ée]e?|fondation|cr[ée]{2}e?|cr[ée]ation|n[ée]e?\s+en|"
    r"fondat[ao]|fondazione|nasce|nat[ao]\s+nel|costituit[ao]|"
    r"fundad[ao]|fundaci[óo]n|funda[çc][ãa]o|constituida|naci[óo]|opgericht|oprichting|gesticht|"
    r"za[łl]o[żz]on[aey]|powsta[łl][ao]?|grundad(?:es)?|grundat|grundlagt|stiftet|etableret|"
    r"etablert|zalo[žz]en[ao]|perustettu)"
)
_FOUNDATION = re.compile(
    rf"(?<!\w){_FOUNDED}(?!\w)[^\n\d]{{0,50}}?\n?{_YEAR.format('after')}|"
    rf"{_YEAR.format('before')}[^\n.;\d]{{0,60}}?(?<!\w){_FOUNDED}(?!\w)",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"(?<!\w)(?:since|seit|depuis|dal|desde|sinds|sedan|siden|od|od\s+roku)\s+{_YEAR.format('year')}",
    re.IGNORECASE,
)
_SINCE_ELSE = re.compile(
    r"member|mitglied|membre|socio|partner|online|custom|kunde|client|cert|zertif|©|copyright|"
    r"auch|also|aussi|anche|tambi[ée]n|neu\b|new\b",
    re.IGNORECASE,
)
_TAGLINE = 60  # characters of a line that may say no more than since when

_MORE = (
    r"over|more\s+than|above|[üu]ber|mehr\s+als|plus\s+de|oltre|pi[ùu]\s+di|m[áa]s\s+de|mais\s+de|"
    r"meer\s+dan|ponad|[öo]ver|fler\s+[äa]n|mere\s+end|over|v[íi]ce\s+ne[žz]"
)
_NUMBER = r"(?P<{}>\d{{1,3}}(?:[.,'\u2019 ]\d{{3}})+|\d{{1,6}})(?![\d.,]\d|\d)"
_STAFF = (
    r"(?:employees|staff|members\s+of\s+staff|mitarbeite[a-zäöü*:]*|besch[äa]ftigte[nr]?|"
    r"angestellte[nr]?|salari[ée]e?s|collaborat(?:eurs|rices)|employ[ée]e?s|dipendenti|addetti|"
    r"collaborator[ie]|emplead[oa]s|trabajador[ea]s|colaboradores|funcion[áa]rios|medewerkers|"
    r"werknemers|pracownik[óo]w|os[óo]b|anst[äa]llda|medarbetare|ansatte|medarbejdere|"
    r"zam[ěe]stnanc[ůu])"
)
_TEAM = (
    r"(?:team\s+(?:of|aus|von)|employs|besch[äa]ftigt|[ée]quipe\s+de|equipo\s+de|emploie|"
    r"squadra\s+di|team\s+di|team\s+van|effectif\s+de|plantilla\s+de|azienda\s+di|"
    r"empresa\s+de)"
)
_EMPLOYEES = re.compile(
    rf"(?:(?P<more>{_MORE})\s+)?(?<![\d.,-]){_NUMBER.format('staff')}\s+"
    rf"(?:[^\W\d]+\s+){{0,2}}?{_STAFF}(?!\w)|"
    rf"{_TEAM}\s+(?:(?P<also>{_MORE})\s+)?(?:[^\W\d]+\s+)?{_NUMBER.format('team')}(?!\s*%)",
    re.IGNORECASE,
)
#: Whose employees they are, right before: customers' or those of a law.
_THEIRS = re.compile(
    r"\b(?:for|f[üu]r|per|pour|para|voor|dla|up\s+to|bis(?:\s+zu)?|ab|jusqu['’][àa]|fino\s+a|hasta|"
    r"tot|from|than|weniger\s+als|moins\s+de|meno\s+di)\b(?:\s+[^\W\d]+){0,4}\s*$",
    re.IGNORECASE,
)


def read_facts(page: WebPage) -> Iterator[Finding]:
    if founded := founded_in(page.own_text):
        yield Finding("founded", founded, page.url, 40)
    if size := employees_in(page.own_text):
        yield Finding("size", size, page.url, 40)


def founded_in(text: str) -> int | None:
    """Return the year in which a company says that it was founded, or since which it exists."""
    for match in _FOUNDATION.finditer(text):
        year = int(match["after"] or match["before"])
        if year <= date.today().year:
            return year
    for line in text.splitlines():
        since = _SINCE.search(line)
        is_tagline = since and (len(line) <= _TAGLINE or not since.start())
        if since and is_tagline and not _SINCE_ELSE.search(line):
            return int(since["year"])
    return None


def employees_in(text: str) -> dict[str, int | None]:
    """Return the number of employees that a company says to have, or {}."""
    for match in _EMPLOYEES.finditer(text):
        number = re.sub(r"\D", "", match["staff"] or match["team"])
        more = match["more"] or match["also"]
        if _THEIRS.search(text[max(0, match.start() - 50) : match.start()].rpartition("\n")[2]):
            continue
        least, most, exact = read_employees(f"{number}+" if more else number) or (None,) * 3
        if least:
            return {"employees_min": least, "employees_max": most, "employees": exact}
    return {}
