from odoo import api, fields, models


class LeadMiningPrivacyLine(models.TransientModel):
    """One place that holds something of the person."""

    _name = "lead.mining.privacy.line"
    _description = "Place That Holds a Person's Data"
    _order = "id"

    privacy_id = fields.Many2one(
        "lead.mining.privacy", required=True, ondelete="cascade", index=True
    )
    model = fields.Selection(lambda self: self._selection_model(), string="Place", readonly=True)
    res_id = fields.Integer(readonly=True)
    label = fields.Char(string="Record", readonly=True)
    content = fields.Text(string="What Is Held", readonly=True)
    selected = fields.Boolean(
        string="Erase", default=True, help="Take namesakes out: they are other persons."
    )

    @api.model
    def _selection_model(self):
        declared = self.env["person.data.mixin"]._person_models()
        places = [
            ("lead.mining.contact", self.env._("Mined contacts")),
            ("lead.mining.notice", self.env._("Notices that were sent")),
            ("crm.lead", self.env._("Leads")),
            ("res.partner", self.env._("Contacts made of them")),
            ("lead.mining.result", self.env._("Results of requests")),
            ("lead.mining.answer", self.env._("Stored answers of providers")),
            ("lead.mining.refund", self.env._("Credits given back")),
            ("iap.credit.hold", self.env._("Credits set aside")),
            ("iap.credit.entry", self.env._("Credit ledger")),
            ("lead.directory.contact", self.env._("Company directory: contacts")),
            ("lead.directory.company", self.env._("Company directory: companies")),
        ]
        return places + [(model, self.env[model]._person_label()) for model in declared]
