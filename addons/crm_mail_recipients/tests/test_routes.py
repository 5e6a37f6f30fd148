from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RecipientCase

_ODD = (True, False, None, 10**12, -1, 0, 1.5, "abc", "7", [], [1], {}, {"id": 1})
#: What is said to who asks for something that there is not.
_ANSWERS = (
    "odoo.exceptions.UserError",
    "odoo.exceptions.AccessError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.MissingError",
    "werkzeug.exceptions.NotFound",
    "404: Not Found",
)


@tagged("post_install", "-at_install")
class TestRoutes(RecipientCase, HttpCase):
    """What a client sends may be anything: it is answered, and is no error of the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.salesman.password = "salesman"

    def setUp(self):
        super().setUp()
        self.deal = self._lead(type="opportunity", partner_id=self.bob.id, email_from="x@x.test")
        self.authenticate("salesman", "salesman")

    def _ask(self, route, **params):
        params = {"thread_model": "crm.lead", "thread_id": self.deal.id, **params}
        with mute_logger("odoo.http"):
            try:
                return self.make_jsonrpc_request(route, params)
            except JsonRpcException as error:
                self.assertIn(error.args[0], _ANSWERS)
                return None

    def _post(self, **post_data):
        body = {"body": "x", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        with self.mock_smtplib_connection():
            return self._ask("/mail/message/post", post_data={**body, **post_data})

    def test_a_contact_of_any_kind_may_stand_beside_a_chosen_address(self):
        for odd in _ODD:
            with self.subTest(odd):
                self.emails = []
                choice = {"email": "contact1@bob.test", "partner_id": odd}
                self.assertTrue(self._post(recipient_choices=[choice]))
                self.assertReached("contact1@bob.test")

    def test_more_recipients_than_a_message_takes_are_refused_and_not_left_out(self):
        self._policy(any_address=True)
        many = [{"email": f"p{number}@many.test"} for number in range(101)]
        self.assertIsNone(self._post(recipient_choices=many))
        self.assertNothingLeft()
        self.assertTrue(self._post(recipient_choices=many[:100]))
        reached, _shown = self.envelopes()
        self.assertEqual(len(reached), 100)

    def test_customers_write_to_nobody_of_their_choice(self):
        new_test_user(self.env, "customer", password="customer", groups="base.group_portal")
        model = self.env["ir.model"]._get("crm.lead")
        self.env["ir.model.access"].create(
            {
                "name": "portal",
                "model_id": model.id,
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        model.rule_ids.active = False
        self.authenticate("customer", "customer")
        for any_address in (False, True):
            self._policy(any_address=any_address)
            for header in ("to", "cc", "bcc"):
                chosen = [
                    {"email": email, "header": header}
                    for email in ("contact1@bob.test", "victim@rival.test")
                ]
                with self.subTest(any_address=any_address, header=header):
                    self.assertTrue(self._post(recipient_choices=chosen))
                    self.assertTrue(self._post(partner_emails=["victim@rival.test"]))
                    reached, _shown = self.envelopes()
                    self.assertFalse(reached & {"contact1@bob.test", "victim@rival.test"})

    def test_choices_of_any_kind_are_answered_and_reach_nobody_else(self):
        for odd in _ODD:
            with self.subTest(odd):
                self._post(recipient_choices=odd)
                self._post(recipient_choices=[odd])
                self._post(recipient_choices=[{"email": odd, "preselected": odd}])
                self._post(partner_emails=odd)
                self._ask("/crm_mail_recipients/envelope", recipient_choices=odd, partner_ids=odd)
                self._ask("/crm_mail_recipients/envelope", recipient_choices=[], partner_ids=[odd])
        reached, _shown = self.envelopes()
        self.assertLessEqual(reached, {"contact1@bob.test", "contact2@bob.test"})

    def test_what_is_accepted_of_any_kind_is_answered_and_changes_nothing(self):
        before = self.bob.recipient_address_ids
        for odd in _ODD:
            with self.subTest(odd):
                self._ask("/crm_mail_recipients/accept", email=odd)
                self._ask(
                    "/crm_mail_recipients/accept",
                    email="x@x.test", owner_model="res.partner", owner_id=odd,
                )  # fmt: skip
                self._ask(
                    "/crm_mail_recipients/accept",
                    email="x@x.test", owner_model=odd, owner_id=self.bob.id,
                )  # fmt: skip
        self.assertEqual(self.bob.recipient_address_ids, before)
        self.assertEqual(self.deal.partner_id, self.bob)

    def test_a_composer_with_choices_of_any_kind_is_answered(self):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model="crm.lead", default_res_ids=self.deal.ids)
        )
        for odd in _ODD:
            for choices in (odd, [odd], [{"email": "contact1@bob.test", "partner_id": odd}]):
                with self.subTest(choices):
                    wizard = composer.create({"body": "x", "recipient_choices": choices})
                    wizard.recipient_envelope  # noqa: B018

    def test_the_search_by_recipient_takes_values_of_any_kind(self):
        leads = self._as(self.env["crm.lead"])
        # No other field can be searched for a dictionary either.
        for odd in (one for one in _ODD if not isinstance(one, dict)):
            for operator in ("=", "ilike", "!=", "not ilike"):
                with self.subTest(odd=odd, operator=operator):
                    leads.search([("recipient_search", operator, odd)])
