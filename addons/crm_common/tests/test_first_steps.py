from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestFirstSteps(TransactionCase):
    def setUp(self):
        super().setUp()
        self.steps = self.env["first.steps"]
        self.env["ir.config_parameter"].set_param("crm_common.first_steps_dismissed", False)

    def have(self, *done):
        """Let there be a step for each of these, done or not."""
        steps = {
            number: {"name": f"step{number}", "is_done": is_done}
            for number, is_done in enumerate(done)
        }
        return patch.object(type(self.steps), "_steps", lambda _self: dict(reversed(steps.items())))

    def test_steps_are_shown_in_their_order_until_all_are_done(self):
        with self.have(True, False):
            names = [step["name"] for step in self.steps.get_steps()]
        self.assertEqual(names, ["step0", "step1"])
        with self.have(True, True):
            self.assertEqual(self.steps.get_steps(), [])

    def test_steps_that_were_put_aside_are_found_again(self):
        with self.have(False):
            self.steps.dismiss()
            self.assertEqual(self.steps.get_steps(), [])
            self.steps.dismiss(False)
            self.assertTrue(self.steps.get_steps())

    def test_steps_that_are_all_done_are_shown_to_who_asks_for_them_until_they_are_hidden(self):
        with self.have(True, True):
            self.steps.dismiss(False)
            self.assertEqual(len(self.steps.get_steps()), 2)
            self.steps.dismiss()
            self.assertEqual(self.steps.get_steps(), [])

    def test_steps_are_for_administrators(self):
        user = new_test_user(self.env, "someone", "base.group_user")
        with self.have(False):
            self.assertEqual(self.steps.with_user(user).get_steps(), [])
            with self.assertRaises(AccessError):
                self.steps.with_user(user).dismiss()

    def test_each_step_of_ours_says_what_to_do_and_opens_something(self):
        for step in self.steps._steps().values():
            with self.subTest(step["name"]):
                self.assertTrue(step["title"] and step["text"] and step["button"])
                action = step["action"]
                if isinstance(action, str):
                    action = self.env["ir.actions.actions"]._for_xml_id(action)
                self.assertTrue(action["type"])
