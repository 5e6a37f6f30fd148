from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.mining.lead_mining_refund import FLAWS
from ...tools.refunds import contact_subject


class LeadMiningBadData(models.TransientModel):
    """Asks what is wrong with a delivered company or contact, and gives its credits back."""

    _name = "lead.mining.bad.data"
    _description = "Report Bad Data"

    result_id = fields.Many2one("lead.mining.result", readonly=True)
    contact_id = fields.Many2one("lead.mining.contact", readonly=True)
    subject_name = fields.Char(compute="_compute_subject", string="Reported")
    credits = fields.Integer(compute="_compute_subject", string="Credits to Refund")
    flaw = fields.Selection(FLAWS, string="What is wrong?", required=True)
    note = fields.Char(string="Details")

    @api.depends("result_id", "contact_id")
    def _compute_subject(self):
        for wizard in self:
            result_sudo, subjects = wizard._reported_sudo()
            refundable = result_sudo and result_sudo._refundable() or {}
            wizard.subject_name = wizard.contact_id.name or wizard.result_id.name
            wizard.credits = sum(refundable.get(subject, 0) for subject in subjects)

    def _reported_sudo(self):
        """Return the delivery and the parts of it that are reported.

        :rtype: tuple[record of `lead.mining.result`, list[str]]
        """
        if self.contact_id:
            # Who may change a contact may report it, also when a colleague has mined it.
            self.contact_id.check_access("write")
            contact_sudo = self.contact_id.sudo()
            return contact_sudo.result_id, [contact_subject(contact_sudo.position)]
        self.result_id.check_access("read")
        result_sudo = self.result_id.sudo()
        return result_sudo, result_sudo._all_subjects()

    def action_confirm(self):
        """Give the credits back and close."""
        self.ensure_one()
        if self.flaw == "other" and not (self.note or "").strip():
            raise UserError(self.env._("Describe in the details what is wrong."))
        result_sudo, subjects = self._reported_sudo()
        if not result_sudo:
            raise UserError(self.env._("No credits were spent on this."))
        self.env["lead.mining.refund"]._report_bad_data(
            result_sudo, subjects, flaw=self.flaw, note=self.note
        )
        return {"type": "ir.actions.act_window_close"}
