from odoo import fields, models


class LeadMiningNotice(models.Model):
    """Proof that a person was told where their data come from (Article 14 GDPR)."""

    _name = "lead.mining.notice"
    _description = "Article 14 Notice"
    _order = "sent_on desc, id desc"
    _rec_name = "address"

    contact_id = fields.Many2one(
        "lead.mining.contact", required=True, readonly=True, index=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(related="contact_id.lead_id", store=True, index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    sent_on = fields.Datetime(readonly=True, required=True)
    address = fields.Char(readonly=True, required=True)
    user_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", string="Message", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def action_open_message(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.message",
            "res_id": self.mail_message_id.id,
            "views": [(False, "form")],
            "target": "new",
        }
