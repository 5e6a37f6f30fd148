"""What rows are converted to, as it is stored."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import compress

from odoo.addons.crm_lead_mining.company.fields import COMPANY, CONTACT
from odoo.addons.crm_lead_mining.company.identity import all_keys, keys_of
from odoo.addons.crm_lead_mining.company.status import Status

from .problems import Problem

#: Columns of the company's table that the importer writes.
COMPANY_COLUMNS = ("identity", *(column for one in COMPANY for column in one.columns))
#: The same for the contact's table; `company_identity` names the company.
CONTACT_COLUMNS = (
    "company_identity",
    "identity",
    *(column for one in CONTACT for column in one.columns),
)
#: What identity keys are made of, in their order.
_IDENTIFYING = ("registry", "registry_id", "lei", "vat", "domain")
INTEGER_COLUMNS = frozenset(
    column for one in COMPANY if one.kind == "number" for column in one.columns
)


@dataclass(frozen=True, slots=True)
class Ended:
    """A row of a company that never becomes a lead.

    :ivar identity: "" if nothing identifies it
    :ivar keys: all by which it may be known
    :ivar street: what tells it apart from another one of its name and place
    """

    identity: str
    name: str
    status: Status
    keys: tuple[str, ...] = ()
    street: str = ""

    @classmethod
    def of(
        cls, columns: Sequence[str], company: tuple[str, str], name: str, status: Status
    ) -> "Ended":
        """Return what is told of a company.

        :param company: its identity and its values between tabs, which are those of the columns
        """
        values = dict(zip(columns, company[1].split("\t"), strict=True))
        keys = all_keys(keys_of(*(values[one] for one in _IDENTIFYING)))
        return cls(company[0], name, status, keys, values.get("street", ""))


@dataclass(slots=True)
class Converted:
    """The rows that can be used: texts without tabs or line breaks, empty means unknown.

    :ivar rows: how many were given
    :ivar companies: (identity, line of the values between tabs in the order of the converter's
        `columns`), as a line takes a quarter of the memory of its values
    :ivar contacts: for each company its contact's values in the order of `CONTACT_COLUMNS`, or None
    :ivar lines: for each company its line in the file
    :ivar hosts: for each company its domain
    :ivar problems: why rows were dropped and values were left out, in the order of the lines
    :ivar ended: the rows of companies that have a status
    :ivar unused: identities of rows that cannot be used: the file has them all the same
    """

    rows: int = 0
    companies: list[tuple[str, str]] = field(default_factory=list)
    contacts: list[tuple[str, ...] | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def extend(self, other: "Converted") -> None:
        """Add what was converted of the rows that follow."""
        self.rows += other.rows
        self.companies += other.companies
        self.contacts += other.contacts
        self.lines += other.lines
        self.hosts += other.hosts
        self.problems += other.problems
        self.ended += other.ended
        self.unused += other.unused

    def note(self, place: int, code: str, value: str) -> None:
        """Add a problem of the row at a place."""
        self.problems.append(Problem(self.lines[place], code, value[:200]))

    def drop(self, places: Container[int]) -> None:
        """Leave out the rows at these places, each of which has its problem already."""
        if places:
            kept = [place not in places for place in range(len(self.companies))]
            for column in (self.companies, self.contacts, self.lines, self.hosts):
                column[:] = compress(column, kept)
            self.problems.sort(key=lambda problem: problem.line)
