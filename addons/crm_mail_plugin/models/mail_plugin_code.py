import secrets
import time

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hmac

from ..tools import codes


class MailPluginCode(models.Model):
    """A sign-in code that was given out and not used yet; using it removes the row."""

    _name = "mail.plugin.code"
    _description = "Mail Plugin Sign-in Code"
    _log_access = False

    nonce = fields.Char(required=True, readonly=True)
    made_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _unique_nonce = models.Constraint("UNIQUE(nonce)", "A sign-in code must be unique.")

    @api.private
    def issue(self, *, name: str, scope: str, redirect: str, device: str = "") -> str:
        """Make a code for the current user.

        :param name: name of the add-in, as the user was shown it
        :param scope: what the token will be for
        :param redirect: URL that the code is sent to
        :param device: random name of the browser that asks
        :return: the code
        """
        claims = codes.Claims(
            nonce=secrets.token_urlsafe(24),
            uid=self.env.uid,
            name=name,
            scope=scope,
            redirect=redirect,
            timestamp=int(time.time()),
            device=device,
        )
        # sudo: nobody has access to codes, so that nobody can learn or remove one.
        self.sudo().create({"nonce": claims.nonce})
        return codes.join(claims.to_message(), self._sign(claims.to_message()))

    @api.private
    def read_code(self, code: object) -> codes.Claims:
        """Return what a code says, once its signature and its age are checked.

        :raise InvalidCode: when it is not one of ours or too old
        """
        message, signature = codes.split(code)
        if not consteq(signature, self._sign(message).encode()):
            raise codes.InvalidCode()
        claims = codes.Claims.from_message(message)
        if not claims.is_fresh(time.time()):
            raise codes.InvalidCode()
        return claims

    @api.private
    def consume(self, nonce: str) -> None:
        """Use a code up. Of two requests at once, the later one finds it used.

        :param nonce: what its claims name
        :raise InvalidCode: when it was used before
        """
        used = self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE nonce = %s RETURNING id",
                SQL.identifier(self._table),
                nonce,
            )
        )
        if not used:
            raise codes.InvalidCode()

    def _sign(self, message: bytes) -> str:
        # The key purpose is stock's, as is the form of the code.
        return hmac(self.env(su=True), "mail_plugin", message)

    @api.autovacuum
    def _gc_codes(self):
        if not self.env["mail.plugin.setup"]._is_done():
            return
        limit = fields.Datetime.subtract(
            fields.Datetime.now(), seconds=codes.SECONDS_VALID + codes.CLOCK_SKEW
        )
        self.sudo().search([("made_at", "<", limit)]).unlink()
