import base64

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search, columns

from ..common import LeadMiningCase
from .test_notice import NoticeCase


@tagged("post_install", "-at_install")
class TestContactScreens(NoticeCase):
    def screen(self, record, view=None):
        record.invalidate_recordset()
        return Screen(record, self.salesperson, view)

    def test_a_notice_is_offered_until_it_was_sent_or_is_not_needed(self):
        contact = self.mined()
        notice = {"action_send_notice", "action_exempt"}
        exempt = {"notice_exemption", "notice_exemption_details"}
        for state, buttons, told in (
            ("to_send", notice, set()), ("sent", set(), set()), ("exempt", set(), exempt),
        ):  # fmt: skip
            contact.sudo().write(
                {"notice_state": state, "notice_exemption": state == "exempt" and "informed"}
            )
            screen = self.screen(contact)
            with self.subTest(state=state):
                self.assertEqual(screen.buttons & notice, buttons)
                self.assertEqual(screen.fields & exempt, told)
                self.assertIn("action_never_mine", screen.buttons)

    def test_a_contact_goes_into_the_address_book_once(self):
        contact = self.mined()
        self.assertIn("action_create_partner", self.screen(contact).buttons)
        contact.action_create_partner()
        self.assertNotIn("action_create_partner", self.screen(contact).buttons)

    def test_what_is_not_known_of_a_contact_is_not_shown(self):
        contact = self.mined()
        known = {
            "dataset": "Register",
            "dataset_version": "1",
            "licence": "CC0",
            "source_url": "https://x.example",
            "first_contact_on": fields.Date.today(),
        }
        contact.sudo().write(dict.fromkeys(known, False))
        screen = self.screen(contact)
        self.assertFalse(screen.fields & ({*known, "notice_ids"}))
        self.assertIn("lead_id", screen.readonly)
        contact.sudo().write(known)
        self.assertLessEqual({*known}, self.screen(contact).fields)
        contact.sudo().email = "person@synthetic1.example"
        self.name_controller()
        contact.action_send_notice()
        screen = self.screen(contact)
        self.assertIn("notice_ids", screen.fields & screen.readonly)
        self.assertNotIn("mail_message_id", screen.columns("notice_ids"))
        notices = columns(
            self.env, "crm_lead_mining.lead_mining_notice_view_list", self.salesperson
        )
        self.assertNotIn("mail_message_id", notices)

    def test_filters_find_the_contacts_that_they_name(self):
        contact = self.mined()
        search = Search(
            self.env, "crm_lead_mining.lead_mining_contact_view_search", self.salesperson
        )
        today = fields.Date.today()
        before, after = fields.Date.subtract(today, days=1), fields.Date.add(today, days=1)
        partner = self.env["res.partner"].create({"name": "Partner"})
        for values, expected in (
            ({"notice_state": "to_send", "notice_due": after, "keep_until": after}, {"to_send"}),
            ({"notice_due": before}, {"to_send", "overdue"}),
            ({"notice_state": "sent"}, set()),
            ({"keep_until": before}, {"expired"}),
        ):
            contact.sudo().write({**values, "partner_id": partner.id})
            found = {name for name in search.filters if search.filtered(name, contact)}
            with self.subTest(**values):
                self.assertEqual(found, expected)
        contact.sudo().partner_id = False
        self.assertTrue(search.filtered("no_partner", contact))
        contact.sudo().write({"name": "Ada Byron", "email": "post@synthetic9.example"})
        for text, is_found in (("byron", True), ("post@", True), ("carol", False)):
            self.assertIs(bool(search.typed("name", text, contact)), is_found)

    # === ON A LEAD === #

    def test_a_lead_shows_its_mined_contacts_and_where_they_come_from_where_there_are_any(self):
        mined = {"mining_contact_ids", "mining_provenance_ids", "mining_request_id", "mining_cost"}
        send = "action_send_mining_notices"
        lead = self.mined().lead_id.with_user(self.salesperson)
        screen = self.screen(lead)
        self.assertLessEqual(mined, screen.fields)
        self.assertIn("mining_contacts", screen.parts)
        self.assertIn(send, screen.buttons)
        self.assertNotIn("mining_notices_to_send", screen.fields)
        lead.mining_contact_ids.sudo().notice_state = "sent"
        self.assertNotIn(send, self.screen(lead).buttons)
        other = self.env["crm.lead"].with_user(self.salesperson).create({"name": "By hand"})
        screen = self.screen(other)
        self.assertFalse(screen.fields & mined)
        self.assertNotIn("mining_contacts", screen.parts)

    def test_each_lead_counts_the_notices_that_are_to_be_sent(self):
        lead = self.mined().lead_id
        others = self.env["crm.lead"].create({"name": "By hand"})
        self.env.invalidate_all()
        self.assertEqual((lead | others).mapped("mining_notices_to_send"), [1, 0])
        lead.mining_contact_ids.sudo().notice_state = "sent"
        self.env.invalidate_all()
        self.assertEqual((lead | others).mapped("mining_notices_to_send"), [0, 0])

    def test_buttons_of_a_contact_on_its_lead_are_those_of_its_state(self):
        contact = self.mined()
        lead = contact.lead_id.with_user(self.salesperson)
        for values, expected in (
            ({"notice_state": "to_send", "refund_state": "refundable"},
             {"action_create_partner", "action_send_notice", "action_report_bad_data"}),
            ({"notice_state": "sent"}, {"action_create_partner", "action_report_bad_data"}),
            ({"notice_state": "to_send", "email": False},
             {"action_create_partner", "action_report_bad_data"}),
            ({"refund_state": "refunded"}, {"action_create_partner"}),
            ({"partner_id": self.env.user.partner_id.id}, set()),
        ):  # fmt: skip
            contact.sudo().write(values)
            seen = self.screen(lead).buttons_of("mining_contact_ids", contact)
            with self.subTest(**values):
                self.assertEqual(seen, expected | {"action_never_mine"})


@tagged("post_install", "-at_install")
class TestPrivacyScreens(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env.company | cls.env["res.company"].create({"name": "Other"})
        cls.manager = new_test_user(
            cls.env, "t_manager", "sales_team.group_sale_manager,base.group_multi_company",
            company_ids=[(6, 0, companies.ids)],
        )  # fmt: skip

    def wizard(self, model, **values):
        return self.env[model].with_user(self.manager).create(values)

    def screen(self, record):
        record.invalidate_recordset()
        return Screen(record, self.manager)

    def test_what_is_never_mined_is_told_once_and_then_stays_as_it_is(self):
        entries = self.env["lead.mining.suppression"].with_user(self.manager)
        entry = entries.create({"kind": "domain", "value": "x.example"})
        screen = self.screen(entry)
        self.assertLessEqual({"kind", "value"}, screen.readonly & screen.fields)
        self.assertIn("source", screen.fields)
        self.assertNotIn("value", screen.required)
        new = entries.new({"kind": "domain"})
        screen = Screen(new, self.manager)
        self.assertFalse({"kind", "value"} & screen.readonly)
        self.assertIn("value", screen.required)
        self.assertNotIn("source", screen.fields)

    def test_the_kind_of_a_person_is_not_chosen_among_kinds_of_companies(self):
        entries = self.env["lead.mining.suppression"].with_user(self.manager)
        for kind, is_shown in (("email", True), ("person", False)):
            self.assertIs(
                "kind" in Screen(entries.new({"kind": kind}), self.manager).fields, is_shown
            )

    def test_filters_find_the_entries_that_they_name(self):
        search = Search(
            self.env, "crm_lead_mining.lead_mining_suppression_view_search", self.manager
        )
        entries = self.env["lead.mining.suppression"].create(
            [
                {"kind": "domain", "value": "x.example", "company_id": self.env.company.id},
                {"kind": "email", "value": "ada@x.example", "company_id": False},
                {"kind": "vat", "value": "BE0477472701", "company_id": self.env.company.id},
            ]
        )
        found = {name: search.filtered(name, entries).mapped("kind") for name in search.filters}
        expected = {"domains": ["domain"], "persons": ["email"], "everywhere": ["email"]}
        self.assertEqual(found, expected)

    def test_a_list_is_imported_by_managers(self):
        for user, is_offered in ((self.manager, True), (self.salesperson, False)):
            shown = self.env["lead.mining.suppression"].with_user(user).get_view(
                self.env.ref("crm_lead_mining.lead_mining_suppression_view_list").id, "list"
            )["arch"]  # fmt: skip
            self.assertIs("<button" in shown, is_offered)

    def test_an_import_shows_what_its_step_is_about(self):
        wizard = self.wizard("lead.mining.suppression.import",
                             file=base64.b64encode(b"domain\nx.example\n"))  # fmt: skip
        shown = {"file", "line_ids", "entry_count", "problems_file"}
        buttons = {"action_preview", "action_import", "action_open_list"}
        for values, expected, button, alerts in (
            ({}, {"file"}, {"action_preview"}, set()),
            ({"state": "preview"}, {"file", "entry_count"}, set(), set()),
            ({"entry_count": 1, "problem_count": 1},
             {"file", "entry_count", "problems_file"}, {"action_import"}, set()),
            ({"line_ids": [(0, 0, {})], "problem_count": 0},
             {"file", "entry_count", "line_ids"}, {"action_import"}, set()),
            ({"state": "done"}, set(), {"action_open_list"}, {"success"}),
        ):  # fmt: skip
            wizard.sudo().write(values)
            screen = self.screen(wizard)
            with self.subTest(**values):
                self.assertEqual(screen.fields & shown, expected)
                self.assertEqual(screen.buttons & buttons, button)
                self.assertEqual(screen.alerts, alerts)
                hidden = {"state", "file_name", "problems_file_name"}
                self.assertFalse(hidden & screen.fields)
                self.assertIs(
                    "file" in screen.readonly, expected and wizard.state != "upload" or False
                )

    def test_access_and_erasure_shows_what_its_step_is_about(self):
        wizard = self.wizard("lead.mining.privacy", email="ada@x.example")
        asked, reports = {"email", "name"}, {"json_file", "xlsx_file"}
        shown = asked | reports | {"line_ids", "summary", "elsewhere_count"}
        line = [(0, 0, {"model": "crm.lead", "res_id": 1, "label": "L", "content": "C"})]
        for values, expected, button in (
            ({}, asked, {"action_search"}),
            ({"state": "found"}, asked | {"summary"}, {"action_erase"}),
            ({"elsewhere_count": 2}, asked | {"summary", "elsewhere_count"}, {"action_erase"}),
            ({"line_ids": line, "elsewhere_count": 0},
             asked | reports | {"summary", "line_ids"}, {"action_erase"}),
            ({"state": "done", "elsewhere_count": 2}, {"summary"}, set()),
            ({"state": "search"}, asked, {"action_search"}),
        ):  # fmt: skip
            wizard.sudo().write(values)
            screen = self.screen(wizard)
            with self.subTest(**values):
                self.assertEqual(screen.fields, expected & shown)
                self.assertEqual(screen.buttons - {"cancel"}, button)
                self.assertIs(asked <= screen.readonly, wizard.state == "found")

    def test_details_are_needed_where_something_else_is_wrong(self):
        result = self.mine().result_ids.filtered(lambda one: one.outcome == "created")[:1]
        wizards = self.env["lead.mining.bad.data"].with_user(self.salesperson)
        for flaw, is_needed in (("other", True), ("closed", False)):
            wizard = wizards.new({"result_ids": result.ids, "flaw": flaw})
            screen = Screen(wizard, self.salesperson)
            self.assertIs("note" in screen.required, is_needed)
            self.assertFalse({"result_ids", "contact_id"} & screen.fields)

    def test_the_dialogs_explain_themselves_until_they_are_at_work(self):
        for model, first, hint in (
            ("lead.mining.privacy", "search", "Finds what lead mining"),
            ("lead.mining.suppression.import", "upload", "A CSV file in any encoding"),
        ):
            wizard = self.env[model].with_user(self.manager)
            for state, _label in wizard._fields["state"].selection:
                with self.subTest(model=model, state=state):
                    texts = Screen(wizard.new({"state": state}), self.manager).texts
                    is_told = any(text.startswith(hint) for text in texts)
                    self.assertIs(is_told, state == first)
