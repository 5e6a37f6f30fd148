from odoo import models


class LeadMiningIdentity(models.Model):
    """Companies that somebody has merged are known as each other, by a lead or a contact."""

    _inherit = "lead.mining.identity"

    def _known_keys(self, keys):
        others = self.env["lead.directory.merge"]._other_keys(keys)
        known = super()._known_keys([*keys, *others])
        own = (others[key] for key in known.intersection(others))
        return known.intersection(keys).union(*own)

    def _known_records(self, keys):
        others = self.env["lead.directory.merge"]._other_keys(keys)
        found = super()._known_records([*keys, *others])
        known = {key: found[key] for key in keys if key in found}
        for key in found.keys() & others.keys():
            for own in sorted(others[key]):
                known.setdefault(own, found[key])
        return known
