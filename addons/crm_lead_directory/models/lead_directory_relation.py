from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

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
        groups = datasets._groups(self.env.company)
        parents = {one: groups.merged.kept(one.parent, one.parent_lei or None) for one in self}
        names = groups.names(set(parents.values()), datasets._ask_groups)
        for relation, parent in parents.items():
            relation.parent_name = shown(*parent, names)

    @api.model
    def _forget_by_hand(self):
        """Forget what was set by hand of companies that no dataset has any more.

        They may be persons, whom nobody would find here.
        """
        self.flush_model()
        self.env["lead.directory.company"].flush_model(["dataset_id", "identity"])
        gone = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT relation.id
                  FROM lead_directory_relation AS relation
            CROSS JOIN LATERAL unnest(ARRAY[relation.child, relation.parent]) AS named(identity)
                 WHERE relation.is_by_hand
                   AND NOT EXISTS (
                       SELECT FROM lead_directory_dataset AS dataset
                   CROSS JOIN LATERAL (
                           SELECT FROM lead_directory_company AS company
                            WHERE company.dataset_id = dataset.id
                              AND company.identity = named.identity
                            LIMIT 1) AS company)
                """
            )
        )
        self.browse([id_ for (id_,) in gone]).unlink()

    @api.autovacuum
    def _gc_gone(self):
        """Drop what is gone for so long that nobody undoes the edition any more."""
        oldest = fields.Date.subtract(fields.Date.context_today(self), days=KEPT_DAYS)
        # sudo: nobody else may delete it.
        self.sudo().search(Domain("gone_on", "<", oldest)).unlink()
