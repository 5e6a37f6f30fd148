from odoo import api, fields, models


class LeadMiningTechnology(models.Model):
    _name = "lead.mining.technology"
    _description = "Technology"
    _order = "name"

    name = fields.Char(required=True)

    _name_uniq = models.UniqueIndex("(name)", "This technology exists already.")

    @api.model
    def _for_names(self, names: set[str]) -> dict[str, int]:
        """Return the id of each technology, made when missing."""
        known = {item.name: item.id for item in self.search([("name", "in", list(names))])}
        missing = sorted(names - known.keys())
        return known | {item.name: item.id for item in self.create([{"name": n} for n in missing])}
