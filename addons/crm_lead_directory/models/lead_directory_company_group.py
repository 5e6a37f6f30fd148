from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..providers.groups import find, shown
from ..providers.merged import Handle


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
        merged = self._readable_groups().merged
        names = {company: merged.names(*company._handle()) for company in self}
        identities = {company: {identity for identity, _lei in names[company]} for company in self}
        leis = {company: {lei for _identity, lei in names[company] if lei} for company in self}
        is_theirs = Domain("child", "in", set().union(*identities.values())) | Domain(
            "child_lei", "in", set().union(*leis.values())
        )
        relations = Relation.search(Domain("gone_on", "=", False) & is_theirs)
        for company in self:
            company.relation_ids = relations.filtered(
                lambda one, company=company: (
                    one.child in identities[company] or one.child_lei in leis[company]
                )
            )

    @api.depends("identity", "lei")
    @api.depends_context("company")
    def _compute_subsidiary_count(self):
        found = self._subsidiaries()
        for company in self:
            company.subsidiary_count = len(found[company.id])

    def _handle(self) -> Handle:
        """Return by what relations name the company."""
        return self.identity or "", self.lei or None

    def _subsidiaries(self) -> dict[int, set[int]]:
        """Return the companies of the directory below each of these, by id; two queries for all."""
        below = self._below(self._readable_groups())
        found = self._by_handle({handle for _place, handle in below})
        ids = defaultdict(set)
        for place, handle in below:
            company = self[place - 1]
            ids[company.id].update(one for one in found[handle] if one != company.id)
        return ids

    def _below(self, groups) -> list[tuple[int, Handle]]:
        """Return (place among these, what names it) of all below them that are not they."""
        handles = [one._handle() for one in self]
        rows = self.env["lead.directory.dataset"]._ask_groups(groups.below(handles))
        own = [groups.merged.kept(*handle) for handle in handles]
        below = [(place, groups.merged.kept(identity, lei)) for place, identity, lei in rows]
        return [(place, handle) for place, handle in below if handle != own[place - 1]]

    def _is_same(self, company, groups) -> bool:
        """Tell whether a company is this one, by whatever name."""
        return _is_one(
            groups.merged.names(*self._handle()), groups.merged.names(*company._handle())
        )

    def _is_above(self, company, groups) -> bool:
        """Tell whether another company is below this one, in whichever dataset it stands."""
        below = [handle for _place, handle in self._below(groups)]
        return _is_one(below, groups.merged.names(*company._handle()))

    def _by_handle(self, handles) -> dict[Handle, list[int]]:
        """Return the ids of the companies that the user may see, by how relations name them.

        One that several datasets have is taken from the first of them.
        """
        found = defaultdict(list)
        if not handles:
            return found
        datasets = self.env["lead.directory.dataset"]._usable(self.env.company).ids
        rows = self.env.execute_query(find(handles, datasets))
        for identity, lei, id_, _name in rows:
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

    def unlink(self):
        """Forget what was set by hand of companies that nobody has any more."""
        result = super().unlink()
        # sudo: see `_delete_where`.
        self.env["lead.directory.relation"].sudo()._forget_by_hand()
        return result

    @api.model
    def _delete_where(self, condition, limit=None):
        deleted = super()._delete_where(condition, limit)
        # sudo: relations are written by imports and by what is asked by hand.
        self.env["lead.directory.relation"].sudo()._forget_by_hand()
        return deleted


def _is_one(some: list[Handle], others: list[Handle]) -> bool:
    """Tell whether any of these names is any of those."""
    identities, leis = map(set, zip(*others, strict=True))
    return any(identity in identities or (lei and lei in leis) for identity, lei in some)
