from odoo import api, models
from odoo.fields import Domain

from ...company import vocabulary


class LeadMiningVocabulary(models.AbstractModel):
    """What is found by everyday words, in the user's language and in English, the likeliest first.

    An heir has `code` and a translated `name`; there are not many of them.
    """

    _name = "lead.mining.vocabulary"
    _description = "Found by Everyday Words"

    #: Of company/tables, the words by which records are found beside their names.
    _words_table = ""

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Extend `base`: the likeliest first, not the first in the model's order."""
        if not name.strip() or operator != "ilike":
            return super().name_search(name, domain, operator, limit)
        ids = self._found_by_words(name)
        place = {record_id: number for number, record_id in enumerate(ids)}
        found = self.search_fetch(
            Domain("id", "in", ids) & Domain(domain or Domain.TRUE), ["display_name"]
        )
        found = found.sorted(lambda record: place[record.id])[:limit]
        return [(record.id, record.display_name) for record in found.sudo()]

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return Domain("id", "in", self._found_by_words(value))
        return super()._search_display_name(operator, value)

    @api.model
    def _found_by_words(self, term: str) -> list[int]:
        """Return the ids of what a term may mean, the likeliest first."""
        records = self.search_fetch([], ["code", "name"])
        english = records.with_context(lang="en_US")
        entries = [
            vocabulary.Entry(record.code, tuple({record.name, in_english.name}))
            for record, in_english in zip(records, english, strict=True)
        ]
        ids = {record.code: record.id for record in records}
        found = vocabulary.find(term, entries, self._words_table, self._likelier(term))
        return [ids[code] for code in found]

    @api.model
    def _likelier(self, term: str) -> tuple[str, ...]:
        """Return codes that a term means rather than others with as much right."""
        return ()
