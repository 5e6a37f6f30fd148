from odoo.tests import tagged

from odoo.addons.crm_common.tests.javascript import JavaScriptCase


@tagged("post_install", "-at_install")
class TestJavaScript(JavaScriptCase):
    def test_javascript(self):
        self.assertJavaScriptWorks("crm_mail_plugin_outlook")
