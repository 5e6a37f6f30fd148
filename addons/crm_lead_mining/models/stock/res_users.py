from typing import Literal

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _gone_since(self, group: str, company) -> Literal["", "archived", "right", "company"]:
        """Say why nothing is done any more of what this user asked for earlier, "" if it is.

        :param group: XML id of the group that may ask for it
        :param company: the `res.company` that pays
        """
        self.ensure_one()
        if self._is_superuser():
            return ""
        if not self.active:
            return "archived"
        if not self.has_group(group):
            return "right"
        return "" if company in self.company_ids else "company"

    def _still_spends_on(self, records, group: str, company):
        """Return those of `records` for which this user could still ask, at the company's cost.

        :param group: XML id of the group that may ask for it
        """
        if self._gone_since(group, company):
            return records.browse()
        # Whoever asks now may have other companies open.
        asked = records.with_user(self).with_context(allowed_company_ids=company.ids)
        return records & asked._filtered_access("write")
