"""What tests of the rows of providers share; the contract of adapters is in `provider_contract`."""

from odoo.tests import TransactionCase, tagged

from .http_server import LoopbackCase


@tagged("post_install", "-at_install")
class NeutralizedCase(LoopbackCase, TransactionCase):
    """A neutralized copy of a database, with all providers in use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("database.is_neutralized", "true")

    def providers(self, url):
        Provider = self.env["lead.mining.provider"].with_context(active_test=False)
        Provider.search([]).active = False
        # All of ours ask strangers; what other addons bring may not.
        ours = {
            code
            for code, adapter in Provider._adapter_classes().items()
            if adapter.__module__.startswith("odoo.addons.crm_lead_mining.")
        }
        for code in ours - set(Provider.search([]).mapped("code")):
            Provider.create({"name": code, "code": code})
        providers = Provider.search([("code", "in", list(ours))])
        providers.write({"active": True, "api_key": "secret", "base_url": url})
        return providers
