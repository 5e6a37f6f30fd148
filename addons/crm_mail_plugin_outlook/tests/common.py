from odoo.addons.crm_mail_plugin.models.ir_http import GENERATION_HEADER
from odoo.addons.crm_mail_plugin.tests.common import AddinCase

ADDRESS = "https://erp.ours.example"


class OutlookCase(AddinCase):
    """The pane, which talks to the real routes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the administrator has chosen for the published add-ins is nothing to the pane.
        cls.set_option("generation", "1")

    def post(self, route, params=None, token=None, **headers):
        return super().post(route, params, token, **{GENERATION_HEADER: "2", **headers})

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    @classmethod
    def set_address(cls, address):
        cls.env["ir.config_parameter"].sudo().set_param("web.base.url", address)
