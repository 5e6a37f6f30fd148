from odoo import api, fields, models
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.tools import SQL

#: Rows that are filled in one transaction, for which a writer of one of them waits.
BATCH = 1000


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
        self._flush_known()
        domains = [key.removeprefix("domain:") for key in keys if key.startswith("domain:")]
        vats = [key.removeprefix("vat:") for key in keys if key.startswith("vat:")]
        leis = [key.removeprefix("lei:") for key in keys if key.startswith("lei:")]
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
                 UNION
                SELECT 'lei:' || company_lei FROM crm_lead WHERE company_lei = ANY(%(leis)s)
                 UNION
                SELECT 'lei:' || company_lei FROM res_partner WHERE company_lei = ANY(%(leis)s)
                """,
                keys=keys,
                domains=domains,
                vats=vats,
                leis=leis,
            )
        )
        known = {key for (key,) in self.env.cr.fetchall()}
        return known.union(key for rows in self._find_unread(keys).values() for key, _id in rows)

    def _known_records(self, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Return what is known by each key: {key: (model, id)}, whoever may see it.

        A lead comes before a contact, an active record before an archived one; the id is 0 when
        the lead was deleted since. Keys that nobody knows are missing.
        """
        if not keys:
            return {}
        self._flush_known()
        domains = [key.removeprefix("domain:") for key in keys if key.startswith("domain:")]
        vats = [key.removeprefix("vat:") for key in keys if key.startswith("vat:")]
        leis = [key.removeprefix("lei:") for key in keys if key.startswith("lei:")]
        unread = self._find_unread(keys)
        self.env.cr.execute(
            SQL(
                """
                WITH on_leads (key, id) AS (
                    SELECT reveal_id, id FROM crm_lead WHERE reveal_id = ANY(%(keys)s)
                     UNION ALL
                    SELECT 'domain:' || identity_domain, id FROM crm_lead
                     WHERE identity_domain = ANY(%(domains)s)
                     UNION ALL
                    SELECT 'lei:' || company_lei, id FROM crm_lead
                     WHERE company_lei = ANY(%(leis)s)
                     UNION ALL
                    SELECT * FROM unnest(%(leads)s::text[], %(lead_ids)s::int[])
                ), on_partners (key, id) AS (
                    SELECT 'domain:' || identity_domain, id FROM res_partner
                     WHERE identity_domain = ANY(%(domains)s)
                     UNION ALL
                    SELECT 'vat:' || identity_vat, id FROM res_partner
                     WHERE identity_vat = ANY(%(vats)s)
                     UNION ALL
                    SELECT 'lei:' || company_lei, id FROM res_partner
                     WHERE company_lei = ANY(%(leis)s)
                     UNION ALL
                    SELECT * FROM unnest(%(partners)s::text[], %(partner_ids)s::int[])
                )
                SELECT DISTINCT ON (key) key, model, id
                  FROM (SELECT i.key, 'crm.lead' AS model, l.id,
                               CASE WHEN l.active THEN 1 WHEN l.id IS NULL THEN 9 ELSE 2 END AS rank
                          FROM lead_mining_identity i
                          LEFT JOIN crm_lead l ON l.id = i.lead_id
                         WHERE i.key = ANY(%(keys)s)
                         UNION ALL
                        SELECT key, 'crm.lead', id, CASE WHEN active THEN 1 ELSE 2 END
                          FROM on_leads JOIN crm_lead USING (id)
                         UNION ALL
                        SELECT key, 'res.partner', id,
                               CASE WHEN NOT active THEN 5 WHEN is_company THEN 3 ELSE 4 END
                          FROM on_partners JOIN res_partner USING (id)
                       ) AS known
                 ORDER BY key, rank, id DESC
                """,
                keys=keys,
                domains=domains,
                vats=vats,
                leis=leis,
                leads=[key for key, _id in unread["crm.lead"]],
                lead_ids=[id_ for _key, id_ in unread["crm.lead"]],
                partners=[key for key, _id in unread["res.partner"]],
                partner_ids=[id_ for _key, id_ in unread["res.partner"]],
            )
        )
        return {key: (model, id_ or 0) for key, model, id_ in self.env.cr.fetchall()}

    # === LEADS AND CONTACTS THAT NOBODY HAS LOOKED AT === #

    def _flush_known(self) -> None:
        self.env["crm.lead"].flush_model(
            [
                "active",
                "reveal_id",
                "website",
                "email_normalized",
                "identity_domain",
                "company_lei",
            ]  # fmt: skip
        )
        self.env["res.partner"].flush_model(
            [
                "active", "is_company", "website", "email_normalized", "vat", "country_id",
                "identity_domain", "identity_vat", "company_lei",
            ]
        )  # fmt: skip

    def _compared(self) -> dict:
        """Return {model's name: model} of what mined companies are compared with."""
        # Sudo: a company is known whoever may see its record; only keys and ids are used.
        return {name: self.env[name].sudo() for name in ("crm.lead", "res.partner")}

    def _find_unread(self, keys: list[str]) -> dict[str, list[tuple[str, int]]]:
        """Return {model: [(key, id)]} of rows that have these identities in no column yet."""
        wanted = set(keys)
        return {
            name: model._identity_find_unread(wanted) for name, model in self._compared().items()
        }

    @api.model
    def _count_unread(self) -> int:
        """Return how many leads and contacts are compared in the slower way."""
        return sum(model._identity_count_unread() for model in self._compared().values())

    @api.model
    def _health(self) -> list[tuple[bool, str]]:
        """Return what an administrator should know of them, as lanes do."""
        count = self._count_unread()
        sentence = self.env._(
            "%s leads and contacts are being prepared in the background; until then requests take "
            "longer.",
            count,
        )
        return [(False, sentence)] if count else []

    @api.model
    def _cron_fill(self) -> None:
        """Fill the columns of all of them, batch by batch."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._count_unread())
        for model in self._compared().values():
            filled, tries_left = 1, MAX_TRIES_ON_CONCURRENCY_FAILURE
            while filled:
                try:
                    filled = model._identity_fill(BATCH)
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    self.env.cr.rollback()
                    tries_left -= 1
                    if not tries_left:
                        raise
                    continue
                tries_left = MAX_TRIES_ON_CONCURRENCY_FAILURE
                if not cron._commit_progress(filled):
                    return
