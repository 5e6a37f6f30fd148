from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..providers.groups import shown


class LeadDirectoryCompany(models.Model):
    """The group that a company is part of, as the datasets tell."""

    _inherit = "lead.directory.company"  # pylint: disable=consider-merging-classes-inherited

    part_of = fields.Char(
        compute="_compute_part_of",
        help="The ultimate parent: its name, or its number where the directory does not have it.",
    )
    part_of_id = fields.Many2one(
        "lead.directory.company", string="Ultimate Parent", compute="_compute_part_of"
    )
    relation_ids = fields.Many2many(
        "lead.directory.relation", string="Parents", compute="_compute_relation_ids"
    )
    subsidiary_count = fields.Integer(string="Subsidiaries", compute="_compute_subsidiary_count")

    @api.model
    def _readable_groups(self):
        """Return what is known of groups, as the datasets tell that the user sees."""
        return self.env["lead.directory.dataset"]._groups(self.env.company)

    @api.depends("identity", "lei")
    @api.depends_context("company")
    def _compute_part_of(self):
        groups, fetch = self._readable_groups(), self.env["lead.directory.dataset"]._ask_groups
        tops = groups.tops([one._handle() for one in self], fetch)
        names = groups.names(set(tops.values()), fetch)
        found = self._by_handle(set(tops.values()))
        for place, company in enumerate(self):
            top = tops.get(place)
            company.part_of = top and shown(*top, names)
            company.part_of_id = top and next(iter(found[top]), False)

    @api.depends("identity", "lei")
    @api.depends_context("company")
    def _compute_relation_ids(self):
        Relation = self.env["lead.directory.relation"]
        leis = [lei for lei in self.mapped("lei") if lei]
        is_theirs = Domain("child", "in", self.mapped("identity")) | Domain("child_lei", "in", leis)
        relations = Relation.search(Domain("gone_on", "=", False) & is_theirs)
        for company in self:
            company.relation_ids = relations.filtered(
                lambda one, company=company: (
                    one.child == company.identity or (company.lei and one.child_lei == company.lei)
                )
            )

    @api.depends("identity", "lei")
    @api.depends_context("company")
    def _compute_subsidiary_count(self):
        found = self._subsidiaries()
        for company in self:
            company.subsidiary_count = len(found[company.id])

    def _handle(self) -> tuple[str, str | None]:
        """Return by what relations name the company."""
        return self.identity or "", self.lei or None

    def _subsidiaries(self) -> dict[int, set[int]]:
        """Return the companies of the directory below each of these, by id; two queries for all."""
        below = self._below()
        found = self._by_handle({(identity, lei) for _place, identity, lei in below})
        ids = defaultdict(set)
        for place, identity, lei in below:
            company = self[place - 1]
            ids[company.id].update(one for one in found[identity, lei] if one != company.id)
        return ids

    def _below(self) -> list[tuple]:
        """Return (place among these, identity, LEI) of all below them."""
        statement = self._readable_groups().below([one._handle() for one in self])
        return self.env["lead.directory.dataset"]._ask_groups(statement)

    def _is_above(self, company) -> bool:
        """Tell whether another company is below this one, in whichever dataset it stands."""
        below = self._below()
        identity, lei = company._handle()
        return any(identity == one or (lei and lei == of) for _place, one, of in below)

    def _by_handle(self, handles) -> dict[tuple[str, str | None], list[int]]:
        """Return the ids of the companies that the user may see, by how relations name them.

        One that several datasets have is taken from the first of them.
        """
        found = defaultdict(list)
        if not handles:
            return found
        datasets = self.env["lead.directory.dataset"]._usable(self.env.company).ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (asked.identity, asked.lei)
                       asked.identity, asked.lei, company.id
                  FROM unnest(%(identities)s::text[], %(leis)s::text[]) AS asked(identity, lei)
            CROSS JOIN LATERAL (
                    SELECT id, dataset_id FROM lead_directory_company AS one
                     WHERE one.dataset_id = ANY(%(datasets)s) AND one.identity = asked.identity
                     UNION ALL
                    SELECT id, dataset_id FROM lead_directory_company AS one
                     WHERE one.dataset_id = ANY(%(datasets)s) AND one.lei = asked.lei
                       ) AS company
              ORDER BY asked.identity, asked.lei,
                       array_position(%(datasets)s, company.dataset_id), company.id
                """,
                identities=[identity for identity, _lei in handles],
                leis=[lei for _identity, lei in handles],
                datasets=datasets,
            )
        )
        for identity, lei, id_ in rows:
            found[identity, lei].append(id_)
        return found

    def action_view_subsidiaries(self):
        """Show the companies below this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_directory.lead_directory_company_action"
        )
        ids = sorted(self._subsidiaries()[self.id])
        return {
            **action,
            "name": self.env._("Subsidiaries of %s", self.name),
            "domain": [("id", "in", ids)],
        }

    def action_set_parent(self):
        """Ask whose subsidiary the company is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set the Parent"),
            "res_model": "lead.directory.parent",
            "view_mode": "form",
            "target": "new",
            "context": {"default_directory_company_id": self.id},
        }

    def _take_over(self, other):
        """Be the other one's place in its group too, where somebody has set that by hand."""
        taken = super()._take_over(other)
        # sudo: relations are written by imports and by what is asked by hand.
        by_hand_sudo = self.env["lead.directory.relation"].sudo()._by_hand_of(other)
        for relation_sudo in by_hand_sudo:
            relation_sudo._put_in_place(other, self)
        return taken

    @api.ondelete(at_uninstall=False)
    def _unlink_by_hand(self):
        """Forget what was set by hand of a company that nobody has any more."""
        # sudo: see `_take_over`.
        self.env["lead.directory.relation"].sudo()._by_hand_of(self).unlink()
