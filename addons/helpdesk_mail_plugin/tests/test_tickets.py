# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_mail_plugin.tests.common import AddinCase

CREATE, GET = "/mail_plugin/ticket/create", "/mail_plugin/partner/get"
LOG = "/mail_plugin/log_mail_content"


@tagged("post_install", "-at_install")
class TestTickets(AddinCase):
    groups = AddinCase.groups + ",helpdesk_mgmt.group_helpdesk_manager"

    def setUp(self):
        super().setUp()
        self.acme = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        self.ann = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@acme.test", "parent_id": self.acme.id}
        )

    def create_ticket(self, subject="Broken", body="<p>Hello</p>", **params):
        sent = {"partner_id": self.ann.id, "email_body": body, "email_subject": subject}
        result = self.call(CREATE, sent | params)
        self.assertEqual(set(result), {"ticket_id"})
        return self.env["helpdesk.ticket"].browse(result["ticket_id"])

    def test_a_ticket_has_subject_text_and_sender(self):
        ticket = self.create_ticket()
        self.assertEqual(
            (ticket.name, ticket.partner_id, ticket.partner_email),
            ("Broken", self.ann, "ann@acme.test"),
        )
        self.assertIn("Hello", ticket.description)

    def test_a_ticket_of_an_empty_e_mail_has_a_name(self):
        self.assertIn("Ann", self.create_ticket("", "").name)

    def test_the_same_e_mail_is_one_ticket(self):
        self.assertEqual(self.create_ticket(), self.create_ticket())

    def test_a_closed_ticket_is_followed_by_a_new_one_that_leads_to_it(self):
        stage = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        for close in ({"stage_id": stage.id}, {"active": False}):
            ticket = self.create_ticket()
            ticket.write(close)
            new = self.create_ticket()
            self.assertNotEqual(new, ticket, close)
            self.assertIn(f'data-oe-id="{ticket.id}"', "".join(new.message_ids.mapped("body")))
            self.assertEqual(self.create_ticket(), new)
            (ticket | new).unlink()

    def test_the_same_words_of_the_next_day_are_another_ticket(self):
        ticket = self.create_ticket()
        self.turn_back_the_log(days=1)
        self.assertNotEqual(self.create_ticket(), ticket)

    def test_an_e_mail_is_logged_once_on_a_ticket(self):
        ticket = self.create_ticket()
        for _time in range(2):
            sent = {"model": "helpdesk.ticket", "res_id": ticket.id, "message": "<p>More</p>"}
            self.assertTrue(self.call(LOG, sent))
        bodies = [body for body in ticket.message_ids.mapped("body") if "More" in body]
        self.assertEqual(len(bodies), 1)

    def test_the_section_shows_open_and_closed_tickets_and_a_true_total(self):
        ticket = self.create_ticket()
        closed = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        done = self.create_ticket("Done")
        done.stage_id = closed
        result = self.call(GET, {"email": "ann@acme.test", "name": "Ann"})
        self.assertEqual(
            sorted(result["tickets"], key=lambda row: row["ticket_id"]),
            [
                {"ticket_id": ticket.id, "name": "Broken", "is_closed": False},
                {"ticket_id": done.id, "name": "Done", "is_closed": True},
            ],
        )
        self.assertEqual(result["ticket_count"], 2)

    def test_the_section_is_hidden_from_users_without_helpdesk(self):
        clerk = new_test_user(self.env, login="clerk", groups=AddinCase.groups)
        token = self.make_token(clerk)
        shown = self.call(GET, {"email": "ann@acme.test", "name": "Ann"}, token=token)
        self.assertNotIn("tickets", shown)
        self.refuse(CREATE, {"partner_id": self.ann.id}, token=token)

    def test_the_action_that_the_add_ins_open_exists(self):
        action = self.env.ref("helpdesk_mail_plugin.helpdesk_ticket_action_form_edit")
        self.assertEqual((action.res_model, action.view_mode), ("helpdesk.ticket", "form"))

    def test_the_second_add_ins_make_and_find_tickets(self):
        self.set_option("generation", "2")
        sent = {
            "email_body": "<p>Hello</p>", "email_subject": "Broken", "partner_id": False,
            "partner_email": "new@beta.test", "partner_name": "New", "attachments": [],
        }  # fmt: skip
        made = self.call(CREATE, sent)
        self.assertEqual(set(made), {"id", "name", "stage_name", "partner_id", "partner_image"})
        rows, total = self.call("/mail_plugin/search_records/helpdesk.ticket", {"query": "Broken"})
        self.assertEqual(([row["id"] for row in rows], total), ([made["id"]], 1))
        shown = self.call(GET, {"email": "new@beta.test", "partner_id": False})
        self.assertEqual((shown["tickets"][0]["id"], shown["ticket_count"]), (made["id"], 1))
