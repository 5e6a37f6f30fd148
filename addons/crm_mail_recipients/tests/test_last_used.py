from odoo.tests import Form, tagged

from .common import DealCase


@tagged("post_install", "-at_install")
class TestLastUsed(DealCase):
    """Who a card was last mailed to is who it is mailed to next, wherever that is begun."""

    def setUp(self):
        super().setUp()
        self._mail("company2@acme.test", self.acme)

    def _mail(self, email, partner=None, card=None):
        with self.mock_smtplib_connection():
            self._as(card or self.deal).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                recipient_choices=[{"email": email, "partner_id": partner and partner.id}],
            )
        self.assertReached(email)
        self.emails = []

    def _composer(self, card=None, **values):
        card = card or self.deal
        return (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(default_model=card._name, default_res_ids=card.ids)
            .create({"body": "x", "subject": "x", **values})
        )

    def _emails(self, choices):
        return [choice["email"] for choice in choices]

    def test_the_picker_of_chatter_and_invoice_preselects_it(self):
        candidates = self._as(self.deal)._recipient_picker()["candidates"]
        selected = [candidate for candidate in candidates if candidate["selected"]]
        self.assertEqual(self._emails(selected), ["company2@acme.test"])
        self.assertEqual(candidates[0], selected[0])

    def test_the_full_composer_preselects_it(self):
        self.assertEqual(self._emails(self._composer().recipient_choices), ["company2@acme.test"])

    def test_a_template_with_default_recipients_is_addressed_to_it(self):
        template = self._template(use_default_to=True)
        composer = self._composer(template_id=template.id)
        self.assertEqual(self._emails(composer.recipient_choices), ["company2@acme.test"])
        form = Form(composer.browse().with_context(
            default_model="crm.lead", default_res_ids=self.deal.ids, default_template_id=template.id
        ))  # fmt: skip
        self.assertEqual(self._emails(form.recipient_choices), ["company2@acme.test"])

    def test_a_template_that_names_a_contact_is_addressed_to_the_one_last_used(self):
        template = self._template(partner_to=str(self.acme.id))
        composer = self._composer(template_id=template.id)
        self.assertEqual(self._emails(composer.recipient_choices), ["company2@acme.test"])

    def test_a_mail_from_a_list_goes_to_it(self):
        other = self._lead(type="opportunity", partner_id=self.bob.id)
        composer = self._composer(self.deal | other, composition_mode="mass_mail")
        with self.mock_smtplib_connection():
            composer._action_send_mail()
            self.env["mail.mail"].process_email_queue()
        self.assertReached("company2@acme.test", "contact1@bob.test")

    def test_the_newest_counts_and_one_that_is_no_more_on_the_card_does_not(self):
        self._mail("contact2@bob.test", self.bob)
        self.assertEqual(self._emails(self._composer().recipient_choices), ["contact2@bob.test"])
        self.deal.partner_id = False
        self.assertEqual(self._emails(self._composer().recipient_choices), ["company2@acme.test"])

    def test_the_own_address_of_a_lead_stays_the_preselected_one(self):
        lead = self._lead(email_from="own1@card.test", partner_id=self.bob.id)
        self._mail("contact2@bob.test", self.bob, lead)
        self.assertEqual(self._emails(self._composer(lead).recipient_choices), ["own1@card.test"])

    def test_who_only_got_a_copy_is_not_who_was_written_to(self):
        last = self.env["mail.recipient.log"].search([], limit=1)
        for header in ("cc", "bcc"):
            last.sudo().copy(
                {"email": "contact1@bob.test", "email_key": "contact1@bob.test", "header": header}
            )
        self.assertEqual(self._emails(self._composer().recipient_choices), ["company2@acme.test"])

    def test_whom_the_user_may_not_view_is_not_preselected(self):
        self._hide(self.acme)
        self.assertEqual(self._emails(self._composer().recipient_choices), ["contact1@bob.test"])

    def test_many_cards_cost_no_query_more_than_two(self):
        cards = self.deal
        for _ in range(20):
            cards |= self._lead(type="opportunity", partner_id=self.bob.id)
        counts = []
        for some in (cards[:2], cards[:2], cards):  # the first fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._as(some)._message_get_default_recipients()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
