from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.identity import identity_keys
from odoo.addons.crm_lead_mining.company.types import Company

from ..importer.filled import missing
from ..providers.conditions import ALL_KEYS, KEYS
from ..providers.merged import Handle

#: Who was merged, and which company stays in the end; what follows WITH RECURSIVE.
_STAYS = SQL(
    """
    stays(merged_id, kept_id) AS (
        SELECT merge.merged_id, merge.kept_id FROM lead_directory_merge AS merge
         WHERE NOT EXISTS (SELECT FROM lead_directory_merge AS later
                            WHERE later.merged_id = merge.kept_id)
         UNION ALL
        SELECT merge.merged_id, stays.kept_id
          FROM stays JOIN lead_directory_merge AS merge ON merge.kept_id = stays.merged_id)
    """
)
_KEYS = ("registry", "registry_id", "lei", "vat", "domain", "website", "country_code")


class LeadDirectoryMerge(models.Model):
    """That a company of the directory is another one, as somebody said; undone by deleting it.

    The other one stays in its dataset, found no more: its file would bring it back otherwise. What
    was taken from it is known by its columns alone, so that no value has to be erased here.
    """

    _name = "lead.directory.merge"
    _description = "Merged Directory Companies"
    _order = "id"

    kept_id = fields.Many2one(
        "lead.directory.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    merged_id = fields.Many2one(
        "lead.directory.company", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(related="merged_id.name", related_sudo=False)
    identity = fields.Char(related="merged_id.identity", related_sudo=False)
    dataset_id = fields.Many2one(related="merged_id.dataset_id", related_sudo=False)
    filled = fields.Json(readonly=True, help="Columns that were taken from the merged company.")
    contacts = fields.Json(readonly=True, help="Contacts that were taken from it.")
    keys = fields.Json(readonly=True, help="Identity keys that are known since, by whose lead.")

    _merged_unique = models.Constraint("UNIQUE(merged_id)", "This company is merged already.")
    _other_check = models.Constraint(
        "CHECK(kept_id <> merged_id)", "A company cannot be merged into itself."
    )

    # === MERGE === #

    @api.model
    def _merge(self, kept, merged):
        """Make two companies one; whoever may delete both may make one of them.

        :raise UserError: where nobody should
        """
        kept, merged = kept.with_env(self.env), merged.with_env(self.env)
        (kept | merged).check_access("unlink")
        # sudo: see below. Two users who merge them into each other would hide both.
        both_sudo = (kept | merged).sudo()
        if both_sudo.try_lock_for_update(allow_referencing=True) != both_sudo:
            raise UserError(self.env._("One of them is being changed right now. Try again."))
        if reason := self._refusal(kept, merged):
            raise UserError(reason)
        # sudo: users read companies and contacts, and only imports and this write them.
        kept_sudo, merged_sudo = kept.sudo(), merged.sudo()
        filled = self._fillable(kept_sudo, merged_sudo)
        moved_sudo = merged_sudo.contact_ids.browse()
        if self._may_tell(kept_sudo, merged_sudo):
            known = set(kept_sudo.contact_ids.mapped("identity"))
            moved_sudo = merged_sudo.contact_ids.filtered(lambda one: one.identity not in known)
            kept_sudo.write(filled)
            moved_sudo.directory_company_id = kept_sudo
        merged_sudo.status = "merged"
        keys = self._share_leads(kept_sudo, merged_sudo) | self._share_leads(merged_sudo, kept_sudo)
        # sudo: nobody writes down a merge that did not happen.
        merge_sudo = self.sudo().create(
            {
                "kept_id": kept.id,
                "merged_id": merged.id,
                "filled": sorted(filled),
                "contacts": moved_sudo.ids,
                "keys": keys,
            }
        )
        self.env.flush_all()
        return merge_sudo.sudo(self.env.su)

    @api.model
    def _may_tell(self, kept_sudo, merged_sudo) -> bool:
        """Whether who reads the one may read what the other one knows.

        What one company of the database has for itself is not written where others read it.
        """
        return merged_sudo.dataset_id.company_id <= kept_sudo.dataset_id.company_id

    @api.model
    def _fillable(self, kept_sudo, merged_sudo) -> dict:
        """Return the values that the company that stays would take."""
        may_tell = self._may_tell(kept_sudo, merged_sudo)
        return missing(kept_sudo, merged_sudo) if may_tell else {}

    @api.model
    def _refusal(self, kept, merged) -> str:
        """Return why two companies cannot be made one, "" if they can."""
        kept_sudo, merged_sudo = kept.sudo(), merged.sudo()  # see `_merge`
        if kept == merged or len(kept) != 1 or len(merged) != 1:
            return self.env._("Choose two companies.")
        if kept_sudo.status or merged_sudo.status:
            return self.env._("Only companies that do business can be merged.")
        owner = kept_sudo.dataset_id.company_id
        if owner and owner != merged_sudo.dataset_id.company_id:
            return self.env._(
                "“%(shared)s” is there for others too, and “%(own)s” for %(company)s alone: let the"
                " first one stay.",
                shared=merged_sudo.name,
                own=kept_sudo.name,
                company=owner.name,
            )
        # sudo: whether one may be mined is judged for all.
        Suppression_sudo = self.env["lead.mining.suppression"].sudo()
        both = [as_company(kept_sudo), as_company(merged_sudo)]
        if any(Suppression_sudo._refusals(both, self.env.company)):
            return self.env._("One of them is never mined, and stays as it is.")
        return ""

    @api.model
    def _share_leads(self, known_sudo, other_sudo) -> dict[str, int]:
        """Have what was delivered as one company be known as the other one too.

        :return: the keys that are known since -> whose lead, 0 for none
        """
        # sudo: whose lead it is does not matter here.
        Identity_sudo = self.env["lead.mining.identity"].sudo()
        delivered_sudo = Identity_sudo.search([("key", "in", known_by(known_sudo))], limit=1)
        if not delivered_sudo:
            return {}
        new = Identity_sudo._reserve(known_by(other_sudo), delivered_sudo.request_id)
        lead = delivered_sudo.lead_id
        if lead:
            Identity_sudo._assign_leads(dict.fromkeys(new, lead.id))
        return dict.fromkeys(new, lead.id or 0)

    @api.model
    def _merged_into(self, companies, datasets) -> list[tuple]:
        """Return (place, company that stays, company that was merged into it) for those known here.

        :param companies: the identity keys of each
        :param datasets: whose merged companies count
        """
        if not self._are_any():
            return []
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE chain(kept_id, merged_id) AS (
                    SELECT kept_id, merged_id FROM lead_directory_merge
                 UNION
                    SELECT chain.kept_id, merge.merged_id
                      FROM chain
                      JOIN lead_directory_merge AS merge ON merge.kept_id = chain.merged_id
                ) SELECT asked.place - 1, chain.kept_id, chain.merged_id
                    FROM unnest(%s::text[]) WITH ORDINALITY AS asked(keys, place)
                    JOIN chain ON TRUE
                    JOIN lead_directory_company AS company ON company.id = chain.kept_id
                    JOIN lead_directory_company AS merged ON merged.id = chain.merged_id
                   WHERE %s::text[] && string_to_array(asked.keys, E'\\n')
                     AND merged.dataset_id = ANY(%s)
                ORDER BY asked.place, chain.merged_id
                """,
                ["\n".join(keys) for keys in companies],
                KEYS,
                datasets.ids,
            )
        )
        Company = self.env["lead.directory.company"]
        return [(place, Company.browse(kept), Company.browse(one)) for place, kept, one in rows]

    @api.model_create_multi
    def create(self, vals_list):
        merges = super().create(vals_list)
        self.env.registry.clear_cache()
        return merges

    @api.model
    @tools.ormcache()
    def _are_any(self) -> bool:
        """Tell whether any were merged: hardly ever, and each preview asks twice.

        Those that are gone with their companies may still be counted.
        """
        # sudo: whether there are any does not depend on who asks.
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _handles(self, datasets) -> dict[Handle, Handle]:
        """Return who was merged -> the company that stays in the end, as relations name them.

        :param datasets: whose companies count
        """
        rows = self._ask_merged(
            SQL(
                """
                WITH RECURSIVE %s
                SELECT merged.identity, nullif(merged.lei, ''), kept.identity, nullif(kept.lei, '')
                  FROM stays
                  JOIN lead_directory_company AS merged ON merged.id = stays.merged_id
                  JOIN lead_directory_company AS kept ON kept.id = stays.kept_id
                 WHERE merged.dataset_id = ANY(%s) AND kept.dataset_id = ANY(%s)
              ORDER BY merged.id
                """,
                _STAYS,
                datasets.ids,
                datasets.ids,
            )
        )
        return {(identity, lei): kept for identity, lei, *names in rows for kept in [tuple(names)]}

    @api.model
    def _other_keys(self, keys) -> dict[str, set[str]]:
        """Return each other key of the companies that have some of these -> which of these."""
        rows = self._ask_merged(
            SQL(
                """
                WITH RECURSIVE %s, member(kept_id, id) AS (
                    SELECT kept_id, merged_id FROM stays UNION SELECT kept_id, kept_id FROM stays
                ), named AS MATERIALIZED (
                    SELECT member.kept_id, key
                      FROM member
                      JOIN lead_directory_company AS company ON company.id = member.id
                CROSS JOIN unnest(%s) AS key
                     WHERE key IS NOT NULL
                )
                SELECT DISTINCT other.key, own.key
                  FROM named AS own JOIN named AS other USING (kept_id)
                 WHERE own.key = ANY(%s) AND other.key <> ALL(%s)
                """,
                _STAYS,
                ALL_KEYS,
                list(keys),
                list(keys),
            )
        )
        others = defaultdict(set)
        for other, own in rows:
            others[other].add(own)
        return others

    @api.model
    def _ask_merged(self, statement: SQL) -> list[tuple]:
        """Return the rows of a statement on merged companies, none where there are none."""
        if not self._are_any():
            return []
        self.flush_model()
        self.env["lead.directory.company"].flush_model(
            ["identity", "registry_id", "lei", "vat", "domain"]
        )
        return self.env["lead.directory.dataset"]._ask_groups(statement)

    # === UNDO === #

    def action_undo(self):
        """Make them two again: each has its own values and contacts."""
        (self.kept_id | self.merged_id).check_access("unlink")
        if later := (self.kept_id.merged_ids - self)[:1]:
            raise UserError(
                self.env._(
                    "“%(kept)s” has been merged into “%(into)s” since: undo that first.",
                    kept=later.merged_id.name,
                    into=later.kept_id.name,
                )
            )
        companies = self.merged_id
        merges_sudo = self.sudo()  # see `_merge`
        merges_sudo._give_back()
        self.env.flush_all()
        merges_sudo.unlink()
        companies._revive_merged()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _give_back(self):
        """Take what came with the merge from the companies that stay."""
        # What a later merge has passed on comes back first.
        for merge in self.sorted("id", reverse=True):
            kept, merged = merge.kept_id, merge.merged_id
            taken = [name for name in merge.filled or () if kept[name] == merged[name]]
            kept.write({name: "" if name == "industry" else False for name in taken})
            contacts = merged.contact_ids.browse(merge.contacts or ()).exists()
            contacts = contacts.filtered(lambda one, kept=kept: one.directory_company_id == kept)
            # Its file may have brought some of them back meanwhile.
            known = set(merged.contact_ids.mapped("identity"))
            again = contacts.filtered(lambda one, known=known: one.identity in known)
            again.unlink()
            (contacts - again).directory_company_id = merged
            keys = merge.keys or {}
            identities = self.env["lead.mining.identity"].search([("key", "in", list(keys))])
            # What has been delivered under such a key since is known by right.
            identities.filtered(
                lambda one, keys=keys: (one.lead_id.id or 0) == keys[one.key]
            ).unlink()

    @api.model
    def _forget_sources(self, condition: SQL):
        """Take what came from merged companies of which one is about to be deleted.

        Who is left has all that was its own.

        :param condition: which those are, on `company`
        """
        ids = self.env.execute_query(
            SQL(
                "SELECT DISTINCT merge.id FROM lead_directory_merge AS merge"
                " CROSS JOIN LATERAL unnest(ARRAY[merge.merged_id, merge.kept_id]) AS one(id)"
                "  JOIN lead_directory_company AS company ON company.id = one.id"
                " WHERE %s",
                condition,
            )
        )
        self.sudo().browse([id_ for (id_,) in ids])._give_back()
        self.env.flush_all()


def as_company(company) -> Company:
    """Return what a company is recognised by."""
    values = {name: company[name] or "" for name in _KEYS}
    if company.is_unidentified:
        values["record_key"] = company.identity
    return Company(name=company.name, city=company.city or "", zip=company.zip or "", **values)


def known_by(company) -> list[str]:
    """Return all keys that a company is known by, the strongest first."""
    return list(dict.fromkeys([*identity_keys(as_company(company)), company.identity]))
