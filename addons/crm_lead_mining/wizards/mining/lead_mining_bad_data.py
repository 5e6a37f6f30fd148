from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.mining.lead_mining_refund import FLAWS
from ...tools.refunds import contact_subject

#: As many names are told.
NAMED = 5


class LeadMiningBadData(models.TransientModel):
    """Asks what is wrong with delivered companies or a contact, and gives their credits back."""

    _name = "lead.mining.bad.data"
    _description = "Report Bad Data"

    result_ids = fields.Many2many("lead.mining.result", readonly=True)
    contact_id = fields.Many2one("lead.mining.contact", readonly=True)
    subject_name = fields.Char(compute="_compute_subject", string="Reported")
    credits = fields.Integer(compute="_compute_subject", string="Credits to Refund")
    left_out = fields.Integer(
        compute="_compute_subject",
        help="Of several companies, those whose credits cannot be refunded, or not any more.",
    )
    flaw = fields.Selection(FLAWS, string="What is wrong?", required=True)
    note = fields.Char(string="Details")

    @api.depends("result_ids", "contact_id")
    def _compute_subject(self):
        for wizard in self:
            refundable = [
                sum(credits for part, credits in result._refundable().items() if part in parts)
                for result, parts in wizard._reported_sudo()
            ]
            wizard.subject_name = wizard.contact_id.name or wizard._result_names()
            wizard.credits = sum(refundable)
            wizard.left_out = refundable.count(0) if any(refundable) else 0

    def _result_names(self) -> str:
        names = self.result_ids.mapped(lambda result: result.name or "")
        told, more = ", ".join(names[:NAMED]), len(names) - NAMED
        if more <= 0:
            return told
        return self.env._("%(names)s and %(count)s more", names=told, count=more)

    def _reported_sudo(self) -> list[tuple]:
        """Return the deliveries that are reported, each with the parts of it that are.

        :return: records of `lead.mining.result` and lists of subjects
        """
        if self.contact_id:
            # Who may change a contact may report it, also when a colleague has mined it.
            self.contact_id.check_access("write")
            contact_sudo = self.contact_id.sudo()
            subject = contact_subject(contact_sudo.position)
            return [(result_sudo, [subject]) for result_sudo in contact_sudo.result_id]
        self.result_ids.check_access("read")
        return [(one_sudo, one_sudo._all_subjects()) for one_sudo in self.result_ids.sudo()]

    def action_confirm(self):
        """Give the credits back and close."""
        self.ensure_one()
        if self.flaw == "other" and not (self.note or "").strip():
            raise UserError(self.env._("Describe in the details what is wrong."))
        reported_sudo = self._reported_sudo()
        if not reported_sudo:
            raise UserError(self.env._("No credits were spent on this."))
        self.env["lead.mining.refund"]._report_bad_data(
            reported_sudo, flaw=self.flaw, note=self.note
        )
        return {"type": "ir.actions.act_window_close"}
