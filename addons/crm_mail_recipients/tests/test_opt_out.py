from odoo.tests import tagged

from .common import RecipientCase


@tagged("post_install", "-at_install")
class TestOptOut(RecipientCase):
    """Who wants no mailings is asked of the address that is really written to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def _blacklist(self, *emails):
        self.env["mail.blacklist"].create([{"email": email} for email in emails])

    def _send_from_list(self, records, user=None, **values):
        """The list view's *Send Email*."""
        composer = self.env["mail.compose.message"].with_user(user or self.salesman)
        wizard = composer.create(
            {
                "composition_mode": "mass_mail",
                "model": records._name,
                "res_ids": records.ids,
                "subject": "News",
                "body": "<p>News</p>",
                "auto_delete": False,
                **values,
            }
        )
        with self.mock_smtplib_connection():
            mails, _messages = wizard._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        return mails

    def assertCancelled(self, mails, failure_type="mail_bl"):
        self.assertEqual(mails.mapped("state"), ["cancel"] * len(mails))
        self.assertEqual(set(mails.mapped("failure_type")), {failure_type})
        self.assertNothingLeft()

    def test_a_deal_of_a_blacklisted_contact_gets_no_mailing(self):
        self._blacklist("contact1@bob.test")
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        self.assertFalse(deal.email_from)
        self.assertCancelled(self._send_from_list(deal))

    def test_the_exclusion_list_can_be_left_aside_as_in_stock(self):
        self._blacklist("contact1@bob.test")
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        self._send_from_list(deal, use_exclusion_list=False)
        self.assertReached("contact1@bob.test")

    def test_an_address_of_the_card_that_is_not_written_to_blocks_nobody(self):
        self._blacklist("own1@card.test", "contact2@bob.test", "company1@acme.test")
        deal = self._lead(
            type="opportunity",
            partner_id=self.bob.id,
            recipient_company_id=self.acme.id,
            email_from="own1@card.test",
        )
        self.assertEqual(self._send_from_list(deal).state, "sent")
        self.assertReached("contact1@bob.test")

    def test_a_blacklisted_own_address_of_a_lead_is_asked_for_where_it_is_written_to(self):
        self._blacklist("own1@card.test")
        lead = self._lead(partner_id=self.bob.id, email_from="own1@card.test")
        self.assertCancelled(self._send_from_list(lead))

    def test_an_extra_address_and_other_spellings_are_found_on_the_blacklist(self):
        self._blacklist("extra@bob.test", "x@bücher.test")
        self.bob.email = False
        self.bob.recipient_address_ids = [(0, 0, {"email": "Extra@Bob.test"})]
        book = self.env["res.partner"].create({"name": "Book", "email": "X@xn--bcher-kva.test"})
        for contact in (self.bob, book):
            deal = self._lead(type="opportunity", partner_id=contact.id)
            self.assertCancelled(self._send_from_list(deal))

    def test_the_contact_of_a_company_without_address_is_not_written_to_instead(self):
        self._blacklist("contact1@bob.test")
        self.corp.email = False
        mails = self._send_from_list(self.corp)
        self.assertEqual(mails.failure_type, "mail_email_missing")
        self.assertNothingLeft()

    def test_contacts_and_templates_are_asked_about_as_well(self):
        self._blacklist("contact1@bob.test")
        template = self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "use_default_to": False,
                "partner_to": "{{ object.partner_id.id }}",
                "body_html": "<p>News</p>",
                "subject": "News",
            }
        )
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        self.assertCancelled(self._send_from_list(deal, template_id=template.id))
        self.assertCancelled(self._send_from_list(self.bob))

    def test_two_cards_of_one_contact_get_one_mailing(self):
        deals = self._lead(type="opportunity", partner_id=self.bob.id, email_from="a@x.test")
        deals |= self._lead(type="opportunity", partner_id=self.bob.id, email_from="b@x.test")
        mails = self._send_from_list(deals)
        self.assertEqual(mails.mapped("state"), ["sent", "cancel"])
        self.assertEqual(mails[1].failure_type, "mail_dup")
        self.assertEqual(len(self.emails), 1)

    def test_two_contacts_whose_cards_have_the_same_own_address_get_one_mailing_each(self):
        deals = self._lead(type="opportunity", partner_id=self.bob.id, email_from="a@x.test")
        deals |= self._lead(type="opportunity", partner_id=self.acme.id, email_from="a@x.test")
        self.assertEqual(self._send_from_list(deals).mapped("state"), ["sent", "sent"])
        self.assertReached("contact1@bob.test", "company1@acme.test")

    def test_a_mailing_in_the_queue_goes_to_the_address_that_was_asked_about(self):
        self._blacklist("opted@out.test")
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "crm.lead",
                    "res_ids": deal.ids,
                    "subject": "News",
                    "body": "<p>News</p>",
                    "force_send": False,
                }
            )
        )
        mails, _messages = composer._action_send_mail()
        self.bob.email = "opted@out.test, contact1@bob.test"
        with self.mock_smtplib_connection():
            mails.send()
        self.assertReached("contact1@bob.test")

    def test_what_a_person_sends_from_a_card_is_sent_and_the_picker_marks_the_address(self):
        self._blacklist("contact2@bob.test")
        deal = self._lead(type="opportunity", partner_id=self.bob.id)
        candidates = self._as(deal)._recipient_picker()["candidates"]
        self.assertEqual(
            {c["email"]: c["blacklisted"] for c in candidates},
            {"contact1@bob.test": False, "contact2@bob.test": True},
        )
        with self.mock_smtplib_connection():
            self._as(deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": "contact2@bob.test", "partner_id": self.bob.id}],
            )
        self.assertReached("contact2@bob.test")

    def test_the_number_of_queries_of_a_mailing_s_recipients_does_not_grow_with_the_cards(self):
        self._blacklist("contact1@bob.test")
        composer = self.env["mail.compose.message"].create(
            {"composition_mode": "mass_mail", "model": "crm.lead", "subject": "x", "body": "x"}
        )

        def queries(number):
            deals = self.env["crm.lead"].create(
                [{"name": "x", "type": "opportunity", "partner_id": self.bob.id}] * number
            )
            values = {deal.id: {"recipient_ids": [(4, self.bob.id)]} for deal in deals}
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = composer._process_mail_values_state(values)
            self.assertEqual({v["failure_type"] for v in found.values()}, {"mail_bl"})
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(40))

    def test_without_the_policy_a_mailing_asks_what_stock_asks_and_no_query_more(self):
        self._policy(False)
        composer = self.env["mail.compose.message"].new(
            {"composition_mode": "mass_mail", "model": "crm.lead"}
        )
        composer._recipient_mass_verdicts({1: {}})
        with self.assertQueryCount(0):
            self.assertFalse(composer._recipient_mass_verdicts({1: {}}))
