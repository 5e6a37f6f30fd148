from odoo import fields, models

from ..contacts.lead_mining_provenance_mixin import LEGAL_BASES


class ResCompany(models.Model):
    _inherit = "res.company"

    # What this company, the controller, tells the people whose data it mines.
    lead_mining_legal_basis = fields.Selection(
        LEGAL_BASES, string="Legal basis", default="legitimate_interest", required=True
    )
    # Texts that persons read, in their language; left empty, the notice has a sentence of its own.
    lead_mining_interest = fields.Char(string="Legitimate interest", translate=True)
    lead_mining_privacy_contact = fields.Char(
        string="Privacy contact",
        help="Name and address of the data protection officer, or of whoever answers requests.",
    )
    lead_mining_recipients = fields.Char(string="Recipients of the data", translate=True)
    lead_mining_transfers = fields.Char(string="Transfers to third countries", translate=True)
    lead_mining_keep_companies = fields.Integer(
        string="Keep companies for", default=36, help="Months; 0 means no limit."
    )
    lead_mining_keep_contacts = fields.Integer(
        string="Keep contacts for", default=12, help="Months; 0 means no limit."
    )
    lead_mining_erase_expired = fields.Boolean(
        string="Erase contacts after their retention period", default=True
    )
    lead_mining_notice_days = fields.Integer(
        string="Remind about the notice before it is due", default=7, help="Days."
    )
    lead_mining_create_partners = fields.Boolean(
        string="Create contacts in the address book for all mined contacts"
    )

    _lead_mining_periods = models.Constraint(
        "CHECK(lead_mining_keep_companies >= 0 AND lead_mining_keep_contacts >= 0"
        " AND lead_mining_notice_days >= 0)",
        "A period cannot be negative.",
    )

    def _lacks_for_notice(self) -> list[str]:
        """Return what the notice cannot do without: who answers for the data, and where.

        Source: Article 14(1)(a) and (b) GDPR.
        """
        self.ensure_one()
        lacks = []
        if not (self.street and self.city and self.country_id):
            lacks.append(self.env._("the company's address"))
        if not self.lead_mining_privacy_contact:
            lacks.append(self.env._("a privacy contact"))
        return lacks
