from datetime import timedelta
from itertools import product
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import RecipientCase

_LOGGERS = "odoo.addons.crm_mail_recipients.tools.guard"


@tagged("post_install", "-at_install")
class TestGate(RecipientCase):
    """The queue judges mail by mail: nothing that happens to one card stops another mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()
        cls.bystander = cls.env["mail.mail"].create(
            {"email_to": "by@stander.test", "subject": "Of another app", "auto_delete": False}
        )
        cls.template = cls._template("crm.lead")

    @classmethod
    def _template(cls, model, **values):
        named = {"partner_to": str(cls.bob.id), "auto_delete": False}
        return super()._template(model, **{**named, **values})

    def _deals(self, number=2, **values):
        values = {"type": "opportunity", "partner_id": self.bob.id, **values}
        deals = [self._lead(**values, name=f"Deal {number}") for number in range(number)]
        return self.env["crm.lead"].union(*deals)

    def _queued(self, records, template=None, **email_values):
        """What an automation has put into the queue."""
        template = template or self.template
        return template.send_mail_batch(records.ids, email_values=email_values)

    def _run_queue(self):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.mock_smtplib_connection():
            self.env["mail.mail"].process_email_queue()

    def _reached(self):
        """Whom the last run has reached outside the house."""
        reached, _shown = self.envelopes()
        return sorted(email for email in reached if not email.endswith("@house.test"))

    def _logged(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["mail.recipient.log"].search(domain)

    def assertBlocked(self, mail, reason):
        """`mail` was stopped; that is said on it and in the log."""
        self.assertEqual((mail.state, mail.failure_type), ("cancel", "recipient_policy"))
        self.assertTrue(mail.failure_reason)
        self.assertIn(
            (reason, "blocked"), self._logged().mapped(lambda line: (line.reason, line.verdict))
        )

    # === merged and deleted records === #

    def test_merged_deals_stop_no_mail_and_theirs_leave_from_the_one_that_stays(self):
        for any_address in (False, True):
            with self.subTest(any_address=any_address):
                self._policy(any_address=any_address)
                self.bystander.state = "outgoing"
                self.emails = []
                deals = self._deals()
                mails = self._queued(deals)
                deals.merge_opportunity()
                self._run_queue()
                self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
                self.assertEqual(set((mails | self.bystander).mapped("state")), {"sent"})
                sent = self._logged(verdict="sent", email_key="contact1@bob.test")
                self.assertIn(deals.exists().id, sent.mapped("res_id"))
                self.emails = []
                self._run_queue()
                self.assertNothingLeft()

    def test_a_mail_of_a_merged_deal_is_judged_by_the_one_that_stays(self):
        first, second = self._deals()
        second.partner_id = self.acme
        mails = self._queued(second, self._template("crm.lead", partner_to=str(self.acme.id)))
        first.probability = 90
        head = (first | second).merge_opportunity()
        head.partner_id = self.bob
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test"])
        self.assertBlocked(mails, "not_allowed")
        head.partner_id = self.acme
        mails.mark_outgoing()
        self._run_queue()
        self.assertIn("company1@acme.test", self._reached())
        self.assertEqual(mails.state, "sent")

    def test_a_lead_converted_into_an_existing_deal_stops_no_mail(self):
        deal = self._deals(1)
        lead = self._lead(partner_id=self.bob.id, email_from="own1@card.test")
        mails = self._queued(lead | deal)
        wizard = self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
        )
        wizard.create(
            {"name": "merge", "duplicated_lead_ids": [(6, 0, (lead | deal).ids)]}
        ).action_apply()
        self.assertEqual(len((lead | deal).exists()), 1)
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_merged_contacts_stop_no_mail(self):
        double = self.bob.copy({"name": "Bob again", "email": "contact1@bob.test"})
        template = self._template("res.partner", partner_to="{{ object.id }}")
        mails = self._queued(self.bob | double, template)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.bob.id, double.id], self.bob
        )
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_the_address_chosen_of_a_contact_is_written_to_after_it_was_merged(self):
        double = self.bob.copy(
            {"name": "Bob again", "email": "double1@bob.test, contact2@bob.test"}
        )
        deal = self._deals(1, partner_id=double.id)
        deal.message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            recipient_choices=[{"email": "contact2@bob.test", "partner_id": double.id}],
            force_send=False,
        )
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.bob.id, double.id], self.bob
        )
        self.assertEqual(deal.partner_id, self.bob)
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact2@bob.test"])

    def test_a_mail_whose_card_is_gone_reaches_nobody_and_stops_no_other_one(self):
        deal = self._deals(1)
        mail = self._queued(deal, model=False, res_id=False)
        deal.unlink()
        for _attempt in range(2):
            self.bystander.state = mail.state = "outgoing"
            self._run_queue()
            self.assertEqual(self._reached(), ["by@stander.test"])
            self.assertBlocked(mail, "gone")
        self.assertEqual(self._logged(reason="gone").mapped("res_id"), [deal.id] * 2)

    def test_any_address_a_mail_whose_card_is_gone_leaves_once(self):
        self._policy(any_address=True)
        deal = self._deals(1)
        mail = self._queued(deal, model=False, res_id=False)
        deal.unlink()
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertEqual(mail.state, "sent")
        self.assertEqual(self._logged(verdict="sent").mapped("res_id"), [deal.id])

    def test_a_record_deleted_in_the_database_stops_no_mail(self):
        gone, there = self._deals()
        mails = self._queued(gone | there)
        self.env.flush_all()
        self.env.execute_query(SQL("DELETE FROM crm_lead WHERE id = %s RETURNING id", gone.id))
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertBlocked(mails[0], "gone")
        self.assertEqual(mails[1].state, "sent")

    def test_a_card_of_a_model_that_was_uninstalled_stops_no_mail(self):
        mails = self._queued(self._deals())
        mails[0].recipient_origin_model = "uninstalled.model"
        mails[1].mail_message_id.write({"model": "uninstalled.model"})
        self._run_queue()
        self.assertIn("by@stander.test", self._reached())
        self.assertEqual(mails[0].state, "sent")

    def test_a_mail_without_a_record_id_stops_no_mail(self):
        mails = self._queued(self._deals(), res_id=0)
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_an_archived_card_is_a_card(self):
        deals = self._deals(1)
        mails = self._queued(deals)
        deals.active = False
        self._run_queue()
        self.assertEqual(mails.state, "sent")
        self.assertIn("contact1@bob.test", self._reached())

    def test_a_card_of_another_company_stops_no_mail(self):
        other = self.env["res.company"].create({"name": "Other", "recipient_policy": True})
        deals = self._deals(2, company_id=other.id, user_id=False, team_id=False)
        mails = self._queued(deals)
        deals[0].write({"partner_id": False, "company_id": other.id})
        self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertBlocked(mails[0], "no_link")
        self.assertEqual(self._logged(reason="no_link").company_id, other)

    def test_a_mail_deleted_while_the_queue_runs_stops_no_other_one(self):
        mails = self._queued(self._deals())
        self.env.flush_all()
        self.env.execute_query(SQL("DELETE FROM mail_mail WHERE id = %s RETURNING id", mails[0].id))
        self.env.invalidate_all()
        with self.mock_smtplib_connection():
            (mails | self.bystander)._send()
        self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
        self.assertEqual(mails[1].state, "sent")

    # === errors of the policy itself === #

    def _break(self, record, error):
        """Let the card `record` raise when it is asked for its parties."""
        linked = type(record)._recipient_linked_partners

        def broken(card):
            if card.id == record.id:
                error()
            return linked(card)

        return patch.object(self.registry["crm.lead"], "_recipient_linked_partners", broken)

    def test_one_mail_of_fifty_that_cannot_be_judged_is_the_only_one_stopped(self):
        deals = self._deals(50)
        for error in (
            lambda: {}["no such key"],
            lambda: self.env.cr.execute("SELECT 1 / 0"),
        ):
            self.emails = []
            self.bystander.state = "outgoing"
            mails = self._queued(deals)
            with self._break(deals[17], error), mute_logger(_LOGGERS, "odoo.sql_db"):
                self._run_queue()
            self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
            self.assertEqual(len(self.emails), 50)
            self.assertBlocked(mails[17], "failed")
            self.assertEqual(set((mails - mails[17]).mapped("state")), {"sent"})
            self.assertEqual(self._logged(reason="failed")[:1].res_id, deals[17].id)
            self.assertEqual(self._logged(reason="failed")[:1].partner_id, self.bob.id)
            mails[17].mark_outgoing()
            self._run_queue()
            self.assertEqual(mails[17].state, "sent")

    def test_a_notification_that_cannot_be_judged_is_shown_as_failed(self):
        deal = self._deals(1)
        message = deal.message_post(
            body="x",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.bob.ids,
            force_send=False,
        )
        with self._break(deal, lambda: {}["no such key"]), mute_logger(_LOGGERS):
            self._run_queue()
        notification = message.notification_ids.filtered(lambda n: n.res_partner_id == self.bob)
        self.assertEqual(notification.notification_status, "exception")
        self.assertEqual(notification.failure_type, "recipient_policy")

    def test_one_message_for_later_that_cannot_be_judged_is_the_only_one_stopped(self):
        deals = self._deals(3)
        for deal in deals:
            deal.message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.bob.ids,
                scheduled_date=fields.Datetime.now() + timedelta(days=1),
            )
        schedules = self.env["mail.message.schedule"].search([])
        self.assertEqual(len(schedules), 3)
        for error in (
            lambda: {}["no such key"],
            lambda: self.env.cr.execute("SELECT 1 / 0"),
        ):
            with self._break(deals[1], error), mute_logger(_LOGGERS, "odoo.sql_db"):
                schedules.exists()._send_notifications()
            self.assertEqual(schedules.exists().mail_message_id.res_id, deals[1].id)
            self.assertEqual(self._logged(reason="failed")[:1].res_id, deals[1].id)
            self.assertEqual(self._logged(reason="failed")[:1].partner_id, self.bob.id)
        self._run_queue()
        to_bob = [mail for mail in self.emails if mail["smtp_to_list"] == ["contact1@bob.test"]]
        self.assertEqual(len(to_bob), 2)
        self.emails = []
        schedules.exists()._send_notifications()
        self.assertFalse(schedules.exists())
        self._run_queue()
        self.assertEqual(self._reached(), ["contact1@bob.test"])

    def test_who_may_not_be_viewed_by_the_writer_is_not_told_of_a_message_for_later(self):
        self.bystander.unlink()
        deal = self._deals(1)
        deal.sudo().message_subscribe((self.bob | self.colleague.partner_id).ids)

        def told(later):
            self.emails = []
            with self.mock_smtplib_connection():
                self._as(deal).message_post(
                    body="x",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    scheduled_date=later and fields.Datetime.now() + timedelta(days=1),
                )
                self.env["mail.message.schedule"].search([])._send_notifications()
            return self._reached()

        self.assertEqual(told(later=True), ["contact1@bob.test"])
        self._hide(self.bob)
        for any_address, later in product((False, True), repeat=2):
            self.env.company.recipient_any_address = any_address
            with self.subTest(any_address=any_address, later=later):
                self.assertEqual(told(later), [])

    def test_the_number_of_queries_of_the_verdicts_does_not_grow_with_the_mails(self):
        def queries(number):
            mails = self._queued(self._deals(number))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(mails._recipient_verdicts()), number)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(40))

    def _log_fails(self, error):
        return patch.object(self.registry["mail.recipient.log"], "_record", error)

    def test_a_mail_that_has_left_is_sent_whatever_becomes_of_its_log(self):
        log = self.registry["mail.recipient.log"]
        record = log._record

        def no_such_company(lines, vals_list):
            record(lines, [{**vals, "company_id": 2**30} for vals in vals_list])

        def no_such_key(lines, vals_list):
            raise KeyError("no such key")

        for error in (no_such_company, no_such_key):
            with self.subTest(error=error.__name__):
                self.emails = []
                self.bystander.state = "outgoing"
                deal = self._deals(1)
                message = deal.message_post(
                    body="x",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=self.bob.ids,
                    force_send=False,
                )
                mails = self._queued(deal)
                with self._log_fails(error), mute_logger(_LOGGERS, "odoo.sql_db"):
                    self._run_queue()
                self.assertEqual(self._reached(), ["by@stander.test", "contact1@bob.test"])
                self.assertEqual(len(self.emails), 4)
                self.assertEqual(set((mails | self.bystander).mapped("state")), {"sent"})
                bob = message.notification_ids.filtered(lambda n: n.res_partner_id == self.bob)
                self.assertEqual(bob.notification_status, "sent")
                self._run_queue()
                self.assertNothingLeft()

    def test_a_mail_is_stopped_whatever_becomes_of_its_log(self):
        deal = self._deals(1)
        mails = self._queued(deal)
        deal.partner_id = False

        def no_such_key(lines, vals_list):
            raise KeyError("no such key")

        with self._log_fails(no_such_key), mute_logger(_LOGGERS):
            self._run_queue()
        self.assertEqual(self._reached(), ["by@stander.test"])
        self.assertEqual((mails.state, mails.failure_type), ("cancel", "recipient_policy"))

    def test_a_card_deleted_while_its_mail_leaves_is_logged_all_the_same(self):
        deal = self._deals(1)
        mail = self._queued(deal)
        servers = self.registry["ir.mail_server"]
        send = servers.send_email

        def send_and_delete(server, *args, **kwargs):
            self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [deal.id])
            self.env.invalidate_all()
            return send(server, *args, **kwargs)

        with patch.object(servers, "send_email", send_and_delete):
            self._run_queue()
        self.assertEqual(mail.state, "sent")
        self.assertEqual(self._logged(verdict="sent").mapped("res_id"), [deal.id])
