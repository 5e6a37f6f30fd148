from odoo.tests import tagged

from .common import DealCase


@tagged("post_install", "-at_install")
class TestMassPreview(DealCase):
    """Before many mails are sent at once it is told whose are not sent, and why."""

    def _deal(self, name, **values):
        return self._lead(name=name, type="opportunity", **values)

    def _composer(self, cards, **values):
        return (
            self._as(self.env["mail.compose.message"])
            .with_context(default_model="crm.lead", default_res_ids=cards.ids)
            .create({"composition_mode": "mass_mail", "body": "x", "subject": "x", **values})
        )

    def _left_out(self, composer):
        preview = composer.recipient_preview
        return {line["reason"]: line["names"] for line in preview["left_out"]}

    def _sent(self, composer):
        with self.mock_smtplib_connection():
            composer._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        return [address for mail in self.emails for address in mail["smtp_to_list"]]

    def test_who_is_left_out_is_told_by_reason_and_gets_nothing(self):
        self.env["mail.blacklist"].create({"email": "company1@acme.test"})
        void = self.env["res.partner"].create({"name": "Void"})
        cards = self.deal
        cards |= self._deal("Blacklisted", partner_id=self.acme.id)
        cards |= self._deal("Void", partner_id=void.id)
        cards |= self._deal("Nobody")
        cards |= self._deal("Again", partner_id=self.bob.id)
        composer = self._composer(cards, use_exclusion_list=True)
        types = dict(self.env["mail.mail"]._fields["failure_type"]._description_selection(self.env))
        preview = composer.recipient_preview
        self.assertEqual((preview["records"], preview["mailed"]), (5, 1))
        self.assertEqual(
            self._left_out(composer),
            {
                types["mail_bl"]: ["Blacklisted"],
                types["mail_email_missing"]: ["Void", "Nobody"],
                types["mail_dup"]: ["Again"],
            },
        )
        self.assertEqual(self._sent(composer), ["contact1@bob.test"])

    def test_a_text_that_differs_from_card_to_card_is_sent_to_one_contact_for_each(self):
        cards = self.deal | self._deal("Again", partner_id=self.bob.id)
        composer = self._composer(cards, body="<p><t t-out='object.name'/></p>")
        self.assertEqual(composer.recipient_preview["mailed"], 2)
        self.assertEqual(self._sent(composer), ["contact1@bob.test"] * 2)

    def test_whom_a_template_names_and_who_is_not_on_the_card_is_told(self):
        template = self._template(email_to="outsider@rival.test", partner_to=str(self.acme.id))
        other = self._deal("Of Bob", partner_id=self.bob.id)
        composer = self._composer(self.deal | other, template_id=template.id)
        self.assertEqual(
            self._left_out(composer),
            {
                "one of several recipients: not registered here": ["Card"],
                "not registered here": ["Of Bob"],
            },
        )
        self.assertEqual(self._sent(composer), ["company1@acme.test"])

    def test_whom_the_user_may_not_view_is_not_named(self):
        self._hide(self.bob)
        preview = self._composer(self._deal("Secret", partner_id=self.bob.id)).recipient_preview
        self.assertFalse(preview["mailed"])
        self.assertNotRegex(str(preview), "(?i)bob")

    def test_with_the_policy_off_nothing_is_told(self):
        self._policy(False)
        self.assertFalse(self._composer(self.deal).recipient_preview)
        self._policy()
        self.assertFalse(self._composer(self.deal, composition_mode="comment").recipient_preview)

    def test_many_cards_cost_no_query_more_than_two(self):
        cards = self.deal
        for number in range(20):
            cards |= self._deal(f"Deal {number}", partner_id=self.bob.id)
        counts = []
        for some in (cards[:2], cards[:2], cards):  # the first fills the caches
            composer = self._composer(some)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            composer.read(["recipient_preview"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
