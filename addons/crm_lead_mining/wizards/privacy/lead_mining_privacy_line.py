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
        string="Erase", default=True, help="Deselect namesakes: they are other people."
    )

    @api.model
    def _selection_model(self):
        models_of_persons = self.env["person.data.mixin"]._person_models()
        return [(model, self.env[model]._person_label()) for model in models_of_persons]
