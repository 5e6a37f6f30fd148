from unittest.mock import patch

from odoo.tests import TransactionCase

from ..models.ir_config_parameter import IrConfigParameter


class TestCopies(TransactionCase):
    """What Odoo does to a duplicated database: its parameters get another identity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.env["ir.mail_server"].create({"name": "Own", "smtp_host": "smtp.example"})
        cls.parameters = cls.env["ir.config_parameter"]

    def _works(self, modules, *, force):
        """Tell whether the mail server, which `base` stops when neutralized, still works."""
        with patch.object(IrConfigParameter, "_modules_stopped_on_copies", lambda self: modules):
            self.parameters.init(force=force)
        self.server.invalidate_recordset()
        return self.server.active

    def test_a_copy_stops_what_the_named_modules_stop_and_nothing_else(self):
        identity = self.parameters.get_param("database.uuid")
        self.assertTrue(self._works(["crm_common"], force=True))  # it has nothing to stop
        self.assertNotEqual(self.parameters.get_param("database.uuid"), identity)
        self.assertFalse(self._works(["base"], force=True))

    def test_an_update_that_keeps_the_identity_stops_nothing(self):
        self.assertTrue(self._works(["base"], force=False))
