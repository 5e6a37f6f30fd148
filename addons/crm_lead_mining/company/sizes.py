"""Numbers of employees as people, spreadsheets and programs write them."""

import re
import unicodedata
from functools import cache

from babel import Locale

MAX_EMPLOYEES = 10_000_000

#: The least and the most employees, and their exact number.
Employees = tuple[int | None, int | None, int | None]


def _words(text: str) -> str:
    """Return a pattern of words that stand by commas, the longest first."""
    words = sorted((word.strip() for word in text.split(",")), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, words)) + ")"


_MULTIPLIERS = {
    "k": 1_000, "thousand": 1_000, "thousands": 1_000, "tausend": 1_000, "tsd": 1_000,
    "mila": 1_000,
    "mille": 1_000, "mil": 1_000, "tys": 1_000, "m": 1_000_000, "million": 1_000_000,
    "millions": 1_000_000, "millionen": 1_000_000, "milioni": 1_000_000, "mio": 1_000_000,
    "mln": 1_000_000,
}  # fmt: skip
_NUMBER = (
    r"(\d{1,3}(?:[.,'’ ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
    rf"\s*(?:({_words(','.join(_MULTIPLIERS))})\b\.?)?(?![\d])"
)
#: Of a word, in lower case without accents; signs of Chinese and Japanese are words themselves.
_LETTER = "a-zа-яєіґα-ω"
#: Who is counted, between a number and what is said of it.
_WHOM = rf"(?:\s*(?:[{_LETTER}]{{3,20}}|名|人))?\s*"
_ABOVE = _words(
    ">=,=>,>,≥,⩾,≧,+ de,+ di,+,over,above,more than,at least,minimum,min.,min,from,upwards of,"
    "oltre i,oltre,sopra i,sopra,piu di,almeno,minimo,a partire da,plus de,au moins,a partir de,"
    "uber,mehr als,mindestens,mind.,mind,ab,mas de,al menos,"
    "desde,mais de,pelo menos,acima de,meer dan,minstens,ten minste,vanaf,boven,ponad,powyzej,"
    "co najmniej,wiecej niz,od,mer an,minst,mere end,mindst,mer enn,yli,vahintaan,vice nez,nad,"
    "alespon,nejmene,viac ako,tobb mint,legalabb,peste,cel putin,superieur a,superiore a,"
    "superior a,от,более,больше,свыше,над,повече от,від,більше,понад,"
    "απο,πανω απο,περισσοτεροι απο,τουλαχιστον"
)
_BELOW = _words(
    "<=,=<,<,≤,⩽,≦,- de,under,below,less than,fewer than,up to,at most,maximum,max.,max,no more"
    " than,"
    "not more than,fino a,meno di,sotto i,sotto,al massimo,massimo,moins de,jusqu'a,jusque,au plus,"
    "unter,bis zu,bis einschliesslich,bis,weniger als,"
    "farre an,faerre end,faerre enn,hochstens,maximal,menos de,hasta,como maximo,maximo,ate,no"
    " maximo,"
    "minder dan,tot,hoogstens,mniej niz,do,ponizej,co najwyzej,mindre an,upp till,hogst,op til,"
    "mindre end,mindre enn,opptil,alle,enintaan,mene nez,menej ako,kevesebb mint,legfeljebb,"
    "sub,cel mult,inferieur a,inferiore a,inferior a,"
    "до,менее,меньше,максимум,по-малко от,под,менше,εωσ,μεχρι,κατω απο,λιγοτεροι απο"
)
_OR_MORE = (
    r"(?:\+|>|≥|以上|plus\b|up\b|(?:"
    + _words(
        "or,and,&,ou,et,o,e,ed,y,oder,und,u.,of,en,i,lub,och,eller,og,tai,ja,a,nebo,es,sau,si,и,или,та,або,και"
    )
    + r")\s*(?:\+|"
    + _words(
        "more,over,above,up,upwards,plus,piu,oltre,superiore,mehr,mas,mais,meer,wiecej,fler,flere,"
        "mere,derover,enemman,vice,tobb,mai mult,более,больше,більше,повече,ανω"
    )
    + rf"(?![{_LETTER}]))|"
    + _words("oltre,upwards,onwards,em diante,en adelante,in su,in poi,aufwarts")
    + rf"(?![{_LETTER}]))"
)
_OR_FEWER = (
    r"(?:以下|以内|未満|max\b|(?:"
    + _words("or,and,ou,et,o,e,y,oder,und,of,en,i,lub,och,eller,og,tai,nebo,и,или,та,або,και")
    + r")\s*"
    + _words(
        "fewer,less,under,below,moins,meno,weniger,menos,minder,mniej,farre,mindre,faerre,vahemman,mene,"
        "менее,меньше,менше,по-малко,κατω"
    )
    + rf"(?![{_LETTER}]))"
)
_TO = (
    r"(?:-|‐|‑|‒|–|—|−|;|~|〜|～|_|/|\.{2,3}|…|至|"
    + _words(
        "to,up to,until,thru,t/m,tot en met,bis zu,bis unter,to under,to less than,a moins de,"
        "a meno di,a menos de,or,oder,ou,&,bis,a,al,ad,au,ate,e,y,et,"
        "and,und,tot,en,do,og,och,ja,az,till,til,through,i,до,по,εωσ,μεχρι,ωσ"
    )
    + rf"(?![{_LETTER}]))"
)
_LABEL = r"^[^\d<>≤≥⩽⩾≦≧+]*?"
_RANGE = re.compile(rf"{_LABEL}{_NUMBER}{_WHOM}{_TO}\s*{_NUMBER}")
_AT_LEAST = re.compile(rf"^(?:.*[^{_LETTER}0-9])?{_ABOVE}\s*{_NUMBER}")
_AT_MOST = re.compile(rf"^(?:.*[^{_LETTER}0-9])?{_BELOW}\s*{_NUMBER}")
#: "Not more than" is at most, "non meno di" at least.
_NOT = _words("not,no,nicht,pas,non,nao,niet,nie,ne,inte,ikke,ei,не")
_NOT_ABOVE = re.compile(rf"^(?:.*[^{_LETTER}0-9])?{_NOT}\s+{_ABOVE}\s*{_NUMBER}")
_NOT_BELOW = re.compile(rf"^(?:.*[^{_LETTER}0-9])?{_NOT}\s+{_BELOW}\s*{_NUMBER}")
_PLUS = re.compile(rf"{_LABEL}{_NUMBER}{_WHOM}{_OR_MORE}")
_MINUS = re.compile(rf"{_LABEL}{_NUMBER}{_WHOM}{_OR_FEWER}")
_LESS = r"(?:<=|=<|<|≤|⩽|≦)"
_BETWEEN = re.compile(
    rf"^(?:>=|=>|>|≥|⩾|≧)?\s*{_NUMBER}[^\d<≤⩽≦]*{_LESS}\s*(?:[a-z]\s*{_LESS}\s*)?{_NUMBER}"
)
# "-1" is how programs write that they do not know.
_EXACT = re.compile(rf"^(?![-−]\s?\d)\D*?{_NUMBER}")
#: What a spreadsheet makes of "10-50", "1-10" and "11-50": "Oct-50", "10-Jan", "1950-11-01".
_MONTH_FIRST = re.compile(r"([a-z]{3,5})[-. /]+(?:19)?(\d{2})")
_MONTH_LAST = re.compile(r"(\d{1,2})[-. /]+([a-z]{3,5})\.?")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ][\d:.]+)?")
_LOCAL_DATE = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?: [\d:.]+)?")
#: "2023: 120"
_AS_OF = re.compile(r"^(?:19|20)\d\d\s*[:=]\s*(?=\D*\d)")
_LANGUAGES = ("en", "it", "de", "fr", "es", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "ro")


def read_employees(text: str) -> Employees | None:
    """Read a number of employees as people write it: (least, most, exact number).

    "3,167 (average, 2021)" -> (3167, 3167, 3167); "51-200" -> (51, 200, None);
    "10,001+" -> (10001, None, None); "1.2 million" -> 1200000. None if there is no number.
    """
    if text.isascii() and text.isdigit() and len(text) < 8:
        number = int(text)
        return (number, number, number) if number <= MAX_EMPLOYEES else None
    text = _plain(text)
    if dated := _dated(text):
        return dated
    for pattern, shape in (
        (_BETWEEN, _band), (_RANGE, _band), (_PLUS, _least), (_MINUS, _most),
        (_NOT_ABOVE, _most), (_NOT_BELOW, _least),
        (_AT_MOST, _most), (_AT_LEAST, _least), (_EXACT, _exactly),
    ):  # fmt: skip
        match = pattern.match(text)
        if match:
            return shape(match)
    return None


def _plain(text: str) -> str:
    """Return a text in lower case without accents, its spaces alike."""
    text = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "l").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return _AS_OF.sub("", " ".join(text.split()).lstrip("~≈' "))


def _dated(text: str) -> Employees | None:
    """Return the band that a spreadsheet took for a date."""
    month, other = None, 0
    if match := _MONTH_FIRST.fullmatch(text):
        month, other = _months().get(match[1]), int(match[2])
    elif match := _MONTH_LAST.fullmatch(text):
        month, other = _months().get(match[2]), int(match[1])
    elif match := _DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
        other = _other(year, day)
    elif match := _LOCAL_DATE.fullmatch(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        # Whichever is the day, it is 1 where the year is meant.
        first, second = sorted((day, month))
        if first <= 12 and second <= 31:
            month, other = second, _other(year, first)
    return (min(month, other), max(month, other), None) if month and other else None


def _other(year: int, day: int) -> int:
    """Return what beside the month was meant: two digits from 32 on are no day, but a year."""
    return year - 1900 if 1932 <= year < 2000 and day == 1 else day


@cache
def _months() -> dict[str, int]:
    """Return the short names of months in the languages of spreadsheets."""
    found = {"sept": 9}
    for language in _LANGUAGES:
        for names in Locale(language).months.values():
            for number, name in names["abbreviated"].items():
                found.setdefault(_plain(name).rstrip("."), number)
    return found


def _band(match: re.Match[str]) -> Employees | None:
    least, most = _number(match[1], match[2] or match[4]), _number(match[3], match[4])
    return (least, most, None) if least <= most <= MAX_EMPLOYEES else None


def _least(match: re.Match[str]) -> Employees | None:
    least = _number(match[1], match[2])
    return (least, None, None) if least <= MAX_EMPLOYEES else None


def _most(match: re.Match[str]) -> Employees | None:
    most = _number(match[1], match[2])
    return (0, most, None) if most <= MAX_EMPLOYEES else None


def _exactly(match: re.Match[str]) -> Employees | None:
    number = _number(match[1], match[2])
    return (number, number, number) if number <= MAX_EMPLOYEES else None


def _number(digits: str, multiplier: str | None) -> int:
    """Read digits with thousands separators of any country; a comma or point before one or two
    digits is a decimal one."""
    if re.fullmatch(r"\d+[.,]\d{1,2}", digits) or (multiplier and re.search(r"[.,]", digits)):
        value = float(digits.replace(",", "."))
    else:
        value = int(re.sub(r"\D", "", digits))
    return round(value * _MULTIPLIERS.get(multiplier or "", 1))
