from odoo import api, models
from odoo.modules import get_manifest

from odoo.addons.crm_mail_plugin.models.ir_http import GENERATION_HEADER
from odoo.addons.crm_mail_plugin.tools import redirects
from odoo.addons.crm_mail_plugin.tools.settings import SECOND_GENERATION

from ..tools.manifest import Manifest, Texts

ADDON = "crm_mail_plugin_outlook"
PANE = "/mail_plugin/outlook/pane"
MANIFEST = "/mail_plugin/outlook/manifest.xml"
#: Where the dialog ends that signs a user in; a sign-in code is sent there.
SIGNED_IN = "/mail_plugin/outlook/signed_in"
ICONS = f"/{ADDON}/static/img/outlook-"
#: What the pane asks the routes of `crm_mail_plugin` with.
HEADERS = {GENERATION_HEADER: SECOND_GENERATION}


class MailPluginOutlook(models.AbstractModel):
    """The add-in as this database offers it to Outlook."""

    _name = "mail.plugin.outlook"
    _description = "Outlook Add-in of This Database"

    @api.model
    def _address(self, path: str = "") -> str:
        """Return an address of this database as Outlook knows it, spelled as browsers spell it."""
        base = self.get_base_url().rstrip("/")
        known = redirects.parse(base)
        return (base if known is None or known.path else known.origin) + path

    @api.model
    def _manifest(self) -> bytes:
        """Return the manifest, the same for everybody.

        :raise InsecureAddress: when this database has no https address
        """
        # sudo: anybody may fetch it, and it says nothing but where the add-in is and whose.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        languages_sudo = self.env["res.lang"].sudo()
        company_sudo = self.env["res.company"].sudo().search([], order="id", limit=1)
        codes = [code for code, _name in languages_sudo.get_installed()]
        return Manifest(
            database=parameters_sudo.get_param("database.uuid"),
            address=self._address(),
            provider=company_sudo.name,
            version=get_manifest(ADDON)["version"],
            pane=PANE,
            icons=ICONS,
            texts={
                code: self.with_context(lang=code)._texts(company_sudo.name)
                for code in {"en_US", *codes}
            },
        ).to_xml()

    @api.model
    def _texts(self, company: str) -> Texts:
        """Return what Outlook shows of the add-in, in the language of the context."""
        return Texts(
            name=self.env._("Odoo: %s", company),
            description=self.env._(
                "Contacts, opportunities, tasks and tickets of the people in an e-mail; log the "
                "e-mail in Odoo, or make a record of it."
            ),
            button=self.env._("Odoo"),
            tip=self.env._("Show in Odoo who the people in this e-mail are."),
        )
