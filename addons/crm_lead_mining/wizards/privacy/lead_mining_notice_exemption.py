from odoo import fields, models


class LeadMiningNoticeExemption(models.TransientModel):
    _name = "lead.mining.notice.exemption"
    _description = "No Notice Needed"

    contact_ids = fields.Many2many("lead.mining.contact", string="Persons", required=True)
    reason = fields.Selection(
        lambda self: (
            self.env["lead.mining.contact"]
            ._fields["notice_exemption"]
            ._description_selection(self.env)
        ),
        required=True,
        default="informed",
    )
    details = fields.Char(
        help="What happened, for anyone who asks later: informed by phone on that day, for "
        "instance."
    )

    def action_exempt(self):
        self.contact_ids.check_access("write")
        self.contact_ids._set_notice_done(
            {
                "notice_state": "exempt",
                "notice_exemption": self.reason,
                "notice_exemption_details": self.details,
            }
        )
        return {"type": "ir.actions.act_window_close"}
