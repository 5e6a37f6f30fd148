import re
from email import message_from_string
from email.policy import default

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_mail_recipients.tests.common import RecipientCase


class MailingCase(RecipientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def _send(self, records, **values):
        mailing = self.env["mailing.mailing"].create(
            {
                "name": "News",
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id(records._name),
                "mailing_domain": [("id", "in", records.ids)],
                "body_html": '<p>News <a href="/unsubscribe_from_list">Out</a></p>',
                "email_from": "office@house.test",
                "keep_archives": True,
                **values,
            }
        )
        with self.mock_smtplib_connection():
            mailing.action_send_mail()
            self.env["mail.mail"].process_email_queue()
        return mailing.mailing_trace_ids.sorted("res_id")

    def _deal(self, **values):
        return self._lead(type="opportunity", **values)


@tagged("post_install", "-at_install")
class TestMailing(MailingCase):
    """Mailings to cards, judged by what leaves and by the traces."""

    def _states(self, traces):
        return traces.mapped(lambda t: (t.trace_status, t.failure_type))

    def test_a_campaign_asks_the_blacklist_of_the_address_it_goes_to(self):
        self.env["mail.blacklist"].create([{"email": "contact1@bob.test"}, {"email": "a@x.test"}])
        deals = self._deal(partner_id=self.bob.id)
        deals |= self._deal(partner_id=self.acme.id, email_from="a@x.test")
        traces = self._send(deals)
        self.assertEqual(self._states(traces), [("cancel", "mail_bl"), ("sent", False)])
        self.assertEqual(traces.mapped("email"), ["contact1@bob.test", "company1@acme.test"])
        self.assertReached("company1@acme.test")

    def test_a_campaign_goes_to_the_address_last_used_and_asks_the_blacklist_of_it(self):
        deal = self._deal(partner_id=self.acme.id)
        choice = {"email": "company2@acme.test", "partner_id": self.acme.id}
        with self.mock_smtplib_connection():
            self._as(deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[choice],
            )
        traces = self._send(deal)
        self.assertEqual(self._states(traces), [("sent", False)])
        self.assertEqual(traces.email, "company2@acme.test")
        self.assertReached("company2@acme.test")
        self.env["mail.blacklist"].create({"email": "company2@acme.test"})
        self.assertEqual(self._states(self._send(deal)), [("cancel", "mail_bl")])
        self.assertNothingLeft()

    def test_a_campaign_without_exclusion_list_is_sent_as_in_stock(self):
        self.env["mail.blacklist"].create({"email": "contact1@bob.test"})
        self._send(self._deal(partner_id=self.bob.id), use_exclusion_list=False)
        self.assertReached("contact1@bob.test")

    def test_opt_outs_of_the_model_are_asked_of_the_address_written_to(self):
        lead_class = self.registry["crm.lead"]
        lead_class._mailing_get_opt_out_list = lambda model, mailing: {"contact1@bob.test"}
        self.addCleanup(delattr, lead_class, "_mailing_get_opt_out_list")
        traces = self._send(self._deal(partner_id=self.bob.id))
        self.assertEqual(self._states(traces), [("cancel", "mail_optout")])
        self.assertNothingLeft()

    def test_who_opted_out_in_another_spelling_of_the_domain_gets_nothing(self):
        lead_class = self.registry["crm.lead"]
        lead_class._mailing_get_opt_out_list = lambda model, mailing: {"ann@bücher.test"}
        self.addCleanup(delattr, lead_class, "_mailing_get_opt_out_list")
        for email in ("Ann@bücher.test", "ann@xn--bcher-kva.test"):
            self.bob.email = email
            traces = self._send(self._deal(partner_id=self.bob.id))
            self.assertEqual(self._states(traces), [("cancel", "mail_optout")], email)
        self.assertNothingLeft()

    def test_one_contact_gets_a_campaign_once_also_over_two_runs(self):
        first = self._deal(partner_id=self.bob.id)
        traces = self._send(first | self._deal(partner_id=self.bob.id))
        self.assertEqual(set(self._states(traces)), {("sent", False), ("cancel", "mail_dup")})
        self.assertEqual(len(self.emails), 1)
        later = self._deal(partner_id=self.bob.id)
        mailing = traces.mass_mailing_id
        with self.mock_smtplib_connection():
            mailing.action_send_mail(later.ids)
        self.assertNothingLeft()
        trace = mailing.mailing_trace_ids.filtered(lambda t: t.res_id == later.id)
        self.assertEqual(self._states(trace), [("cancel", "mail_dup")])

    def test_a_campaign_to_a_company_without_address_reaches_nobody_and_is_logged(self):
        self.corp.email = False
        traces = self._send(self.corp)
        self.assertEqual(self._states(traces), [("cancel", "mail_email_missing")])
        self.assertNothingLeft()
        log = self.env["mail.recipient.log"].search([("res_id", "=", self.corp.id)])
        self.assertEqual((log.reason, log.verdict, log.path), ("no_address", "dropped", "mailing"))

    def test_the_links_to_unsubscribe_are_those_of_the_address_written_to(self):
        self.bob.email = False
        self.bob.recipient_address_ids = [(0, 0, {"email": "extra@bob.test"})]
        traces = self._send(self._deal(partner_id=self.bob.id))
        self.assertEqual((traces.trace_status, traces.email), ("sent", "extra@bob.test"))
        mail = message_from_string(self.emails[0]["message"], policy=default)
        texts = [mail["List-Unsubscribe"], mail.get_body(["html"]).get_content()]
        for text in texts:
            self.assertEqual(set(re.findall(r"email=([^&\s\">]+)", text)), {"extra%40bob.test"})

    def test_a_mail_of_a_campaign_that_the_queue_stops_is_cancelled_in_its_trace(self):
        deal = self._deal(partner_id=self.bob.id)
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "crm.lead",
                "res_ids": deal.ids,
                "subject": "News",
                "body": "<p>News</p>",
                "mass_mailing_name": "News",
                "force_send": False,
            }
        )
        mails, _messages = composer._action_send_mail()
        deal.partner_id = False
        with self.mock_smtplib_connection():
            mails.send()
        traces = composer.mass_mailing_id.mailing_trace_ids
        self.assertEqual(self._states(traces), [("cancel", "recipient_policy")])
        self.assertNothingLeft()
        deal.partner_id = self.bob
        mails.mark_outgoing()
        with self.mock_smtplib_connection():
            mails.send()
        self.assertEqual(self._states(traces), [("sent", False)])

    def test_before_a_campaign_is_sent_it_is_told_who_is_left_out(self):
        self.env["mail.blacklist"].create({"email": "contact1@bob.test"})
        deals = self._deal(name="Of Bob", partner_id=self.bob.id)
        deals |= self._deal(name="Nobody") | self._deal(partner_id=self.acme.id)
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "mailing_domain": [("id", "in", deals.ids)],
                "body_html": "<p>News</p>",
            }
        )
        types = dict(self.env["mail.mail"]._fields["failure_type"]._description_selection(self.env))
        preview = mailing.recipient_preview
        self.assertEqual((preview["records"], preview["mailed"]), (3, 1))
        self.assertEqual(
            {line["reason"]: line["names"] for line in preview["left_out"]},
            {types["mail_bl"]: ["Of Bob"], types["mail_email_missing"]: ["Nobody"]},
        )
        with self.mock_smtplib_connection():
            mailing.action_send_mail()
            self.env["mail.mail"].process_email_queue()
        self.assertReached("company1@acme.test")
        self.assertFalse(mailing.recipient_preview)

    def test_who_may_not_view_the_cards_opens_a_campaign_and_is_told_nothing_of_them(self):
        mailer = new_test_user(
            self.env, login="mailer", groups="mass_mailing.group_mass_mailing_user"
        )
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "mailing_domain": [("id", "in", self._deal(partner_id=self.bob.id).ids)],
            }
        )
        self.assertTrue(mailing.recipient_preview)
        mailing.invalidate_recordset()
        self.assertFalse(
            mailing.with_user(mailer).read(["recipient_preview"])[0]["recipient_preview"]
        )

    def test_a_campaign_whose_filter_is_outdated_can_be_opened_and_mended(self):
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "mailing_domain": "[('x_gone', '=', 1)]",
            }
        )
        self.assertFalse(mailing.recipient_preview)

    def test_without_the_policy_nothing_differs(self):
        self._policy(False)
        self.env["mail.blacklist"].create({"email": "contact1@bob.test"})
        deal = self._deal(partner_id=self.bob.id)
        self.assertEqual(self._states(self._send(deal)), [("cancel", "mail_bl")])
