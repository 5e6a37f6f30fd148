from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers.authenticate import Authenticate
from odoo.addons.crm_mail_plugin.tools import redirects

from ..models.mail_plugin_outlook import SIGNED_IN


class OutlookAuthenticate(Authenticate):
    """Sign-in of the add-in that this database serves: its code comes back to this database."""

    def _allows_redirect(self, settings, redirect):
        own = request.env["mail.plugin.outlook"]._address(SIGNED_IN)
        if redirect == own and redirects.parse(own):
            return True
        return super()._allows_redirect(settings, redirect)
