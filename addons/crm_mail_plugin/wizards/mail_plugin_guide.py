import secrets

from odoo import api, fields, models
from odoo.tools import consteq, hmac

from odoo.addons.crm_common.tools.settings import is_neutralized

from ..tools import address_check
from ..tools.settings import Settings

CHECK_ROUTE = address_check.PROOF
CHECK_PURPOSE = "crm_mail_plugin.check"


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
            (
                "off",
                "The mail plugins are switched off. An administrator switches them on in the "
                "settings: Serve Mail Plugins.",
            ),
            (
                "insecure",
                "The add-ins connect only to an address that begins with https. Have a reverse "
                "proxy with a certificate answer in front of Odoo, and enter its address as "
                "web.base.url.",
            ),
            (
                "path",
                "The add-ins use only the host of an address, and leave out what follows it. Serve "
                "Odoo at the root of a host of its own.",
            ),
            (
                "certificate",
                "The certificate of the address is not valid, so browsers refuse it. Renew it, or "
                "have the proxy send all of its chain.",
            ),
            (
                "redirect",
                "The address leads to another one, where the add-ins do not follow. Enter the "
                "final address as web.base.url, and type that one into the add-in.",
            ),
            (
                "database",
                "Several databases answer at this host, and an add-in cannot choose one. Set "
                "dbfilter so that the host alone decides, as ^%d$.",
            ),
            (
                "version",
                "Add-ins of another generation than the one chosen in the settings are answered. "
                "Check which server and addons answer at this address.",
            ),
            (
                "cors",
                "Browsers hide refusals from the Outlook add-in. Have the proxy pass on the header "
                "Access-Control-Allow-Origin as Odoo sends it, once and unchanged.",
            ),
            (
                "other",
                "The address answers, but not with this database and this addon. Check "
                "web.base.url, and that this addon is loaded in place of Odoo's own of this name.",
            ),
            (
                "unreachable",
                "The address does not answer. Check its name and port, and the firewall between.",
            ),
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
        result = self._ask(self.address)
        self.check_result = (result == "reached" and self._check_further(self.address)) or result
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
        settings = Settings.of(self.env)
        if not settings.enabled:
            return "off"
        challenge = secrets.token_urlsafe(16)
        return address_check.check(
            address,
            lambda proof: consteq(str(proof).encode(), self._proof(challenge).encode()),
            challenge,
            settings.generation,
        )

    def _check_further(self, address: str) -> str:
        """Return what else is wrong with an address that is reached, "" for nothing.

        This method serves as a hook for the addons that serve an add-in themselves.
        """
        return ""

    def _proof(self, challenge: str) -> str:
        """Return what only this database, and only with this addon, answers to `challenge`."""
        return hmac(self.env(su=True), CHECK_PURPOSE, challenge)
