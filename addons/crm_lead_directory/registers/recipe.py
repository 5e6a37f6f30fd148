"""What a recipe of an open register can say: where its files are, and what they mean.

A recipe is data, not code: one file below `recipes` of literals and of what is defined here.
Whoever adds a register writes that file and its test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from .edition import Changes

Container = Literal["rows", "json", "parquet"]
#: How often a new edition is published.
Rhythm = Literal["daily", "weekly", "monthly", "yearly"]
#: What has become of a company that a new edition has no more.
Vanished = Literal["ceased", "unknown", "deleted"]
#: Why a row of a register is not loaded.
Reason = Literal[
    "sole_trader", "partnership", "no_company", "branch", "fund", "ceased", "insolvent",
    "protected", "closed", "unsure", "elsewhere", "licence",
]  # fmt: skip


def _lt(text: str) -> str:
    """Mark a text for translation; whoever shows it translates it."""
    return text


REASONS: Mapping[Reason, str] = {
    "sole_trader": _lt("Sole traders, who are persons"),
    "partnership": _lt("Partnerships that bear the names of persons"),
    "no_company": _lt("Associations and other bodies that are no companies"),
    "branch": _lt("Branches and places of business of a company"),
    "fund": _lt("Investment funds"),
    "ceased": _lt("Companies that have ceased to do business"),
    "insolvent": _lt("Companies that are insolvent or in liquidation"),
    "protected": _lt("Companies that may not be sent advertising"),
    "closed": _lt("Places that are closed"),
    "unsure": _lt("Places that perhaps do not exist"),
    "elsewhere": _lt("Companies of countries that were not chosen"),
    "licence": _lt("Rows whose licence is not one of this source"),
}

# === WHAT A CELL IS MADE OF === #


@dataclass(frozen=True, slots=True)
class Column:
    """A cell as the file has it. A text in place of a part is the column of that name.

    In a file of JSON objects, or of Parquet, the name is a path: "addresses[type=1].postCode" is
    the post code of the first address whose type is 1, "website.url" that of the object within.
    Parquet knows no conditions: of its lists the first element is meant.

    :ivar names: how editions call it, compared without regard to case and spaces around it
    :ivar optional: whether there are editions without it, in which it is empty
    """

    names: tuple[str, ...]
    optional: bool = False

    def __init__(self, *names: str, optional: bool = False):
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "optional", optional)


@dataclass(frozen=True, slots=True)
class Constant:
    text: str


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first part that is not empty."""

    parts: tuple["Part", ...]

    def __init__(self, *parts: "Part"):
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, slots=True)
class Joined:
    """All parts that are not empty."""

    parts: tuple["Part", ...]
    between: str = " "

    def __init__(self, *parts: "Part", between: str = " "):
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "between", between)


@dataclass(frozen=True, slots=True)
class Coded:
    """What a code means.

    :ivar other: of codes that are not in the table; None leaves them as they are
    """

    part: "Part"
    table: Mapping[str, str]
    other: str | None = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a regular expression's first group finds, nothing where it does not match."""

    part: "Part"
    pattern: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an address, without those that name who takes the letters in.

    :ivar separators: what stands between two lines, however the edition writes it
    :ivar without: how lines begin that are left out, in lower case
    """

    part: "Part"
    separators: tuple[str, ...] = ("\n",)
    without: tuple[str, ...] = ("c/o",)
    between: str = ", "


@dataclass(frozen=True, slots=True)
class When:
    """A part if another one has one of these values, else nothing."""

    part: "Part"
    values: tuple[str, ...]
    then: "Part"


@dataclass(frozen=True, slots=True)
class Status:
    """The status that columns tell, each in the words or the codes of its name.

    See `read_status` of crm_lead_mining; what nobody understands stays as it is.
    """

    columns: tuple[str | Column, ...]

    def __init__(self, *columns: str | Column):
        object.__setattr__(self, "columns", columns)


@dataclass(frozen=True, slots=True)
class Size:
    """Employees, in the codes that the column's name stands for, see `bands.coded_by`."""

    column: str


Part = str | Column | Constant | FirstOf | Joined | Coded | Matched | Lines | When | Status | Size


def numbered(part: str, values: tuple[str, ...], then: str, count: int) -> Part:
    """Return `then` of the first of numbered columns in which a part has one of these values.

    :param part: name of a column, with "{number}" where it has its number
    :param then: the same of the column beside it
    """
    return FirstOf(
        *(
            When(
                Column(part.replace("{number}", str(number)), optional=True),
                values,
                Column(then.replace("{number}", str(number)), optional=True),
            )
            for number in range(1, count + 1)
        )
    )


# === WHICH ROWS === #


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Rows that are left out, for a reason: one of the conditions is given.

    :ivar among: values that lead to it
    :ivar unless: values that do not, while all others do
    :ivar beginning: how values begin that lead to it
    :ivar below: numbers that are less lead to it; what is no number does not
    """

    reason: Reason
    part: Part
    among: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    beginning: tuple[str, ...] = ()
    below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What another file of the register tells of a row's company.

    Its columns are called "key:name" in parts. They are empty where it has no row, and where a file
    that is not needed was not given.

    :ivar key: of the file
    :ivar of: the number by which the first file knows a company
    :ivar on: the same in this file, of its own columns; rows without it are left out
    :ivar needed: whether nothing may be loaded without it: it tells who is a person or protected
    :ivar best: of several rows of a company the one is taken in which this is the greatest text,
        the first of equals
    """

    key: str
    of: Part
    on: Part
    best: Part = Constant("")
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """What a file of the register tells of groups of companies: a row for each parent of one.

    :ivar key: of the file
    :ivar child: the company's LEI
    :ivar parent: its parent's
    :ivar kind: "direct" or "ultimate"; nothing of a row that tells of no parent in force
    :ivar since: since when, as ISO 8601 writes it
    :ivar until: when it ends
    """

    key: str
    child: Part
    parent: Part
    kind: Part
    since: Part = Constant("")
    until: Part = Constant("")


# === WHERE IT IS, AND WHAT IT IS === #


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that the publisher offers.

    :ivar key: its name within the recipe
    :ivar url: where it is, "" for one that is looked up or downloaded by hand; "{month}" stands for
        the edition
    :ivar month: how the address writes a month, as `strftime` does; the newest may not exist yet
    :ivar catalogue: where a CKAN catalogue tells the addresses, which change with each edition
    :ivar resource: pattern of the file's name in it
    :ivar hosts: from which it may come, redirects included
    :ivar container: "rows" of a plain, gz or zip file, the objects of a "json" array in one, or
        "parquet", a file or a folder of its parts
    :ivar parts: how many files the table comes in; "{part}" stands for each one's number, from 0
    :ivar more_of: key of the file whose table this one goes on with, as further parts do
    :ivar inside: key of the file in whose zip it is
    :ivar member: of a zip with several files, as a pattern of names
    :ivar encoding: Python's name
    :ivar delimiter: one character
    :ivar header: names of the columns of a file without a header
    :ivar beside: whether the register is had without it
    :ivar deltas: (days, what is put behind the address) of the rows that were added or changed
        within so many days, the fewest first; what is gone they do not tell
    """

    key: str
    url: str = ""
    month: str = ""
    catalogue: str = ""
    resource: str = ""
    hosts: tuple[str, ...] = ()
    parts: int = 1
    more_of: str = ""
    inside: str = ""
    container: Container = "rows"
    member: str = ""
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    header: tuple[str, ...] = ()
    beside: bool = False
    deltas: tuple[tuple[int, str], ...] = ()

    def in_parts(self) -> tuple["SourceFile", ...]:
        """Return the files that the table comes in, the first under its own key."""
        if self.parts == 1:
            return (self,)
        return tuple(
            replace(
                self,
                key=f"{self.key}{part or ''}",
                url=self.url.replace("{part}", str(part)),
                parts=1,
                more_of=self.key if part else "",
            )
            for part in range(self.parts)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """An open register.

    :ivar code: its name in databases, that of the recipe's file
    :ivar country_codes: whose companies it has, none for all the world's
    :ivar page: where the publisher describes it
    :ivar companies: about how many there are once the filters were applied
    :ivar download_bytes: about how many are fetched
    :ivar database_bytes: about how many the directory takes for it
    :ivar attribution: what the licence asks to show, in its own words
    :ivar terms: what may not be done with the data
    :ivar registry: of all its numbers, "" if a column tells it
    :ivar files: the first has a row a company, the others are joined to it, or tell of groups
    :ivar relations: who is whose parent
    :ivar changes: how a file by hand of what has changed is told from a whole one, if there are any
    :ivar columns: target of the importer -> what it is made of, several for those that may be
        filled several times; "industry_version" tells the edition of a row's industries
    :ivar nace: revision of NACE that all industries follow, "" where the codes or rows tell
    :ivar classification: that the industries are of, as headers call it, "" where the codes tell
    :ivar is_named: whether many of its companies have nothing that identifies them, and are known
        by their name and place
    :ivar kept_days: after so many the data of an edition are to be forgotten, 0 for never
    :ivar never_loaded: columns of persons and of private data, which nothing is made of
    """

    code: str
    country_codes: tuple[str, ...]
    title: str
    publisher: str
    page: str
    companies: int
    download_bytes: int
    database_bytes: int
    rhythm: Rhythm
    licence: str
    licence_url: str = ""
    attribution: str
    terms: str = ""
    registry: str = ""
    files: tuple[SourceFile, ...]
    joins: tuple[Join, ...] = ()
    relations: Relations | None = None
    filters: tuple[Filter, ...] = ()
    changes: Changes | None = None
    columns: Mapping[str, Part | tuple[Part, ...]]
    nace: str = ""
    classification: str = ""
    is_named: bool = False
    kept_days: int = 0
    vanished: Vanished
    never_loaded: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        files = tuple(one for file in self.files for one in file.in_parts())
        object.__setattr__(self, "files", files)

    @property
    def header(self) -> list[str]:
        """Names of the table's columns: the importer's targets."""
        return [target for target, parts in self._columns() for _part in parts]

    @property
    def names(self) -> list[str]:
        """How the importer is told what the columns are called, as that says how to read them."""
        called = {"industry": self.classification} if self.classification else {}
        return [called.get(target, target) for target in self.header]

    @property
    def is_of_many_countries(self) -> bool:
        """Whether one may want the companies of some of its countries alone."""
        return "country" in self.columns and len(self.country_codes) != 1

    @property
    def parts(self) -> list[Part]:
        """What each of them is made of."""
        return [part for _target, parts in self._columns() for part in parts]

    @property
    def brings(self) -> frozenset[str]:
        """What it tells of companies, as targets of the importer."""
        return frozenset(self.columns) - {"industry_version", "status"}

    def _columns(self) -> list[tuple[str, tuple[Part, ...]]]:
        return [
            (target, parts if isinstance(parts, tuple) else (parts,))
            for target, parts in self.columns.items()
        ]
