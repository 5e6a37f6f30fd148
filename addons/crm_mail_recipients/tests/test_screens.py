from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search

from .common import RecipientCase

MANAGER = "crm_mail_recipients.group_recipient_manager"


@tagged("post_install", "-at_install")
class TestScreens(RecipientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "t_admin", f"base.group_system,sales_team.group_sale_manager,{MANAGER}"
        )

    def screen(self, record, user=None):
        self.env.flush_all()
        record.invalidate_recordset()
        return Screen(record, user or self.salesman)

    def test_cards_and_contacts_show_addresses_to_write_to_only_under_the_policy(self):
        lead, deal = self._lead(), self._lead(type="opportunity")
        for on in (False, True):
            self._policy(on)
            for record, has_company, has_addresses in (
                (lead, on, on), (deal, on, False), (self.acme, False, on),
            ):  # fmt: skip
                screen = self.screen(record)
                with self.subTest(on=on, record=record.display_name):
                    self.assertIs("recipient_addresses" in screen.parts, has_addresses)
                    self.assertIs("recipient_company_id" in screen.fields, has_company)
                    self.assertNotIn("is_recipient_policed", screen.fields)

    def test_an_opportunity_tells_whose_addresses_it_is_written_to_at(self):
        self._policy()
        told = "An opportunity is written to at the addresses of its contact and linked company."
        for kind in ("lead", "opportunity"):
            lead = self._lead(recipient_address_ids=[(0, 0, {"email": "more@card.test"})])
            lead.type = kind
            with self.subTest(kind):
                self.assertIs(told in self.screen(lead).texts, kind == "opportunity")

    def test_settings_ask_only_what_follows_from_what_was_chosen(self):
        shown = {"recipient_any_address", "recipient_unknown", "recipient_log_days"}
        for model in ("res.config.settings", "mail.recipient.settings"):
            for on, any_address, expected in (
                (False, False, set()),
                (False, True, set()),
                (True, False, shown - {"recipient_unknown"}),
                (True, True, shown),
            ):
                settings = self.env[model].with_user(self.admin).new(
                    {"recipient_policy": on, "recipient_any_address": any_address}
                )  # fmt: skip
                fields = Screen(settings, self.admin).fields
                with self.subTest(model=model, on=on, any_address=any_address):
                    self.assertEqual(fields & shown, expected)
                    self.assertIn("recipient_policy", fields)

    # === WRITING === #

    def composer(self, lead, **values):
        context = {"active_model": lead._name, "active_ids": lead.ids}
        values = {"model": lead._name, "res_ids": str(lead.ids), "body": "x", **values}
        composers = self.env["mail.compose.message"].with_user(self.salesman)
        return composers.with_context(**context).create(values)

    def test_recipients_are_picked_only_under_the_policy(self):
        lead = self._lead(partner_id=self.acme.id)
        for on in (False, True):
            self._policy(on)
            screen = self.screen(self.composer(lead))
            with self.subTest(on=on):
                self.assertIs("recipient_choices" in screen.fields, on)
                self.assertIs("recipient_choices" in screen.parts, on)
                hidden = {"is_recipient_policed", "recipient_missing"}
                self.assertFalse(hidden & screen.fields)

    def test_colleagues_are_shown_beside_picked_recipients_where_there_are_any(self):
        self._policy()
        lead = self._lead(partner_id=self.acme.id)
        for colleagues in ([], self.colleague.partner_id.ids):
            composer = self.composer(lead, partner_ids=[(6, 0, colleagues)])
            with self.subTest(colleagues=colleagues):
                self.assertIs("partner_ids" in self.screen(composer).fields, bool(colleagues))

    def test_nothing_can_be_sent_to_nobody(self):
        self._policy()
        send = "action_send_mail"
        for values, is_missing in (({"partner_id": self.acme.id}, False), ({}, True)):
            screen = self.screen(self.composer(self._lead(**values)))
            enabled = [
                not node.get("disabled")
                for node in screen.arch.iterfind(f".//footer/button[@name='{send}']")
                if screen._is_seen(node)
            ]
            with self.subTest(is_missing=is_missing):
                self.assertEqual(set(enabled), {not is_missing})

    def test_a_note_is_sent_to_nobody_and_asks_for_nobody(self):
        self._policy()
        note = self.env.ref("mail.mt_note")
        screen = self.screen(self.composer(self._lead(), subtype_id=note.id))
        self.assertNotIn("recipient_choices", screen.fields)

    def test_a_scheduled_message_shows_whom_it_goes_to(self):
        lead = self._lead(partner_id=self.acme.id)
        for on in (False, True):
            self._policy(on)
            for is_note in (False, True):
                message = self.env["mail.scheduled.message"].with_user(self.salesman).create(
                    {"model": lead._name, "res_id": lead.id, "body": "x", "is_note": is_note,
                     "scheduled_date": "2099-01-01", "author_id": self.salesman.partner_id.id,
                     "partner_ids": self.acme.ids}
                )  # fmt: skip
                screen = self.screen(message)
                with self.subTest(on=on, is_note=is_note):
                    self.assertIs("recipient_choices" in screen.fields, on and not is_note)
                    self.assertIs("recipient_choices" in screen.parts, on and not is_note)
                    for name in ("recipient_cc_choices", "recipient_bcc_choices"):
                        self.assertIs(name in screen.parts, on and not is_note)
                    # Whoever is named is seen, and can be taken away.
                    self.assertIs("partner_ids" in screen.parts, not is_note)
                    self.assertNotIn("is_recipient_policed", screen.fields)

    def test_a_scheduled_message_to_chosen_addresses_alone_names_no_colleagues(self):
        self._policy()
        lead = self._lead(partner_id=self.acme.id)
        choice = {"email": self.acme.email, "partner_id": self.acme.id}
        message = self.env["mail.scheduled.message"].with_user(self.salesman).create(
            {"model": lead._name, "res_id": lead.id, "body": "x", "recipient_choices": [choice],
             "scheduled_date": "2099-01-01", "author_id": self.salesman.partner_id.id}
        )  # fmt: skip
        screen = self.screen(message)
        self.assertIn("recipient_choices", screen.parts)
        self.assertNotIn("partner_ids", screen.parts)

    # === THE LOG === #

    def test_the_log_is_found_by_verdict_and_by_any_spelling_of_an_address(self):
        values = {"email": "Ada <ada@bücher.test>", "email_key": "ada@xn--bcher-kva.test"}
        sent, blocked = self.env["mail.recipient.log"].sudo().create(
            [{**values, "verdict": "sent"}, {**values, "verdict": "blocked"}]
        )  # fmt: skip
        search = Search(self.env, "crm_mail_recipients.mail_recipient_log_view_search", self.admin)
        both = sent | blocked
        self.assertEqual(search.filtered("sent", both), sent)
        self.assertEqual(search.filtered("not_sent", both), blocked)
        for text, is_found in (("bücher", True), ("kva", True), ("rival", False)):
            self.assertIs(bool(search.typed("email", text, both)), is_found)
