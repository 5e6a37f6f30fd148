import json
from dataclasses import fields as keys_of

from odoo import models

from ...company.unwanted import lines_of
from ...tools import search_document
from ...tools.search_document import SearchSpec


class LeadMiningSearch(models.Model):
    """Carries searches over to other databases: what is kept, `SearchSpec` says."""

    _inherit = "lead.mining.search"  # pylint: disable=consider-merging-classes-inherited

    def action_export(self):
        """Download the searches as one file that another database can import."""
        self.check_access("read")
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_lead_mining/searches.json?ids={ids}",
            "target": "download",
        }

    def _to_spec(self) -> SearchSpec:
        """Return the search in codes and names that mean the same in another database."""
        self.ensure_one()
        spec = {key.name: self._file_value(**key.metadata) for key in keys_of(SearchSpec)}
        if not self.filter_on_size:
            spec |= {"size_min": None, "size_max": None}
        return SearchSpec(**spec)

    def _file_value(self, column: str, by: tuple[str, ...]):
        value, field = self[column], self._fields[column]
        if field.type == "text":
            return tuple(lines_of(value))
        if not field.relational:
            return value if field.type in ("integer", "boolean") else value or ""
        names = tuple(self._file_names(value, by))
        return names if field.type == "many2many" else "".join(names)

    def _file_names(self, records, by: tuple[str, ...]) -> dict:
        """Return records by their names in files, which are those of no user's language."""
        records = records.with_context(lang="en_US")
        return {"-".join(record.mapped(path)[0] or "" for path in by): record for record in records}

    def _export_text(self) -> str:
        """Return the searches as the text of a file."""
        document = search_document.to_document([search._to_spec() for search in self])
        return json.dumps(document, ensure_ascii=False, indent=2)
