from odoo import api, fields, models
from odoo.fields import Domain


class LeadMiningNotice(models.Model):
    """Proof that a person was told where their data come from (Article 14 GDPR)."""

    _name = "lead.mining.notice"
    _inherit = ["person.data.mixin"]
    _description = "Article 14 Notice"
    _order = "sent_at desc, id desc"
    _rec_name = "address"

    _person_columns = ("address",)
    _person_sequence = 11

    contact_id = fields.Many2one(
        "lead.mining.contact", required=True, readonly=True, index=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(related="contact_id.lead_id", store=True, index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    sent_at = fields.Datetime(string="Sent On", readonly=True, required=True)
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

    # === PRIVACY === #

    @api.model
    def _person_label(self):
        return self.env._("Notices that were sent")

    @api.model
    def _person_find(self, traces, companies):
        contacts = self.env["lead.mining.contact"]._person_find(traces, companies)
        sent = self.search(
            Domain("address", "in", [*traces.emails]) & self._person_scope(companies)
        )
        return contacts.notice_ids | sent

    def _person_data(self, traces):
        return {"sent_at": self.sent_at, "address": self.address, "sent_by": self.user_id.name}

    def _person_erase(self, traces):
        self._forget()

    def _forget(self) -> None:
        """Delete them, and the mails that were sent."""
        messages = self.mail_message_id
        mails = self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        self.unlink()
        mails.unlink()
        messages.exists().unlink()
