from odoo import api, fields, models
from odoo.fields import Domain

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

    dataset_id = fields.Many2one("lead.directory.dataset", required=True, ondelete="cascade")
    child = fields.Char(
        string="Company", required=True, readonly=True, help="What identifies the subsidiary."
    )
    child_lei = fields.Char(string="LEI", readonly=True)
    parent = fields.Char(required=True, readonly=True, help="What identifies the parent.")
    parent_lei = fields.Char(string="LEI of the Parent", readonly=True)
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

    @api.autovacuum
    def _gc_gone(self):
        """Drop what is gone for so long that nobody undoes the edition any more."""
        oldest = fields.Date.subtract(fields.Date.context_today(self), days=KEPT_DAYS)
        # sudo: nobody else may delete it.
        self.sudo().search(Domain("gone_on", "<", oldest)).unlink()
