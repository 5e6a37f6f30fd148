"""What a press on a button does, and does once."""

import base64
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_mail_plugin.tools.settings import Settings

from ..tools import actions, network
from . import fake_google
from .common import GmailCase

RICH = b"""From: Ann Doe <ann@acme.test>
To: Sally <sally@ours.example>
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
Date: Tue, 14 Nov 2023 22:13:20 +0000
Message-ID: <rich@acme.test>
MIME-Version: 1.0
Content-Type: multipart/related; boundary="XX"

--XX
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

<p>Gr\xfc\xdfe <img src="cid:logo@x"></p>
--XX
Content-Type: image/png; name=logo.png
Content-ID: <logo@x>
Content-Disposition: inline
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--XX
Content-Type: application/pdf
Content-Disposition: attachment; filename="offer.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQ=
--XX--
"""


@tagged("post_install", "-at_install")
class TestGmailActions(GmailCase):
    def setUp(self):
        super().setUp()
        self.link()

    def logged(self, record):
        return record.message_ids.filtered(lambda message: message.message_type == "email")

    # === LOGGING === #

    def test_an_e_mail_is_logged_whole(self):
        self.google.mails[fake_google.OPEN_ID] = RICH
        card, says = self.press(self.open(), "Log E-mail")
        self.assertIn("was logged", says)
        self.assertIn("E-mail Logged", card.labels)
        [message] = self.logged(self.ann)
        self.assertEqual(message.subject, "Grüße")
        self.assertEqual(message.message_id, "<rich@acme.test>")
        self.assertEqual(str(message.date), "2023-11-14 22:13:20")
        self.assertEqual(message.author_id, self.ann)
        self.assertIn("Grüße", message.body)
        self.assertIn("/web/image/", message.body)
        self.assertEqual({*message.attachment_ids.mapped("name")}, {"logo.png", "offer.pdf"})

    def test_it_is_logged_once_for_all_colleagues(self):
        card = self.open()
        self.press(card, "Log E-mail")
        _card, says = self.press(card, "Log E-mail")
        self.assertIn("logged there already", says)
        other = new_test_user(self.env, "other", self.groups, email="o@ours.example")
        self.link(other, "77", "o@ours.example")
        theirs = self.open(sub="77", email="o@ours.example")
        _card, says = self.press(theirs, "E-mail Logged", sub="77", email="o@ours.example")
        self.assertIn("logged there already", says)
        self.assertEqual(len(self.logged(self.ann)), 1)

    def test_what_the_mail_gateway_brought_in_counts_as_logged(self):
        self.ann.message_post(body="x", message_id="<offer@acme.test>")
        self.assertIn("E-mail Logged", self.open().labels)

    def test_a_reply_by_mail_lands_on_the_record(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": self.ann.id})
        card = self.open().section("Opportunities")
        self.press(card, "Log E-mail")
        self.assertEqual(len(self.logged(lead)), 1)
        self.env["mail.thread"].message_process(
            "crm.lead",
            "From: ann@acme.test\nTo: x@y.test\nSubject: Re: Offer\nMessage-ID: <r@acme.test>\n"
            "In-Reply-To: <offer@acme.test>\n\nYes",
        )
        self.assertIn("<r@acme.test>", lead.message_ids.mapped("message_id"))

    def test_of_an_e_mail_that_is_too_large_the_text_is_logged_with_what_is_missing(self):
        self.google.mails[fake_google.OPEN_ID] = RICH
        self.google.size = 45 * 1024 * 1024
        self.press(self.open(), "Log E-mail")
        [message] = self.logged(self.ann)
        self.assertIn("Grüße", message.body)
        self.assertIn("offer.pdf", message.body)
        self.assertNotIn("raw", self.google.formats)

    # === RECORDS === #

    def test_a_lead_is_made_as_the_other_add_ins_make_it(self):
        card = self.open()
        self.assertIn("Opportunities (0)", card.text)
        card, says = self.press(card.section("Opportunities"), "New")
        self.assertIn("Offer wanted", says)
        self.assertIn("Opportunities (1)", card.text)
        lead = self.env["crm.lead"].search([("partner_id", "=", self.ann.id)])
        self.assertEqual((lead.name, lead.user_id), ("Offer wanted", self.user))
        self.assertIn("offer", lead.description)
        self.assertEqual(len(self.logged(lead)), 1)
        self.press(card.section("Opportunities"), "New")
        made = self.call("/mail_plugin/lead/create", {
            "partner_id": self.ann.id, "email_subject": "Offer wanted", "email_body": "<p>x</p>",
            "message_id": "<offer@acme.test>",
        })  # fmt: skip
        self.assertEqual(made["lead_id"], lead.id)

    def test_a_lead_of_somebody_unknown_makes_the_contact(self):
        self.ann.unlink()
        self.press(self.open().section("Opportunities"), "New")
        lead = self.env["crm.lead"].search([("name", "=", "Offer wanted")])
        self.assertEqual(lead.partner_id.email, "ann@acme.test")
        self.assertEqual(lead.partner_id.name, "Ann Doe")

    def test_a_right_that_is_missing_is_a_sentence_and_nothing_is_made(self):
        card = self.open().section("Opportunities")
        self.user.write({"group_ids": [(6, 0, self.env.ref("base.group_user").ids)]})
        _card, says = self.press(card, "New")
        self.assertTrue(says)
        self.assertFalse(self.env["crm.lead"].search([("partner_id", "=", self.ann.id)]))

    def test_a_task_is_put_into_a_project(self):
        if "project.task" not in self.env:
            self.skipTest("There are no tasks.")
        manager = self.env.ref("project.group_project_manager")
        self.user.group_ids |= manager
        project = self.env["project.project"].create({"name": "Rocket"})
        picker, _says = self.press(self.open().section("Tasks"), "New")
        card, says = self.press(picker, "Rocket")
        self.assertIn("Tasks (1)", card.text)
        [task] = project.task_ids
        self.assertEqual((task.name, task.partner_id), ("Offer wanted", self.ann))
        self.press(picker, "Rocket")
        self.assertEqual(len(project.task_ids), 1)
        _card, says = self.press(picker, "Create and Use", {"place": "Moon"})
        self.assertIn("Offer wanted", says)
        moon = self.env["project.project"].search([("name", "=", "Moon")])
        self.assertEqual(len(moon.task_ids), 1)
        _card, says = self.press(picker, "Create and Use")
        self.assertIn("Type a name", says)

    def test_a_double_click_makes_one_project(self):
        if "project.task" not in self.env:
            self.skipTest("There are no tasks.")
        self.user.group_ids |= self.env.ref("project.group_project_manager")
        picker, _says = self.press(self.open().section("Tasks"), "New")
        for _time in range(2):
            self.press(picker, "Create and Use", {"place": "Moon"})
        moon = self.env["project.project"].search([("name", "=", "Moon")])
        self.assertEqual((len(moon), len(moon.task_ids)), (1, 1))

    def test_of_many_projects_each_can_be_searched_for(self):
        if "project.task" not in self.env:
            self.skipTest("There are no tasks.")
        self.user.group_ids |= self.env.ref("project.group_project_manager")
        projects = self.env["project.project"].create(
            [{"name": f"Rocket {number:02}", "sequence": number} for number in range(40)]
        )
        picker, _says = self.press(self.open().section("Tasks"), "New")
        last = next(one for one in projects if one.name not in picker.texts)
        _card, says = self.press(picker, "Search", {"query": "ro"})
        self.assertIn("at least 3 letters", says)
        nothing, _says = self.press(picker, "Search", {"query": "no such"})
        self.assertIn("Nothing was found.", nothing.text)
        found, _says = self.press(nothing, "Search", {"query": last.name})
        self.press(found, last.name)
        self.assertEqual(last.task_ids.name, "Offer wanted")

    def test_a_ticket_is_made(self):
        if "helpdesk.ticket" not in self.env:
            self.skipTest("There are no tickets.")
        self.user.group_ids |= self.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        card, _says = self.press(self.open().section("Tickets"), "New")
        self.assertIn("Tickets (1)", card.text)
        ticket = self.env["helpdesk.ticket"].search([("partner_id", "=", self.ann.id)])
        self.assertEqual(ticket.name, "Offer wanted")

    def test_the_true_number_is_told_and_all_are_shown(self):
        self.env["crm.lead"].create(
            [{"name": f"Deal {number}", "partner_id": self.ann.id} for number in range(8)]
        )
        card = self.open()
        self.assertIn("Opportunities (8)", card.text)
        shown, _says = self.press(card, "Show All")
        self.assertEqual(sum(text.startswith("Deal") for text in shown.texts), 8)

    def test_a_companys_data_are_bought_at_the_price_that_is_told(self):
        card = self.open()
        [label] = [label for label in card.labels if label.startswith("Look Up Company")]
        with patch.object(self.registry["iap.enrich.api"], "_get_company_price", lambda self: 7):
            self.assertIn("Look Up Company (7 credits)", self.open().labels)
        data = {"name": "Acme Ltd", "domain": "acme.test", "employees": 42}
        with patch.object(
            self.registry["iap.enrich.api"],
            "_request_enrich",
            lambda self, emails: dict.fromkeys(emails, data),
        ):
            card, says = self.press(card, label)
        self.assertIn("filled in", says)
        self.assertIn("42", card.text)
        self.assertNotIn(label, card.labels)
        self.env["ir.config_parameter"].set_param(Settings.PREFIX + "enrichment", "never")
        self.acme.iap_enrich_info = False
        self.assertFalse([one for one in self.open().labels if one.startswith("Look Up")])

    def test_a_double_click_buys_a_companys_data_once(self):
        card, bought = self.open(), []

        def provide(_self, emails):
            bought.append(emails)
            return dict.fromkeys(emails, {"name": "Acme Ltd", "domain": "acme.test"})

        [label] = [label for label in card.labels if label.startswith("Look Up Company")]
        with patch.object(self.registry["iap.enrich.api"], "_request_enrich", provide):
            for _time in range(2):
                _card, says = self.press(card, label)
                self.assertIn("filled in", says)
        self.assertEqual(len(bought), 1)

    # === WHAT A BUTTON CARRIES === #

    def test_a_button_of_others_or_of_another_e_mail_does_nothing(self):
        card = self.open()
        button = card.parameter("Log E-mail")
        other = new_test_user(self.env, "other", self.groups, email="o@ours.example")
        self.link(other, "77", "o@ours.example")
        message, _dot, signature = button.partition(".")
        forged = base64.urlsafe_b64encode(
            base64.urlsafe_b64decode(message).replace(b"res.partner", b"res.users")
        ).decode()
        for parameter, event, said in (
            (button, {"sub": "77", "email": "o@ours.example"}, "too old"),
            (f"{forged}.{signature}", {}, "too old"),
            ("", {}, "too old"),
            (button, {"message": "msg-f:99"}, "Another e-mail is open now"),
            (button, {"message": None}, "Another e-mail is open now"),
        ):
            answer = self.ask(parameters={"a": parameter, "b": "x"}, **event)
            said_now = answer["renderActions"]["action"]["notification"]["text"]
            self.assertIn(said, said_now)
        old = actions.SECONDS_VALID
        self.addCleanup(setattr, actions, "SECONDS_VALID", old)
        actions.SECONDS_VALID = -1
        _card, says = self.press(self.open(), "Log E-mail")
        self.assertIn("too old", says)
        self.assertFalse(self.logged(self.ann))

    def test_a_record_that_is_gone_is_a_sentence(self):
        card = self.open()
        self.ann.unlink()
        _card, says = self.press(card, "Log E-mail")
        self.assertIn("no longer exists", says)

    def test_nothing_is_half_written_when_gmail_fails(self):
        self.ann.unlink()
        card = self.open().section("Opportunities")
        for status in ([200, 401], [200, 429, 429], [200, 500, 500], [200, 404, 404]):
            self.google.status = list(status)
            _card, says = self.press(card, "New")
            self.assertTrue(says)
        with patch.object(network, "SECONDS", 1), patch.object(network, "TOTAL", 1):
            self.google.status = [200, "hangs"]
            _card, says = self.press(card, "New")
        self.assertIn("in time", says)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Offer wanted")]))
        self.assertFalse(
            self.env["res.partner"].search([("email_normalized", "=", "ann@acme.test")])
        )

    @mute_logger("odoo.addons.crm_mail_plugin_google.controllers.gmail_addon")
    def test_what_fails_in_the_middle_writes_nothing_and_the_next_click_works(self):
        self.ann.unlink()
        card = self.open().section("Opportunities")
        with patch.object(
            self.registry["crm.lead"], "mail_plugin_take", side_effect=ValueError("secret")
        ):
            _card, says = self.press(card, "New")
        self.assertIn("Something went wrong", says)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Offer wanted")]))
        self.assertFalse(
            self.env["res.partner"].search([("email_normalized", "=", "ann@acme.test")])
        )
        card, says = self.press(card, "New")
        self.assertIn("Opportunities (1)", card.text)
