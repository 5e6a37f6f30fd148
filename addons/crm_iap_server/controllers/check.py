from odoo import http
from odoo.http import request

from .rpc import ClientRoutes, rpc


class CheckRoutes(ClientRoutes, http.Controller):
    @rpc("/iap/1/check")
    def iap_check(self, params):
        """Tell an administrator of a client what is wrong, in sentences.

        A call that comes here has the right host, and was not turned into a GET by a redirect.
        """
        asker = self.asker(params)
        client = self.admit(asker, "reveal")
        env = client.env
        problems = []
        if not asker.uuid:
            problems.append(env._("The call has no database UUID."))
        if asker.token.disabled:
            problems.append(
                env._("This database is a neutralized copy: its token ends in +disabled.")
            )
        elif not asker.token.key:
            problems.append(env._("The call has no token that can be a database's own."))
        elif not client:
            problems.append(
                env._(
                    "This database is not invited, or this token is not its own. Tell whoever "
                    "runs the service its system parameter database.uuid."
                )
            )
        elif not client._is_served():
            problems.append(env._("This database is blocked."))
        elif not client.credits_available:
            problems.append(env._("All is set up, and there are no credits."))
        base = env["ir.config_parameter"].get_param("web.base.url") or ""
        if base.startswith("https:") and request.httprequest.scheme == "http":
            problems.append(
                env._(
                    "The call came by http, the service is at %s: set the parameters to that.", base
                )
            )
        return {"ok": not problems, "problems": problems}
