import logging

from odoo import models
from odoo.tools import formatLang

from ...company.types import CompanyQuery
from .lead_mining_provider_preview import PREVIEW_TIMEOUT

_logger = logging.getLogger(__name__)
#: As many industries and roles are told.
MOST = 6


class LeadMiningProvider(models.Model):
    """What is told of the matches beside their number."""

    _inherit = "lead.mining.provider"  # pylint: disable=consider-merging-classes-inherited

    def _details(self, query: CompanyQuery) -> dict:
        """Return what `lead.mining.request.get_preview_details` tells, of this provider's matches.

        Empty where it does not know, or not for free, or not in time.
        """
        self.ensure_one()
        adapter_class = self._adapter_class()
        if not adapter_class or not adapter_class.count_is_free:
            return {}
        try:
            with self.env.cr.savepoint():
                adapter = self._build_adapter().within(PREVIEW_TIMEOUT / 3)
                total, known = adapter.count_known(query)
                return {
                    "known": self._known_texts(total, known),
                    "roles": self._role_texts(adapter.count_roles(query)),
                    "industries": self._common(adapter.count_industries(query)),
                }
        except Exception as error:  # whatever it is: the number is there
            _logger.info("Provider %s: no details (%s)", self.code, error)
            return {}

    def _known_texts(self, total: int, known: dict[str, int]) -> list[dict]:
        labels = {
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "website": self.env._("Website"),
            "contacts": self.env._("Contacts"),
        }
        return [
            {"label": labels[name], "text": f"{100 * known[name] // total} %"}
            for name in labels
            if total and name in known
        ]

    def _role_texts(self, roles: dict[str, int]) -> list[dict]:
        found = self.env["lead.mining.role"].search([("code", "in", list(roles))])
        names = {role.code: role.name for role in found}
        return [
            {"label": names[code], "text": formatLang(self.env, count, digits=0)}
            for code, count in list(roles.items())[:MOST]
            if code in names
        ]

    def _common(self, industries: dict[str, int]) -> list[dict]:
        by_code = self.env["lead.mining.industry"]._by_code(industries)
        return [
            {"id": by_code[code].id, "name": by_code[code].name, "count": count}
            for code, count in list(industries.items())[:MOST]
            if code in by_code
        ]
