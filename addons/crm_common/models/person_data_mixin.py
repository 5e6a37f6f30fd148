from collections.abc import Collection

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..tools.traces import Traces


class PersonDataMixin(models.AbstractModel):
    """A model in whose texts persons may stand.

    It names these columns. Whoever answers for personal data asks all such models what they hold
    and has them erase it, without knowing them. Everything is asked in sudo.
    """

    _name = "person.data.mixin"
    _description = "Keeps Data About Persons"

    #: Stored columns of texts and JSON in which persons may stand.
    _person_columns: tuple[str, ...] = ()
    #: In which order models are asked, and lock what they erase: from what others hang on to money.
    _person_sequence = 50

    @api.model
    def _person_models(self) -> list[str]:
        """Return the models that keep data about persons, in one order."""
        names = self.env.registry.descendants([self._name], "_inherit")
        return sorted(
            (name for name in names if self.env[name]._auto and not self.env[name]._abstract),
            key=lambda name: (self.env[name]._person_sequence, name),
        )

    @api.model
    def _person_label(self) -> str:
        """Return what these records are called in a report."""
        return self.env["ir.model"]._get(self._name).name

    def _person_title(self) -> str:
        """Return what the record is called in a report."""
        self.ensure_one()
        return self.display_name or ""

    @api.model
    def _person_scope(self, companies: list[int | bool]) -> Domain:
        """Return which records belong to these companies; False stands for those of none."""
        has_company = "company_id" in self._fields
        return Domain("company_id", "in", companies) if has_company else Domain.TRUE

    def _person_company(self):
        """Return the company that the record belongs to, empty if it is shared."""
        self.ensure_one()
        return self.company_id if "company_id" in self._fields else self.env["res.company"]

    @api.model
    def _person_find(self, traces: Traces, companies: list[int | bool]):
        """Return the records that hold something of a person."""
        found = self._person_candidates(traces, traces.whole_names).filtered_domain(
            self._person_scope(companies)
        )
        return found.filtered(lambda record: traces.holds(record._person_values()))

    @api.model
    def _person_candidates(self, traces: Traces, names):
        """Return the records whose texts have an address, or all words of a name."""
        columns = [SQL.identifier(self._table, name) for name in self._person_columns]
        searched = [[email] for email in traces.emails]
        searched += [words for name in names if (words := name.replace(",", " ").split())]
        if not columns or not searched:
            return self.browse()
        self.flush_model(self._person_columns)
        text = SQL("concat_ws(chr(10), %s)", SQL(", ").join(SQL("%s::text", c) for c in columns))
        conditions = SQL(" OR ").join(
            SQL(
                "(%s)",
                SQL(" AND ").join(
                    SQL("%s ILIKE %s", text, f"%{escape_psql(word)}%") for word in words
                ),
            )
            for words in searched
        )
        rows = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE %s ORDER BY id", SQL.identifier(self._table), conditions)
        )
        return self.browse(row[0] for row in rows)

    def _person_identities(self, traces: Traces) -> list[tuple[str, str, Collection[str]]]:
        """Return (address, name, keys of the company) that these records know the person by."""
        return []

    def _person_parts(self) -> list[models.BaseModel]:
        """Return what is no place of its own beside these records: it is erased with them."""
        return []

    def _person_values(self) -> dict:
        """Return what the declared columns hold."""
        self.ensure_one()
        return {name: self[name] for name in self._person_columns if self[name]}

    def _person_data(self, traces: Traces) -> dict:
        """Return what is held of the person, as it is reported."""
        return {name: value for name, value in self._person_values().items() if traces.holds(value)}

    def _person_erase(self, traces: Traces) -> list[str] | None:
        """Take the person out of the declared columns.

        :return: names of records that have to stay, as something else needs them
        """
        for record in self:
            values = record._person_values()
            clean = {name: traces.without(value) for name, value in values.items()}
            changed = {name: value for name, value in clean.items() if value != values[name]}
            if changed:
                record.write(changed)
