from odoo import api, fields, models

from ..models.mail_plugin_outlook import MANIFEST, PANE
from ..tools import pane_check


class MailPluginGuide(models.TransientModel):
    """How to give Outlook the add-in that this database serves itself."""

    _inherit = "mail.plugin.guide"

    outlook_manifest = fields.Char("Manifest", compute="_compute_outlook")
    outlook_last_use = fields.Datetime("Last Used", compute="_compute_outlook")
    outlook_count = fields.Integer("Connected", compute="_compute_outlook")
    is_administrator = fields.Boolean(compute="_compute_outlook")
    check_result = fields.Selection(
        selection_add=[
            (
                "outlook_missing",
                "An add-in can reach this database, but the pane of this Odoo's own Outlook add-in "
                "does not open. Have the proxy pass on everything below /mail_plugin/ as it is, "
                "without a login of its own.",
            ),
            (
                "outlook_frame",
                "An add-in can reach this database, but Outlook on the web may not show the pane: "
                "the proxy sends X-Frame-Options, or a Content-Security-Policy of its own. Leave "
                "both out for what is below /mail_plugin/outlook/.",
            ),
        ]
    )

    @api.depends_context("uid")
    def _compute_outlook(self):
        outlook = self.env["mail.plugin.outlook"]
        # Whose mailboxes are counted is the rule's choice: administrators see all, users their own.
        origin = [("origin", "=", outlook._address())]
        mailboxes = self.env["mail.plugin.connection"].search(origin)
        used = mailboxes.filtered("last_use").mapped("last_use")
        for guide in self:
            guide.outlook_manifest = outlook._address(MANIFEST)
            guide.outlook_count = len(mailboxes)
            guide.outlook_last_use = max(used, default=False)
            guide.is_administrator = self.env.is_system()

    def _check_further(self, address):
        """Extend `crm_mail_plugin`: if Outlook shows the pane."""
        return super()._check_further(address) or pane_check.check(address.rstrip("/") + PANE)

    def action_download_outlook_manifest(self):
        return {"type": "ir.actions.act_url", "url": MANIFEST, "target": "download"}
