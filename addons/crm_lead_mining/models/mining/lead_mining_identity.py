from odoo import fields, models
from odoo.tools import SQL


class LeadMiningIdentity(models.Model):
    """Identities that were delivered once: the unique index decides who may deliver them.

    A row stays when its lead is deleted, so that nobody pays for the same company twice. It is
    shared by all companies of the database.
    """

    _name = "lead.mining.identity"
    _description = "Mined Identity"
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    request_id = fields.Many2one("lead.mining.request", ondelete="set null", index=True)
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")

    _key_uniq = models.UniqueIndex("(key)", "This company has already been mined.")

    def _reserve(self, keys: list[str], request) -> set[str]:
        """Reserve the keys that nobody has.

        Waits for a concurrent run that is about to reserve one of them. Sorted, so that two runs
        never wait for each other.

        :return: the keys that are ours now
        """
        if not keys:
            return set()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_mining_identity (key, request_id)
                SELECT key, %s FROM unnest(%s) AS key ORDER BY key
                    ON CONFLICT (key) DO NOTHING
                RETURNING key
                """,
                request.id,
                sorted(set(keys)),
            ),
            # Two lanes that come to the same company are no error: the later one tries again.
            log_exceptions=False,
        )
        return {key for (key,) in self.env.cr.fetchall()}

    def _assign_leads(self, lead_by_key: dict[str, int]) -> None:
        """Tell which lead each reserved key became."""
        if not lead_by_key:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_mining_identity i
                   SET lead_id = v.lead_id
                  FROM unnest(%s, %s) AS v (key, lead_id)
                 WHERE i.key = v.key
                """,
                list(lead_by_key),
                list(lead_by_key.values()),
            )
        )

    def _known_keys(self, keys: list[str]) -> set[str]:
        """Return which keys belong to something known, whoever may see it.

        Mined before (the lead may be deleted since), on a lead (lost and archived ones too), or on
        a contact; of every company. Only keys leave this method, no record.
        """
        if not keys:
            return set()
        self.env["crm.lead"].flush_model(["reveal_id", "identity_domain"])
        self.env["res.partner"].flush_model(["identity_vat", "identity_domain"])
        domains = [key.removeprefix("domain:") for key in keys if key.startswith("domain:")]
        vats = [key.removeprefix("vat:") for key in keys if key.startswith("vat:")]
        self.env.cr.execute(
            SQL(
                """
                SELECT key FROM lead_mining_identity WHERE key = ANY(%(keys)s)
                 UNION
                SELECT reveal_id FROM crm_lead WHERE reveal_id = ANY(%(keys)s)
                 UNION
                SELECT 'domain:' || identity_domain FROM crm_lead
                 WHERE identity_domain = ANY(%(domains)s)
                 UNION
                SELECT 'domain:' || identity_domain FROM res_partner
                 WHERE identity_domain = ANY(%(domains)s)
                 UNION
                SELECT 'vat:' || identity_vat FROM res_partner
                 WHERE identity_vat = ANY(%(vats)s)
                """,
                keys=keys,
                domains=domains,
                vats=vats,
            )
        )
        return {key for (key,) in self.env.cr.fetchall()}

    def _known_records(self, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Return what is known by each key: {key: (model, id)}, whoever may see it.

        A lead comes before a contact, an active record before an archived one; the id is 0 when
        the lead was deleted since. Keys that nobody knows are missing.
        """
        if not keys:
            return {}
        self.env["crm.lead"].flush_model(["active", "reveal_id", "identity_domain"])
        self.env["res.partner"].flush_model(
            ["active", "is_company", "identity_vat", "identity_domain"]
        )
        domains = [key.removeprefix("domain:") for key in keys if key.startswith("domain:")]
        vats = [key.removeprefix("vat:") for key in keys if key.startswith("vat:")]
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (key) key, model, id
                  FROM (SELECT i.key, 'crm.lead' AS model, l.id,
                               CASE WHEN l.active THEN 1 WHEN l.id IS NULL THEN 9 ELSE 2 END AS rank
                          FROM lead_mining_identity i
                          LEFT JOIN crm_lead l ON l.id = i.lead_id
                         WHERE i.key = ANY(%(keys)s)
                         UNION ALL
                        SELECT reveal_id, 'crm.lead', id, CASE WHEN active THEN 1 ELSE 2 END
                          FROM crm_lead WHERE reveal_id = ANY(%(keys)s)
                         UNION ALL
                        SELECT 'domain:' || identity_domain, 'crm.lead', id,
                               CASE WHEN active THEN 1 ELSE 2 END
                          FROM crm_lead WHERE identity_domain = ANY(%(domains)s)
                         UNION ALL
                        SELECT 'domain:' || identity_domain, 'res.partner', id,
                               CASE WHEN NOT active THEN 5 WHEN is_company THEN 3 ELSE 4 END
                          FROM res_partner WHERE identity_domain = ANY(%(domains)s)
                         UNION ALL
                        SELECT 'vat:' || identity_vat, 'res.partner', id,
                               CASE WHEN NOT active THEN 5 WHEN is_company THEN 3 ELSE 4 END
                          FROM res_partner WHERE identity_vat = ANY(%(vats)s)
                       ) AS known
                 ORDER BY key, rank, id DESC
                """,
                keys=keys,
                domains=domains,
                vats=vats,
            )
        )
        return {key: (model, id_ or 0) for key, model, id_ in self.env.cr.fetchall()}
