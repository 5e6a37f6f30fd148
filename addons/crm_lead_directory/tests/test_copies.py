from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from .common import DirectoryCase


@tagged("post_install", "-at_install")
class TestNeutralizedDirectory(DirectoryCase):
    def test_the_directory_answers(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self._import_rows("Acme,FR-SIREN,123456789,acme.example,FR,,10,62,Paris,,,,")
        provider = self.env["lead.mining.provider"].search([("code", "=", "directory")])
        adapter = provider._build_adapter()
        self.assertTrue(adapter.probe().ok)
        self.assertTrue(adapter.search(self._query()).companies)

    def test_a_copy_imports_nothing_by_itself(self):
        cron = self.env.ref("crm_lead_directory.ir_cron_lead_directory_import")
        for copy in (
            lambda: neutralize_database(self.env.cr),
            lambda: self.env["ir.config_parameter"].init(force=True),
        ):
            cron.active = True
            self.env.flush_all()
            copy()
            self.env.invalidate_all(flush=False)
            self.assertFalse(cron.active)
