from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Days after which a request that nobody has decided is dropped.
DAYS_KEPT = 30


class MailPluginGoogleRequest(models.Model):
    """A user who wants to connect a Google account whose address is none of theirs here."""

    _name = "mail.plugin.google.request"
    _description = "Gmail Account to Approve"
    _order = "id desc"
    _rec_name = "email"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    email = fields.Char("Google Account", required=True, readonly=True)
    sub = fields.Char("Google Account Number", required=True, readonly=True)
    create_date = fields.Datetime("Asked On", readonly=True)

    _unique_sub = models.Constraint(
        "UNIQUE(sub)", "A Google account can wait for only one approval."
    )

    @api.private
    def ask(self, sub: str, email: str) -> None:
        """Ask administrators to approve an account for the current user; the last one counts."""
        self.env["mail.plugin.claim"].take("google", sub)
        # sudo: only administrators see and decide requests.
        requests_sudo = self.sudo()
        requests_sudo.search([("sub", "=", sub)]).unlink()
        requests_sudo.create({"user_id": self.env.uid, "sub": sub, "email": email})

    def action_approve(self):
        """Connect the accounts to their users.

        :raise AccessError: unless by an administrator
        :raise UserError: where a user is no internal one any more, or an account is another's
        """
        self._check_administrator()
        for request in self:
            user = request.user_id
            if not user.active or not user._is_internal():
                raise UserError(
                    self.env._("%s is no internal user of this database.", user.display_name)
                )
            connections = self.env["mail.plugin.connection"].with_user(user)
            connections.google_link(request.sub, request.email)
        self._drop()

    def action_refuse(self):
        self._check_administrator()
        self._drop()

    def _check_administrator(self):
        if not self.env.is_system():
            raise AccessError(self.env._("Only an administrator can decide this."))

    def _drop(self):
        # sudo: nobody deletes a request but by deciding it; who decides is checked above.
        self.sudo().unlink()

    @api.autovacuum
    def _gc_requests(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_KEPT)
        self.search([("create_date", "<", limit)]).unlink()
