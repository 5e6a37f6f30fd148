from odoo.tests import tagged

from odoo.addons.crm_common.tests.javascript import JavaScriptCase


@tagged("post_install", "-at_install")
class TestJavaScript(JavaScriptCase):
    def test_what_users_see_and_do_in_the_browser(self):
        self.assertJavaScriptWorks("crm_lead_directory")
