import base64

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import AddinCase
from .test_fetch import picture

CREATE, GET = "/mail_plugin/lead/create", "/mail_plugin/partner/get"
LOG = "/mail_plugin/log_mail_content"
PICTURE = base64.b64encode(picture()).decode()


class LeadCase(AddinCase):
    def setUp(self):
        super().setUp()
        self.acme = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        self.ann = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@acme.test", "parent_id": self.acme.id}
        )

    def create_lead(self, body="<p>Hello</p>", subject="Offer", token=None, **params):
        result = self.call(
            CREATE,
            {"partner_id": self.ann.id, "email_body": body, "email_subject": subject, **params},
            token=token,
        )
        self.assertEqual(set(result), {"lead_id"})
        return self.env["crm.lead"].browse(result["lead_id"])

    def email_of(self, record):
        """Return the one e-mail that is logged on a record."""
        [message] = record.message_ids.filtered(
            lambda message: message.message_type == "email" or "Hello" in (message.body or "")
        )
        return message


@tagged("post_install", "-at_install")
class TestLeads(LeadCase):
    def test_a_lead_has_subject_text_and_sender(self):
        lead = self.create_lead(subject="Offer &amp; <b>more</b>")
        self.assertEqual((lead.name, lead.partner_id), ("Offer & *more*", self.ann))
        self.assertEqual((lead.email_from, lead.user_id), ("ann@acme.test", self.user))
        self.assertIn("Hello", lead.description)
        self.assertEqual(self.email_of(lead).author_id, self.ann)

    def test_the_original_date_and_message_id_are_kept_where_known(self):
        lead = self.create_lead(timestamp=1700000000000, message_id="<1@mail.acme.test>")
        message = self.email_of(lead)
        self.assertEqual(str(message.date), "2023-11-14 22:13:20")
        self.assertEqual(message.message_id, "<1@mail.acme.test>")

    def test_a_later_reply_finds_the_lead(self):
        lead = self.create_lead(message_id="<1@mail.acme.test>")
        self.env["mail.thread"].message_process(
            "res.partner",
            "From: ann@acme.test\nTo: nobody@ours.example\nSubject: Re: Offer\n"
            "Message-ID: <2@mail.acme.test>\nIn-Reply-To: <1@mail.acme.test>\n\nThanks",
        )
        self.assertIn("Thanks", "".join(lead.message_ids.mapped("body")))

    def test_pictures_and_files_come_along(self):
        lead = self.create_lead(
            body=f'<p>See <img src="cid:one@x"> <img src="data:image/png;base64,{PICTURE}"></p>',
            attachments=[["one.png", PICTURE, "<one@x>"], ["terms.txt", "SGVsbG8="]],
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )
        self.assertEqual(set(files.mapped("name")), {"one.png", "terms.txt", "image001.png"})
        self.assertEqual(files.filtered(lambda file: file.name == "terms.txt").raw, b"Hello")
        self.assertEqual(lead.description.count("/web/image/"), 2)
        self.assertNotIn("cid:", lead.description)
        self.assertNotIn("data:", lead.description)

    def test_pictures_that_did_not_come_along_leave_a_word(self):
        lead = self.create_lead(body='<p>See <img src="cid:x" alt="the plan"> now</p>')
        self.assertIn("See [the plan] now", lead.description)
        self.assertNotIn("cid:", lead.description)

    def test_scripts_do_not_come_along(self):
        lead = self.create_lead(
            body="<p onclick='x()'>Hello</p><script>alert(1)</script>"
            "<a href='javascript:x()'>y</a><iframe src='https://evil.example'></iframe>"
        )
        for text in ("script", "onclick", "iframe"):
            self.assertNotIn(text, lead.description + self.email_of(lead).body)

    def test_an_e_mail_without_subject_or_text_makes_a_lead_with_a_name(self):
        lead = self.create_lead(body=None, subject=None)
        self.assertIn("Ann", lead.name)
        self.assertFalse(lead.description)

    # === DUPLICATES === #

    def test_the_same_e_mail_leads_to_its_lead(self):
        lead = self.create_lead()
        self.assertEqual(self.create_lead(), lead)
        self.assertTrue(self.email_of(lead))

    def test_another_e_mail_of_the_thread_is_added_to_the_open_lead(self):
        lead = self.create_lead()
        self.assertEqual(self.create_lead("<p>More</p>", "RE: offer"), lead)
        self.assertNotEqual(self.create_lead("<p>Yet more</p>", "Offer"), lead)
        bodies = "".join(lead.message_ids.mapped("body"))
        self.assertIn("Hello", bodies)
        self.assertIn("More", bodies)

    def test_another_sender_and_another_subject_make_a_new_one(self):
        lead = self.create_lead("<p>one</p>")
        self.assertNotEqual(self.create_lead("<p>two</p>", "Re: Order"), lead)
        bob = self.env["res.partner"].create({"name": "Bob", "email": "bob@beta.test"})
        self.assertNotEqual(self.create_lead("<p>four</p>", "Re: Offer", partner_id=bob.id), lead)

    def test_enquiries_with_one_subject_are_leads_of_their_own(self):
        self.ann.email = "noreply@shop.test"
        texts = ("<p>Carla wants tea</p>", "<p>Dino wants coffee</p>", "<p>Eva</p>")
        leads = {self.create_lead(text, "New enquiry") for text in texts}
        leads |= {self.create_lead("<p>Fred</p>", "Fwd: New enquiry")}
        # A sender whom nobody can answer has no conversations.
        leads |= {self.create_lead("<p>Gina</p>", "Re: New enquiry")}
        self.assertEqual(len(leads), 5)

    def test_the_same_words_of_the_next_day_are_another_lead(self):
        lead = self.create_lead()
        self.turn_back_the_log(days=1)
        again = self.create_lead()
        self.assertNotEqual(again, lead)
        self.assertEqual(self.create_lead(), again)

    def test_the_same_words_sent_to_a_colleague_are_another_lead(self):
        colleague = new_test_user(self.env, login="carl", groups=self.groups)
        lead = self.create_lead()
        self.assertNotEqual(self.create_lead(token=self.make_token(colleague)), lead)

    def test_a_known_message_id_is_the_same_lead_for_all_and_for_ever(self):
        colleague = new_test_user(self.env, login="carl", groups=self.groups)
        lead = self.create_lead(message_id="<1@x.test>")
        self.turn_back_the_log(days=99)
        token = self.make_token(colleague)
        self.assertEqual(self.create_lead(message_id="<1@x.test>", token=token), lead)

    def test_a_closed_lead_is_followed_by_a_new_one_that_leads_to_it(self):
        for close in (
            lambda lead: lead.action_set_won(),
            lambda lead: lead.action_set_lost(),
            lambda lead: lead.action_archive(),
        ):
            for subject, again, known in (
                ("Order", "Order", {}),
                ("Order", "Order", {"message_id": "<9@x.test>"}),
                ("Tea", "Re: Tea", {}),
            ):
                with self.subTest(subject=again, known=known):
                    lead = self.create_lead(subject=subject, **known)
                    close(lead)
                    new = self.create_lead(subject=again, **known)
                    self.assertNotEqual(new, lead)
                    self.assertEqual((new.active, new.won_status), (True, "pending"))
                    bodies = "".join(new.message_ids.mapped("body"))
                    self.assertIn(f'data-oe-id="{lead.id}"', bodies)
                    self.assertEqual(self.create_lead(subject=again, **known), new)
                    # The next turn begins with nothing that is known.
                    (lead | new).unlink()

    def test_of_an_open_and_a_closed_lead_of_one_subject_the_open_one_is_answered(self):
        for newer_is_closed in (False, True):
            subject = f"Tea {newer_is_closed}"
            first = self.create_lead("<p>one</p>", subject)
            second = self.create_lead("<p>two</p>", subject)
            closed, still_open = (second, first) if newer_is_closed else (first, second)
            closed.action_set_won()
            self.assertEqual(self.create_lead("<p>three</p>", f"Re: Re: {subject}"), still_open)
            merged = self.create_lead("<p>two</p>" if newer_is_closed else "<p>one</p>", subject)
            self.assertNotIn(merged, closed)

    def test_a_closed_lead_that_the_user_may_not_see_is_not_told(self):
        lead = self.create_lead()
        lead.action_set_won()
        other = self.env["res.company"].create({"name": "Other"})
        lead.write({"user_id": False, "team_id": False, "company_id": other.id})
        new = self.create_lead()
        self.assertNotIn("data-oe-id", "".join(new.message_ids.mapped("body")))

    # === WHOSE === #

    def test_with_rules_for_assignment_the_rules_decide(self):
        self.env["ir.config_parameter"].sudo().set_param("crm.lead.auto.assignment", True)
        lead = self.create_lead()
        self.assertFalse(lead.user_id | lead.team_id.user_id)

    def test_a_user_without_leads_makes_none(self):
        clerk = new_test_user(
            self.env, login="clerk", groups="base.group_user,base.group_partner_manager"
        )
        params = {"partner_id": self.ann.id, "email_body": "x", "email_subject": "y"}
        self.assertIn("not allowed", self.refuse(CREATE, params, token=self.make_token(clerk)))
        self.assertFalse(self.env["crm.lead"].search([("partner_id", "=", self.ann.id)]))

    def test_a_contact_that_is_gone_or_not_the_users_makes_none(self):
        other = self.env["res.company"].create({"name": "Other"})
        secret = self.env["res.partner"].create({"name": "S", "company_id": other.id})
        for partner_id in (2**31 - 1, None, secret.id):
            self.refuse(CREATE, {"partner_id": partner_id, "email_body": "", "email_subject": ""})

    # === LIST === #

    def test_the_list_has_the_leads_of_contact_company_and_address_and_a_true_total(self):
        bob = self.env["res.partner"].create({"name": "Bob", "parent_id": self.acme.id})
        other = self.env["res.partner"].create({"name": "Other", "email": "other@x.test"})
        ours = self.env["crm.lead"].create(
            [{"name": "own", "partner_id": self.ann.id}]
            + [{"name": "company", "partner_id": self.acme.id}]
            + [{"name": "colleague", "partner_id": bob.id}]
            + [{"name": f"mail {n}", "email_from": "Ann <ANN@acme.test>"} for n in range(9)]
        )
        self.env["crm.lead"].create({"name": "not ours", "partner_id": other.id})
        result = self.call(GET, {"email": "ann@acme.test", "name": "Ann"})
        self.assertEqual({row["lead_id"] for row in result["leads"]}, set(ours.ids))
        self.assertEqual(result["lead_count"], 12)

    def test_the_leads_of_an_address_show_before_it_is_a_contact(self):
        lead = self.env["crm.lead"].create({"name": "early", "email_from": "new@beta.test"})
        result = self.call(GET, {"email": "new@beta.test", "name": "New"})
        self.assertEqual([row["lead_id"] for row in result["leads"]], [lead.id])
        self.assertEqual(result["lead_count"], 1)

    def test_the_leads_of_a_mailbox_show_in_every_spelling_of_its_address(self):
        lead = self.env["crm.lead"].create({"name": "early", "email_from": "new@bücher.test"})
        result = self.call(GET, {"email": "new@xn--bcher-kva.test", "name": "New"})
        self.assertEqual([row["lead_id"] for row in result["leads"]], [lead.id])

    def test_a_lead_row_reads_as_the_add_ins_show_it(self):
        lead = self.create_lead()
        lead.write({"expected_revenue": 1200, "probability": 35})
        [row] = self.call(GET, {"partner_id": self.ann.id})["leads"]
        self.assertEqual(set(row), {"lead_id", "name", "expected_revenue", "probability"})
        self.assertIn("1,200.00", row["expected_revenue"])
        self.assertEqual(row["probability"], 35)
        self.user.group_ids |= self.env.ref("crm.group_use_recurring_revenues")
        [row] = self.call(GET, {"partner_id": self.ann.id})["leads"]
        self.assertIn("recurring_revenue", row)
        self.assertFalse(row["recurring_plan"])


@tagged("post_install", "-at_install")
class TestLogging(LeadCase):
    def log(self, record, message="<p>Hello</p>", token=None, **params):
        sent = {"model": record._name, "res_id": record.id, "message": message, **params}
        return self.call(LOG, sent, token=token)

    def test_an_e_mail_is_logged_once_on_each_record(self):
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.ann.id})
        for _time in range(3):
            for record in (lead, self.ann):
                self.assertIs(self.log(record, attachments=[["a.txt", "SGVsbG8="]]), True)
        for record in (lead, self.ann):
            message = self.email_of(record)
            self.assertEqual(message.attachment_ids.mapped("name"), ["a.txt"])
            self.assertEqual(message.author_id, self.user.partner_id)
            self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))

    def test_equal_words_of_another_time_or_picture_are_logged(self):
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.ann.id})
        pixel, dot = (base64.b64encode(data).decode() for data in (picture(), picture()[:-1]))
        for text in (
            "<p>OK, thanks!</p>",
            f'<img src="data:image/png;base64,{pixel}">',
            f'<img src="data:image/png;base64,{dot}">',
            # What the first add-in for Outlook hands over of an e-mail without markup.
            "<div>From : ann@acme.test</div>",
        ):
            before = lead.message_ids
            self.log(lead, text)
            self.log(lead, text)
            self.assertEqual(len(lead.message_ids - before), 1, text)
            self.turn_back_the_log(minutes=11)
            self.log(lead, text)
            self.assertEqual(len(lead.message_ids - before), 2, text)

    def test_equal_words_that_two_users_log_are_two_e_mails(self):
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.ann.id})
        before = lead.message_ids
        colleague = new_test_user(self.env, login="carl", groups=self.groups)
        for token in (self.token, self.make_token(colleague)) * 2:
            self.log(lead, token=token)
        self.assertEqual(len(lead.message_ids - before), 2)

    def test_an_e_mail_of_known_time_is_logged_once_by_whomever_and_whenever(self):
        lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.ann.id})
        before = lead.message_ids
        colleague = new_test_user(self.env, login="carl", groups=self.groups)
        known = {"timestamp": 1700000000000, "email_from": "ann@acme.test"}
        self.log(lead, **known)
        self.turn_back_the_log(days=9)
        self.log(lead, token=self.make_token(colleague), **known)
        self.assertEqual(len(lead.message_ids - before), 1)

    def test_after_a_merge_the_record_that_stays_knows_the_e_mails_of_both(self):
        leads = self.env["crm.lead"].create(
            [{"name": name, "partner_id": self.ann.id} for name in ("one", "two")]
        )
        for lead in leads:
            self.log(lead, message_id="<1@x.test>")
            self.log(lead, message_id=f"<{lead.name}@x.test>")
        kept = leads._merge_opportunity()
        before = kept.message_ids
        for known in ("<1@x.test>", "<one@x.test>", "<two@x.test>"):
            self.log(kept, message_id=known)
        self.assertEqual(kept.message_ids, before)
        self.assertEqual(self.create_lead(message_id="<one@x.test>"), kept)

    def test_what_came_in_by_mail_is_not_logged_again(self):
        lead = self.env["crm.lead"].create({"name": "L"})
        lead.message_post(body="Hello", message_type="email", message_id="<9@x.test>")
        self.log(lead, message_id="<9@x.test>")
        self.assertTrue(self.email_of(lead))

    def test_a_deleted_message_can_be_logged_again(self):
        lead = self.env["crm.lead"].create({"name": "L"})
        self.log(lead)
        self.email_of(lead).unlink()
        self.log(lead)
        self.assertTrue(self.email_of(lead))

    def test_sender_date_and_subject_are_the_e_mails_where_known(self):
        self.log(
            self.ann, email_from="Ann <ann@acme.test>", subject="Offer", timestamp=1700000000000,
            email_to="sally@ours.example", email_cc="boss@ours.example",
        )  # fmt: skip
        message = self.email_of(self.ann)
        self.assertEqual((message.author_id, message.subject), (self.ann, "Offer"))
        self.assertEqual(message.date, fields.Datetime.to_datetime("2023-11-14 22:13:20"))
        self.assertEqual(message.incoming_email_to, "sally@ours.example")

    def test_only_records_that_mail_is_logged_on_can_be_named(self):
        count = self.env["mail.message"].search_count([])
        for model, res_id in (
            ("res.users", self.user.id), ("res.partner", 2**31 - 1), ("no.model", 1), ("", 1),
            ("ir.config_parameter", 1), ("res.partner", None),
        ):  # fmt: skip
            self.refuse(LOG, {"model": model, "res_id": res_id, "message": "x"})
        self.assertEqual(self.env["mail.message"].search_count([]), count)

    def test_a_record_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        secret = self.env["res.partner"].create({"name": "S", "company_id": other.id})
        self.refuse(LOG, {"model": "res.partner", "res_id": secret.id, "message": "x"})
        self.assertFalse(secret.message_ids.filtered(lambda message: message.body == "x"))

    def test_what_is_no_list_of_files_logs_nothing(self):
        params = {"model": "res.partner", "res_id": self.ann.id, "message": "Hello"}
        for attachments in ([["a"]], "x", [["a", 1]]):
            self.refuse(LOG, {**params, "attachments": attachments})
        self.assertFalse(self.ann.message_ids.filtered(lambda m: "Hello" in (m.body or "")))
