from odoo import models


class MailingMailingTest(models.TransientModel):
    _inherit = "mailing.mailing.test"

    def send_mail_test(self):
        """Who may not be written to is told at once: the dialog closes, and nothing arrives."""
        refused = []
        result = super(
            MailingMailingTest, self.with_context(recipient_test_refused=refused)
        ).send_mail_test()
        if not refused:
            return result
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("No test was sent to %s", ", ".join(m[0] for m in refused)),
                "message": "\n".join(dict.fromkeys(reason for _email, reason in refused)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
