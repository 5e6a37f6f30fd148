import secrets

import requests

from odoo import api, fields, models
from odoo.tools import consteq, hmac

from odoo.addons.crm_common.tools.settings import is_neutralized

from ..tools.settings import Settings

CHECK_ROUTE = "/mail_plugin/auth/check"
CHECK_PURPOSE = "crm_mail_plugin.check"
SECONDS = 5


class MailPluginGuide(models.TransientModel):
    """How to install an add-in and point it at this database, and whether it will get here."""

    _name = "mail.plugin.guide"
    _description = "Mail Plugin Guide"

    address = fields.Char("Address of This Database", compute="_compute_address")
    is_secure = fields.Boolean(compute="_compute_address")
    generation = fields.Selection(
        [("1", "Odoo 15 to 19.1"), ("2", "Odoo 19.2 and later")],
        "Add-ins for",
        compute="_compute_address",
    )
    check_result = fields.Selection(
        [
            ("reached", "An add-in can reach this database, and this addon answers it."),
            ("other", "The address answers, but not with this database and this addon."),
            ("unreachable", "The address does not answer."),
            ("copy", "A neutralized copy of a database does not check its address."),
        ],
        readonly=True,
    )

    @api.depends_context("uid")
    def _compute_address(self):
        generation = Settings.of(self.env).generation
        for guide in self:
            guide.address = guide.get_base_url()
            guide.is_secure = guide.address.startswith("https://")
            guide.generation = generation

    def action_check(self):
        """Ask the database's own address, from the server, who answers there."""
        self.ensure_one()
        self.check_result = self._ask(self.address)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Install an Add-in"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _ask(self, address):
        if is_neutralized(self.env):
            return "copy"  # The address may still be production's.
        challenge = secrets.token_urlsafe(16)
        try:
            answer = requests.post(
                address + CHECK_ROUTE,
                json={"jsonrpc": "2.0", "params": {"challenge": challenge}},
                timeout=SECONDS,
                allow_redirects=False,
            )
            proof = answer.json()["result"]
        except (requests.ConnectionError, requests.Timeout):
            return "unreachable"
        except (KeyError, TypeError, ValueError, requests.RequestException):
            return "other"
        return "reached" if consteq(str(proof), self._proof(challenge)) else "other"

    def _proof(self, challenge: str) -> str:
        """Return what only this database, and only with this addon, answers to `challenge`."""
        return hmac(self.env(su=True), CHECK_PURPOSE, challenge)
