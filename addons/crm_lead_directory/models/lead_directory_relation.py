from odoo import api, fields, models
from odoo.fields import Domain

from ..providers.groups import shown

#: Days for which what an edition has no more is kept, so that the edition can be undone.
KEPT_DAYS = 30


class LeadDirectoryRelation(models.Model):
    """That a company is the subsidiary of another one, as a dataset tells or somebody has set.

    Written with SQL by imports, see `importer.relations`. Companies are named by what identifies
    them, so that it holds for each dataset, and for parents that the directory does not have.
    """

    _name = "lead.directory.relation"
    _description = "Parent of a Company"
    _order = "id"
    _log_access = False

    dataset_id = fields.Many2one(
        "lead.directory.dataset", required=True, readonly=True, index=True, ondelete="cascade"
    )
    child = fields.Char(
        string="Company", required=True, readonly=True, help="What identifies the subsidiary."
    )
    child_lei = fields.Char(string="LEI", readonly=True)
    parent = fields.Char(required=True, readonly=True, help="What identifies the parent.")
    parent_lei = fields.Char(string="LEI of the Parent", readonly=True)
    parent_name = fields.Char(string="Name of the Parent", compute="_compute_parent_name")
    kind = fields.Selection(
        [("direct", "Direct Parent"), ("ultimate", "Ultimate Parent")], required=True, readonly=True
    )
    since = fields.Date(readonly=True)
    is_by_hand = fields.Boolean(string="Set by Hand", readonly=True)
    import_id = fields.Many2one(
        "lead.directory.import",
        string="Edition",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="That was the first to tell it.",
    )
    gone_on = fields.Date(
        string="No Longer There Since", readonly=True, help="When an edition had it no more."
    )
    gone_import_id = fields.Many2one(
        "lead.directory.import",
        string="Gone With",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _no_own_parent = models.Constraint(
        "CHECK(child <> parent)", "A company cannot be its own parent."
    )
    _told_once = models.UniqueIndex(
        "(dataset_id, child_lei, parent_lei, kind)"
        " WHERE gone_on IS NULL AND is_by_hand IS NOT TRUE",
        "The dataset already tells this.",
    )
    _one_by_hand = models.UniqueIndex(
        "(dataset_id, child) WHERE is_by_hand", "The company already has a parent set by hand."
    )
    _child_index = models.Index("(child)")
    _child_lei_index = models.Index("(child_lei) WHERE child_lei IS NOT NULL")
    _parent_index = models.Index("(parent)")
    _parent_lei_index = models.Index("(parent_lei) WHERE parent_lei IS NOT NULL")

    @api.depends("parent", "parent_lei")
    @api.depends_context("company")
    def _compute_parent_name(self):
        datasets = self.env["lead.directory.dataset"]
        parents = {one: (one.parent, one.parent_lei or None) for one in self}
        groups = datasets._groups(self.env.company)
        names = groups.names(set(parents.values()), datasets._ask_groups)
        for relation, parent in parents.items():
            relation.parent_name = shown(*parent, names)

    def _by_hand_of(self, companies):
        """Return what was set by hand of companies, as subsidiaries or as parents."""
        identities = companies.mapped("identity")
        is_theirs = Domain("child", "in", identities) | Domain("parent", "in", identities)
        return self.search(Domain("is_by_hand", "=", True) & is_theirs)

    def _put_in_place(self, other, company) -> None:
        """Name a company in the place of another one that was merged into it."""
        self.ensure_one()
        child, parent = (
            company._handle() if name == other.identity else (name, lei)
            for name, lei in ((self.child, self.child_lei), (self.parent, self.parent_lei))
        )
        by_hand = Domain("is_by_hand", "=", True) & Domain("id", "!=", self.id)
        here = Domain("child", "=", child[0]) & Domain("dataset_id", "=", self.dataset_id.id)
        if child[0] == parent[0] or self.search_count(by_hand & here, limit=1):
            self.unlink()
            return
        self.write(
            {
                "child": child[0],
                "child_lei": child[1],
                "parent": parent[0],
                "parent_lei": parent[1],
            }
        )

    @api.autovacuum
    def _gc_gone(self):
        """Drop what is gone for so long that nobody undoes the edition any more."""
        oldest = fields.Date.subtract(fields.Date.context_today(self), days=KEPT_DAYS)
        # sudo: nobody else may delete it.
        self.sudo().search(Domain("gone_on", "<", oldest)).unlink()
