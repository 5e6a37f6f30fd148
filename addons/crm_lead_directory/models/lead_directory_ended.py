from odoo import fields, models

from .lead_directory_company import ENDED


class LeadDirectoryEnded(models.Model):
    """That a company never becomes a lead, as a dataset tells; written with SQL by imports.

    Also of companies that the directory does not have. See `importer.ended`.
    """

    _name = "lead.directory.ended"
    _description = "Ended or Protected Company"
    _order = "id"
    _log_access = False

    dataset_id = fields.Many2one("lead.directory.dataset", required=True, ondelete="cascade")
    key = fields.Char(required=True, help="One of the company's identity keys.")
    of_identity = fields.Char(
        help="The identity of the company, where the key is one that others may share."
    )
    status = fields.Selection(ENDED, required=True)

    _key_unique = models.UniqueIndex("(key, dataset_id)")
    _of_identity_index = models.Index("(of_identity) WHERE of_identity IS NOT NULL")
