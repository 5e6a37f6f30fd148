from odoo import models
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.identity import normalise_registry_id

#: As the adapter of Odoo's IAP names the register of its numbers.
REGISTRY = "DUNS"


class LeadMiningIdentity(models.Model):
    _inherit = "lead.mining.identity"

    def _reserve_leads(self, leads) -> None:
        """Reserve what identifies these leads, each for its request; what is taken stays so."""
        rows = [
            (key, lead.mining_request_id.id, lead.id)
            for lead in leads
            for key in self._keys_of_lead(lead)
        ]
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_mining_identity (key, request_id, lead_id)
                SELECT key, request_id, lead_id
                  FROM unnest(%s, %s, %s) AS v (key, request_id, lead_id)
                 ORDER BY key
                    ON CONFLICT (key) DO NOTHING
                """,
                *map(list, zip(*rows, strict=True)),
            )
        )

    def _keys_of_lead(self, lead) -> list[str]:
        """Return the identity keys of a lead of Odoo's own lead mining, the strongest first."""
        _registry, number = normalise_registry_id(REGISTRY, lead.reveal_id or "")
        keys = [f"reg:{REGISTRY}:{number}"] if number else []
        return keys + [f"domain:{domain}" for domain in lead._identity_domains() if domain]
