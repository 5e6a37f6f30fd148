from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ...company.types import Contact
from ..common import LeadMiningCase, synthetic_company

ALONE = "odoo.addons.crm_common.tools.alone"
TEMPLATE = "crm_lead_mining.mail_template_notice"
ACTIVITY = "crm_lead_mining.mail_activity_type_notice"


class NoticeCase(LeadMiningCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name_controller()

    def mined(self, number=1, **values):
        request = self.mine(lead_number=1, target="contacts", contact_number=number, **values)
        return request.lead_ids.mining_contact_ids.with_user(self.salesperson)

    def activities(self, contacts):
        return contacts.lead_id.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        )


@tagged("post_install", "-at_install")
class TestProvenance(NoticeCase):
    def test_person_and_company_know_where_they_come_from(self):
        contact = self.mined()
        today = fields.Date.today()
        expected = {
            "provider": "synthetic",
            "dataset": "Synthetic companies",
            "dataset_version": "1",
            "licence": "CC0-1.0",
            "fetched_on": today,
            "legal_basis": "legitimate_interest",
        }
        kept = {"keep_until": fields.Date.add(today, months=12), "collected_on": today}
        self.assertRecordValues(contact, [expected | kept])
        self.assertEqual(contact.source, "Synthetic companies")
        self.assertEqual(contact.provider_name, "Synthetic Provider")
        self.assertRecordValues(
            contact.lead_id.mining_provenance_ids,
            [expected | {"part": "", "keep_until": fields.Date.add(today, months=36)}],
        )

    def test_source_of_each_value_is_kept_where_it_is_known(self):
        self.provide(synthetic_company(1, sources={"phone": "https://synthetic1.example/contact"}))
        lead = self.mine(lead_number=1).lead_ids
        self.assertEqual(lead.mining_provenance_ids.mapped("part"), ["", "phone"])
        self.assertEqual(
            lead.mining_provenance_ids[1].source_url, "https://synthetic1.example/contact"
        )

    def test_company_decides_legal_basis_and_period(self):
        self.env.company.write(
            {"lead_mining_legal_basis": "consent", "lead_mining_keep_contacts": 0}
        )
        self.assertRecordValues(self.mined(), [{"legal_basis": "consent", "keep_until": False}])

    def test_provenance_stays_when_leads_are_merged(self):
        lead = self.mine(lead_number=1).lead_ids
        other = self.env["crm.lead"].create({"name": "Other", "type": "opportunity"})
        merged = (other + lead.sudo())._merge_opportunity(auto_unlink=False)
        self.assertEqual(merged.mining_provenance_ids.provider, "synthetic")

    def test_salesperson_sees_provenance_of_own_leads_only(self):
        contact = self.mined()
        provenance = contact.lead_id.mining_provenance_ids
        colleague = new_test_user(self.env, "colleague", "sales_team.group_sale_salesman")
        self.assertTrue(
            provenance.with_user(self.salesperson).search([("id", "in", provenance.ids)])
        )
        for records in (provenance, contact):
            self.assertFalse(records.with_user(colleague).search([("id", "in", records.ids)]))


@tagged("post_install", "-at_install")
class TestNotice(NoticeCase):
    def test_notice_tells_all_that_article_14_asks_for(self):
        self.env.company.write(
            {"email": "office@controller.example", "lead_mining_privacy_contact": "Dora Officer"}
        )
        person = Contact("Ada", "CEO", email="ada@synthetic1.example")
        self.provide(synthetic_company(1, contacts=(person,)))
        contact = self.mined()
        with self.mock_mail_gateway():
            contact.action_send_notice()
        body = contact.notice_ids.mail_message_id.body
        told = {
            "controller (1)(a)": self.env.company.name,
            "its contact (1)(a)": "office@controller.example",
            "officer (1)(b)": "Dora Officer",
            "purpose (1)(c)": "products and services",
            "legal basis (1)(c)": "Art. 6(1)(f) GDPR",
            "categories (1)(d)": "e-mail address",
            "recipients (1)(e)": "service providers who process data for us",
            "transfers (1)(f)": "European Economic Area",
            "retention (2)(a)": "Until",
            "interest (2)(b)": "that may need them",
            "rights (2)(c)": "access to your data",
            "consent (2)(d)": "withdraw it at any time",
            "complaint (2)(e)": "supervisory authority",
            "source (2)(f)": "Synthetic companies, 1, CC0-1.0",
            "automation (2)(g)": "automated means alone",
            "objection, Art. 21": "/lead_mining/objection/",
        }
        for what, text in told.items():
            with self.subTest(what):
                self.assertIn(text, body)

    def notice(self, contact):
        """Send the notice; return its subject and text."""
        with self.mock_mail_gateway():
            contact.action_send_notice()
        message = contact.notice_ids.mail_message_id
        return f"{message.subject} {message.body}"

    def test_italian_company_is_told_in_italian_and_in_nothing_else(self):
        self.env["res.lang"]._activate_lang("it_IT")
        modules = self.env["ir.module.module"].search([("name", "=", "crm_lead_mining")])
        modules._update_translations(filter_lang="it_IT")
        self.provide(synthetic_company(1, country_code="IT"))
        contact = self.mined(country_ids=self.env.ref("base.it").ids)
        self.assertEqual(contact.lead_id.lang_id.code, "it_IT")
        text = self.notice(contact)
        self.assertIn("offrire i nostri prodotti", text)
        for english in ("To offer", "Our employees", "None", "synthetic,", "Legitimate interest"):
            self.assertNotIn(english, text)

    def test_company_words_its_notice_in_each_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        company = self.env.company
        company.lead_mining_recipients = "Our agents"
        company.with_context(lang="it_IT").lead_mining_recipients = "I nostri agenti"
        contact = self.mined()
        contact.lead_id.sudo().lang_id = self.env["res.lang"]._lang_get("it_IT")
        text = self.notice(contact)
        self.assertIn("I nostri agenti", text)
        self.assertNotIn("Our agents", text)

    def test_no_notice_leaves_without_who_answers_for_the_data(self):
        contact = self.mined()
        for lacking in ("street", "city", "lead_mining_privacy_contact"):
            with self.subTest(lacking):
                kept = self.env.company[lacking]
                self.env.company[lacking] = False
                with self.assertRaisesRegex(UserError, "who answers for the data"):
                    contact.action_send_notice()
                self.env.company[lacking] = kept
        self.assertEqual(contact.notice_state, "to_send")
        self.env.company.street = False
        with self.assertRaises(RedirectWarning):
            contact.with_user(self.env.ref("base.user_admin")).action_send_notice()

    def test_number_of_notices_is_told_in_a_sentence(self):
        told = self.env["lead.mining.contact"]._notice_notification
        for numbers, expected in (
            ((1, 0), "1 notice is on its way."),
            ((0, 1), "1 person has no e-mail address: inform them in another way."),
            (
                (2, 1),
                "2 notices are on their way. "
                "1 person has no e-mail address: inform them in another way.",
            ),
        ):
            self.assertEqual(told(*numbers)["params"]["message"], expected)

    def test_sent_notice_is_proven(self):
        contact = self.mined()
        with self.mock_mail_gateway():
            contact.action_send_notice()
        self.assertEqual(contact.notice_state, "sent")
        notice = contact.notice_ids
        self.assertEqual(notice.address, "person@synthetic1.example")
        self.assertEqual(notice.user_id, self.salesperson)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", notice.mail_message_id.id)])
        self.assertEqual(mail.email_to, "person@synthetic1.example")
        self.assertFalse(mail.auto_delete)

    def test_proof_cannot_be_forged(self):
        contact = self.mined()
        with self.assertRaises(AccessError):
            self.env["lead.mining.notice"].with_user(self.salesperson).create(
                {"contact_id": contact.id, "address": "x", "sent_at": "2026-01-01"}
            )

    def test_persons_without_address_are_told_otherwise(self):
        self.provide(synthetic_company(1, contacts=(Contact("Ada"),)))
        contact = self.mined()
        action = contact.action_send_notice()
        self.assertIn("inform them in another way", action["params"]["message"])
        self.assertEqual(contact.notice_state, "to_send")
        wizard = self.env["lead.mining.notice.exemption"].with_user(self.salesperson)
        wizard.with_context(**contact.action_exempt()["context"]).create(
            {"reason": "informed", "details": "By telephone"}
        ).action_exempt()
        self.assertRecordValues(
            contact,
            [
                {
                    "notice_state": "exempt",
                    "notice_exemption": "informed",
                    "notice_exemption_details": "By telephone",
                }
            ],
        )

    def test_notices_of_leads_are_sent_from_the_list(self):
        contacts = self.mined(number=2)
        with self.mock_mail_gateway():
            contacts.lead_id.with_user(self.salesperson).action_send_mining_notices()
        self.assertEqual(set(contacts.mapped("notice_state")), {"sent"})

    def test_notice_is_due_a_month_after_collection(self):
        contact = self.mined()
        self.assertEqual(contact.notice_due, fields.Date.add(contact.collected_on, months=1))

    def test_first_mail_from_the_lead_makes_the_notice_due_at_once(self):
        contacts = self.mined(number=2)
        lead = contacts.lead_id.with_user(self.salesperson)
        partner = self.env["res.partner"].create(
            {"name": "Ada", "email": "Person@Synthetic1.example"}
        )
        with self.mock_mail_gateway():
            lead.message_post(
                body="Hello", partner_ids=partner.ids, message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )  # fmt: skip
        written, other = contacts
        self.assertEqual(written.first_contact_on, fields.Date.today())
        self.assertEqual(written.notice_due, fields.Date.today())
        self.assertFalse(other.first_contact_on)
        activity = self.activities(contacts)
        self.assertEqual(activity.date_deadline, fields.Date.today())
        self.assertEqual(activity.user_id, self.salesperson)

    def test_first_mail_to_a_mailbox_in_another_spelling_makes_the_notice_due(self):
        person = Contact("Anna", email="anna@bücher.example")
        self.provide(synthetic_company(1, contacts=(person,)))
        contact = self.mined()
        self.env["mail.mail"].create(
            {"model": "crm.lead", "res_id": contact.lead_id.id,
             "email_to": "Anna <anna@xn--bcher-kva.example>"}
        )  # fmt: skip
        self.assertEqual(contact.first_contact_on, fields.Date.today())

    def test_note_to_colleagues_is_no_first_contact(self):
        contact = self.mined()
        contact.lead_id.message_post(body="Call person@synthetic1.example")
        self.assertFalse(contact.first_contact_on)

    def test_mails_about_anything_else_ask_nothing_of_lead_mining(self):
        Contact = type(self.env["lead.mining.contact"])
        with patch.object(Contact, "search", side_effect=AssertionError("asked")):
            self.env["mail.mail"].create({"email_to": "x@y.example", "model": "res.partner"})

    def test_salesperson_is_reminded_before_the_notice_is_due_once(self):
        contacts = self.mined(number=2)
        self.remind(fields.Date.today())
        self.assertFalse(self.activities(contacts), "three weeks are left")
        later = fields.Date.today() + timedelta(days=25)
        for _day in range(2):
            self.remind(later)
        activity = self.activities(contacts)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(activity.date_deadline, contacts[0].notice_due)

    def test_reminder_goes_when_everybody_was_told(self):
        contacts = self.mined(number=2)
        self.remind(fields.Date.today() + timedelta(days=25))
        with self.mock_mail_gateway():
            contacts[0].action_send_notice()
            self.assertTrue(self.activities(contacts))
            contacts[1].action_send_notice()
        self.assertFalse(self.activities(contacts))

    def test_colleague_s_contacts_are_not_told_by_somebody_else(self):
        contact = self.mined()
        colleague = new_test_user(self.env, "colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            contact.with_user(colleague).action_send_notice()

    def test_lead_nobody_can_be_reminded_of_stands_in_no_other_one_s_way(self):
        contacts = self.mined() | self.mined()
        reminder = self.registry["crm.lead"]._notice_activity_values

        def failing(lead, day):
            return {}["no such key"] if lead == contacts[0].lead_id else reminder(lead, day)

        with (
            patch.object(self.registry["crm.lead"], "_notice_activity_values", failing),
            mute_logger(ALONE),
        ):
            self.remind(contacts[0].notice_due)
        self.assertEqual(self.activities(contacts).mapped("res_id"), contacts[1].lead_id.ids)

    def remind(self, day):
        with (
            freeze_time(day),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60),
        ):
            self.env["lead.mining.contact"]._cron_schedule_notices()
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestObjection(HttpCase):
    def setUp(self):
        super().setUp()
        lead = self.env["crm.lead"].create(
            {"name": "Acme", "partner_name": "Acme", "website": "acme.example"}
        )
        self.contact = self.env["lead.mining.contact"].create(
            {"lead_id": lead.id, "name": "Ada Lovelace", "email": "ada@acme.example"}
        )
        self.url = self.contact._objection_url().removeprefix(self.contact.get_base_url())

    def listed(self):
        return self.env["lead.mining.suppression"].search([("source", "=", "opt_out")])

    def test_person_objects_by_the_link_of_the_notice(self):
        page = self.url_open(self.url)
        self.assertIn("Do you object", page.text)
        self.assertFalse(self.listed(), "opening the link, as mail scanners do, changes nothing")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        page = self.url_open(self.url, data={"csrf_token": token})
        self.assertIn("noted", page.text)
        self.assertIn("email", self.listed().mapped("kind"))
        self.assertFalse(self.listed().company_id)
        self.assertIn("objects", self.contact.lead_id.message_ids[0].body)

    def test_page_speaks_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("it_IT")
        modules = self.env["ir.module.module"].search([("name", "=", "crm_lead_mining")])
        modules._update_translations(filter_lang="it_IT")
        self.contact.lead_id.lang_id = self.env["res.lang"]._lang_get("it_IT")
        for read, expected in (
            ("en-US", "Do you object"),
            ("it-IT", "Desidera opporsi"),
            ("sk-SK", "Desidera opporsi"),  # not installed: the language of the notice
        ):
            with self.subTest(read):
                page = self.url_open(self.url, headers={"Accept-Language": read})
                self.assertIn(expected, page.text)
                self.assertNotIn("<title>Odoo<", page.text)

    def test_wrong_and_old_links_tell_nothing(self):
        for url in (self.url[:-1] + ("0" if self.url[-1] != "0" else "1"), self.url):
            if url == self.url:
                self.contact.unlink()
            page = self.url_open(url)
            self.assertEqual(page.status_code, 200)
            self.assertIn("not valid", page.text)
            self.assertNotIn("Ada", page.text)


@tagged("post_install", "-at_install")
class TestRetention(NoticeCase):
    def erase_expired(self, day):
        with (
            freeze_time(day),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60),
        ):
            self.env["lead.mining.contact"]._cron_erase_expired()
        self.env.invalidate_all()

    def long_after(self, contacts):
        return contacts[0].keep_until + timedelta(days=1)

    def test_contacts_whose_time_is_over_are_erased_everywhere(self):
        contacts = self.mined(number=2)
        lead, request = contacts.lead_id.sudo(), contacts.lead_id.sudo().mining_request_id
        self.erase_expired(contacts[0].keep_until)
        self.assertEqual(len(contacts.exists()), 2, "the last day is still theirs")
        self.erase_expired(self.long_after(contacts))
        self.assertFalse(contacts.exists())
        answers = self.env["lead.mining.answer"].search([("request_id", "=", request.id)])
        held = [
            request.result_ids.mapped("data"),
            answers.mapped("companies"),
            lead.message_ids.mapped("body"),
            lead.read(["contact_name", "function", "email_from", "phone"]),
        ]
        for text in ("person@synthetic1", "Synthetic Person", "second@synthetic1"):
            self.assertNotIn(text, str(held))
        self.assertFalse(self.env["lead.mining.suppression"].search([]), "no tombstone is needed")
        self.assertEqual(lead.partner_name, "Synthetic 1")

    def test_contacts_that_were_used_stay(self):
        contacts = self.mined(number=2)
        contacts[0].sudo().first_contact_on = date(2026, 1, 1)
        contacts[1].action_create_partner()
        self.erase_expired(self.long_after(contacts))
        self.assertEqual(len(contacts.exists()), 2)

    def test_company_that_switched_it_off_keeps_its_contacts(self):
        self.env.company.lead_mining_erase_expired = False
        contacts = self.mined()
        self.erase_expired(self.long_after(contacts))
        self.assertTrue(contacts.exists())

    def test_contact_that_cannot_be_erased_keeps_no_other_one(self):
        contacts = self.mined(number=2)
        erase = self.registry["lead.mining.contact"]._erase_expired

        def failing(some):
            return {}["no such key"] if contacts[0] in some else erase(some)

        with (
            patch.object(self.registry["lead.mining.contact"], "_erase_expired", failing),
            mute_logger(ALONE),
        ):
            self.erase_expired(self.long_after(contacts))
        self.assertEqual(contacts.exists(), contacts[0])

    def test_batches_are_committed_one_by_one(self):
        leads = self.env["crm.lead"].create([{"name": f"Lead {n}"} for n in range(5)])
        contacts = self.env["lead.mining.contact"].create(
            [{"lead_id": lead.id, "name": "Ada", "keep_until": date(2020, 1, 1)} for lead in leads]
        )
        done = []
        with (
            patch("odoo.addons.crm_lead_mining.models.contacts.lead_mining_contact.BATCH_SIZE", 2),
            patch.object(
                type(self.env["ir.cron"]),
                "_commit_progress",
                lambda _cron, processed=0, **_values: done.append(processed) or len(done) < 3,
            ),
        ):
            self.env["lead.mining.contact"]._cron_erase_expired()
        self.assertEqual(done, [0, 2, 2])
        self.assertEqual(len(contacts.exists()), 1)
