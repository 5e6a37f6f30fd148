from datetime import datetime, timedelta
from itertools import product
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ...company.types import Contact
from ...exceptions import RefundRefused
from ...tools.refunds import COMPANY
from ..common import LeadMiningCase, synthetic_company

BOUNCE = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {bounce}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-{status}@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: {recipient}
Action: failed
Status: {status}
{more}
--x
Content-Type: message/rfc822

From: us@our.example
To: {email}
Subject: Hello
Message-Id: {message_id}

Hello
--x--
"""


class RefundCase(LeadMiningCase):
    def report(self, user=None, flaw="wrong_email", note=False, **target):
        """Report bad data the way the button does."""
        wizard = self.env["lead.mining.bad.data"].with_user(user or self.salesperson)
        wizard = wizard.create({"flaw": flaw, "note": note, **target})
        return wizard.action_confirm()

    def run_refunds(self):
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=self.env.ref("base.user_root"))
            env["lead.mining.refund"]._cron_post()
        self.env.invalidate_all()

    def assertGivenBack(self, credits, paid):
        """So many credits came back, each by an entry that undoes the capture of its result."""
        refunds = self.env["lead.mining.refund"].search([])
        self.assertEqual(sum(refunds.mapped("credits")), credits)
        for refund in refunds:
            self.assertEqual(refund.entry_id.undoes_id, refund.result_id.entry_id)
            self.assertEqual(refund.entry_id.amount, refund.credits)
        self.assertPaid(paid - credits)


@tagged("post_install", "-at_install")
class TestBadData(RefundCase):
    def test_contact_gives_its_price_back(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.price_contact", "3")
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        contact = request.lead_ids.mining_contact_ids[1]
        self.assertEqual(contact.refund_state, "refundable")
        self.report(contact_id=contact.id)
        contact.invalidate_recordset(["refund_state"])
        self.assertEqual(contact.refund_state, "refunded")
        self.assertGivenBack(3, paid=7)
        result = request.result_ids
        self.assertEqual((result.credits, result.refunded), (7, 3))
        self.assertIn("The e-mail address is wrong", result.refund_reason)
        self.assertEqual(request.lead_ids.mining_cost, 4)

    def test_company_gives_everything_of_it_back(self):
        request = self.mine(lead_number=2, target="contacts", contact_number=1)
        result = request.result_ids[0]
        action = result.action_report_bad_data()
        self.report(flaw="closed", result_ids=action["context"]["default_result_ids"])
        self.assertGivenBack(2, paid=4)
        self.assertFalse(result.can_refund)
        self.assertTrue(request.result_ids[1].can_refund)

    def test_several_companies_are_reported_at_once(self):
        self.provide(*(synthetic_company(number) for number in range(1, 9)))
        results = self.mine(lead_number=7).result_ids
        self.report(result_ids=results[0].ids)
        action = results.with_user(self.salesperson).action_report_bad_data()
        wizard = self.env[action["res_model"]].with_user(self.salesperson)
        wizard = wizard.with_context(**action["context"]).create({"flaw": "closed"})
        self.assertIn(results[0].name, wizard.subject_name)
        self.assertIn(" and 2 more", wizard.subject_name)
        self.assertEqual((wizard.credits, wizard.left_out), (6, 1))
        wizard.action_confirm()
        self.assertGivenBack(7, paid=7)

    def test_several_are_given_back_all_or_none(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "2")
        results = self.mine(lead_number=3).result_ids
        with self.assertRaises(RefundRefused) as caught:
            self.report(result_ids=results.ids)
        self.assertEqual(caught.exception.cause, "limit")
        self.assertPaid(3)

    def test_limit_is_told_as_the_reader_writes_numbers(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "1000")
        self.env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", "1500")
        self._set_credits(2000)
        with self.assertRaisesRegex(RefundRefused, "1,000"):
            self.report(result_ids=self.mine(lead_number=1).result_ids.ids)

    def test_nothing_is_given_back_twice(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        self.report(contact_id=request.lead_ids.mining_contact_ids.id)
        with self.assertRaises(RefundRefused) as caught:
            self.report(contact_id=request.lead_ids.mining_contact_ids.id)
        self.assertEqual(caught.exception.cause, "done")
        # Of the company, the rest comes back.
        self.report(result_ids=request.result_ids.ids, flaw="closed")
        self.assertGivenBack(2, paid=2)
        with self.assertRaises(RefundRefused):
            self.report(result_ids=request.result_ids.ids, flaw="closed")
        self.assertPaid(0)

    def test_window_closes(self):
        request = self.mine(lead_number=1)
        self.env.cr.execute(
            "UPDATE lead_mining_result SET create_date = create_date - %s",
            (timedelta(days=30, minutes=1),),
        )
        request.result_ids.invalidate_recordset()
        self.assertFalse(request.result_ids.can_refund)
        with self.assertRaisesRegex(RefundRefused, "30 days"):
            self.report(result_ids=request.result_ids.ids)
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_days", "31")
        self.report(result_ids=request.result_ids.ids)
        self.assertGivenBack(1, paid=1)

    def test_user_gets_back_a_limited_number_of_credits_a_month(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "2")
        results = self.mine(lead_number=3).result_ids
        for result in results[:2]:
            self.report(result_ids=result.ids)
        with self.assertRaises(RefundRefused) as caught:
            self.report(result_ids=results[2].ids)
        self.assertEqual(caught.exception.cause, "limit")
        self.assertGivenBack(2, paid=3)
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        self.report(user=manager, result_ids=results[2].ids)
        self.assertGivenBack(3, paid=3)

    def test_limit_begins_anew_each_month(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "1")
        results = self.mine(lead_number=2).result_ids
        self.report(result_ids=results[0].ids)
        self.env.cr.execute(
            "UPDATE lead_mining_refund SET create_date = create_date - %s", (timedelta(days=31),)
        )
        self.env["lead.mining.refund"].invalidate_model()
        self.report(result_ids=results[1].ids)
        self.assertGivenBack(2, paid=2)

    def test_the_month_of_the_limit_is_that_of_the_company(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "1")
        self.report(result_ids=self.mine(lead_number=1).result_ids.ids)
        company = self.salesperson.company_id
        refunds = self.env["lead.mining.refund"].with_user(self.salesperson)
        self.env.cr.execute("UPDATE lead_mining_refund SET create_date = '2026-11-30 11:30'")
        refunds.invalidate_model()
        self.patch(fields.Datetime, "now", lambda: datetime(2026, 12, 1, 12, 0))
        # In Auckland it was December already, in London it was not.
        for zone, left in (("Pacific/Auckland", 0), ("Europe/London", 1)):
            company.partner_id.tz = zone
            self.assertEqual(refunds._monthly_credits_left(), left)

    def test_free_delivery_has_nothing_to_give_back(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", "0")
        request = self.mine(lead_number=1)
        with self.assertRaises(RefundRefused) as caught:
            self.report(result_ids=request.result_ids.ids)
        self.assertEqual(caught.exception.cause, "unpaid")

    def test_known_company_has_nothing_to_give_back(self):
        self.provide(synthetic_company(1), synthetic_company(1))
        request = self.mine(lead_number=2)
        duplicate = request.result_ids.filtered(lambda result: result.outcome == "duplicate")
        self.assertFalse(duplicate.can_refund)
        with self.assertRaises(RefundRefused):
            self.report(result_ids=duplicate.ids)

    def test_contact_made_by_hand_has_nothing_to_give_back(self):
        request = self.mine(lead_number=1)
        contacts = self.env["lead.mining.contact"].with_user(self.salesperson)
        contact = contacts.create({"lead_id": request.lead_ids.id, "name": "By Hand"})
        self.assertFalse(contact.refund_state)
        with self.assertRaises(UserError):
            self.report(contact_id=contact.id)
        self.assertPaid(1)

    def test_users_cannot_say_what_was_paid_for_a_contact(self):
        request = self.mine(lead_number=2, target="contacts", contact_number=1)
        contact = request.lead_ids[0].mining_contact_ids
        for values in ({"result_id": request.result_ids[1].id}, {"position": 1}):
            with self.assertRaises(AccessError):
                contact.write(values)
            with self.assertRaises(AccessError):
                contact.create({"lead_id": contact.lead_id.id, "name": "Forged", **values})

    def test_other_reason_is_told(self):
        request = self.mine(lead_number=1)
        with self.assertRaisesRegex(UserError, "details"):
            self.report(result_ids=request.result_ids.ids, flaw="other", note=" ")
        self.report(result_ids=request.result_ids.ids, flaw="other", note="A holding")
        self.assertGivenBack(1, paid=1)

    def test_results_of_others_are_not_reported(self):
        request = self.mine(lead_number=1)
        stranger = new_test_user(self.env, "stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.report(user=stranger, result_ids=request.result_ids.ids)
        self.assertPaid(1)

    def test_colleague_who_got_the_lead_reports_its_contacts(self):
        colleague = new_test_user(self.env, "colleague", "sales_team.group_sale_salesman")
        request = self.mine(
            lead_number=1, target="contacts", contact_number=1, user_id=colleague.id
        )
        contact = request.sudo().lead_ids.mining_contact_ids
        self.report(user=colleague, contact_id=contact.id)
        self.assertGivenBack(1, paid=2)

    def test_users_write_no_refund(self):
        refunds = self.env["lead.mining.refund"].with_user(self.salesperson)
        for operation in ("create", "write", "unlink"):
            self.assertFalse(refunds.has_access(operation))

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_refund_of_the_same_part(self):
        request = self.mine(lead_number=1)
        self.report(result_ids=request.result_ids.ids)
        values = self.env["lead.mining.refund"].search([]).copy_data()[0]
        with self.assertRaises(UniqueViolation):
            self.env["lead.mining.refund"].create({**values, "state": "pending", "entry_id": False})


@tagged("post_install", "-at_install")
class TestBounce(MockEmail, RefundCase):
    def send(self, *emails, **values):
        """Send a mail, and return the id that it left with."""
        mail = self.env["mail.mail"].create(
            {"email_to": ", ".join(emails), "subject": "Hello", "body_html": "Hello", **values}
        )
        message_id = mail.message_id
        with self.mock_mail_gateway():
            mail.send()
        return message_id

    def bounce(self, email, status="5.1.1", message_id=None, more="", recipient=None):
        """Let a delivery report arrive, by default of a mail that was sent to the address.

        :param recipient: who refused it, as the report writes it
        """
        text = BOUNCE.format(
            bounce=self._bounce_address(),
            email=email,
            recipient=recipient or f"rfc822; {email}",
            status=status,
            message_id=message_id or self.send(email),
            more=more,
        )
        self.env["mail.thread"].message_process(False, text)
        self.run_refunds()

    def _bounce_address(self):
        domain = self.env["mail.alias.domain"].search([], limit=1) or self.env[
            "mail.alias.domain"
        ].create({"name": "our.example"})
        return domain.bounce_email

    def test_hard_bounce_gives_the_contact_back(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        self.bounce("second@synthetic1.example")
        self.assertGivenBack(1, paid=3)
        refund = self.env["lead.mining.refund"].search([])
        self.assertEqual((refund.subject, refund.cause), ("contact:1", "bounce"))
        self.assertIn("E-mail Bounced", request.result_ids.refund_reason)
        self.bounce("second@synthetic1.example", "5.7.1")
        self.assertGivenBack(1, paid=3)

    def test_mail_that_was_written_to_the_lead_bounces(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        lead = request.lead_ids.sudo()
        partner = self.env["res.partner"].create(
            {"name": "Person", "email": "Person@Synthetic1.example"}
        )
        with self.mock_mail_gateway():
            message = lead.message_post(
                body="Hello", partner_ids=partner.ids, subtype_xmlid="mail.mt_comment"
            )
        self.bounce("person@synthetic1.example", message_id=message.message_id)
        self.assertGivenBack(1, paid=2)

    def test_report_about_a_mail_that_was_never_sent_gives_nothing_back(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        unsent = self.env["mail.mail"].create(
            {"email_to": "person@synthetic1.example", "subject": "Hello"}
        )
        note = request.lead_ids.sudo().message_post(body="To person@synthetic1.example")
        for message_id in ("<forged@our.example>", unsent.message_id, note.message_id):
            self.bounce("person@synthetic1.example", message_id=message_id)
        self.assertGivenBack(0, paid=2)

    def test_report_about_a_mail_that_was_refused_at_once_gives_nothing_back(self):
        self.mine(lead_number=1, target="contacts", contact_number=1)
        mail = self.env["mail.mail"].create({"email_to": "person@synthetic1.example"})
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_mail"):
            self.send_email_mocked.side_effect = AssertionError("refused")
            mail.send()
        self.bounce("person@synthetic1.example", message_id=mail.message_id)
        self.assertGivenBack(0, paid=2)

    def test_report_about_a_mail_to_somebody_else_gives_nothing_back(self):
        self.mine(lead_number=1, target="contacts", contact_number=2)
        message_id = self.send("person@synthetic1.example")
        self.bounce("second@synthetic1.example", message_id=message_id)
        self.assertGivenBack(0, paid=3)

    def test_mail_that_was_sent_before_the_delivery_gives_nothing_back(self):
        message_id = self.send("person@synthetic1.example")
        self.mine(lead_number=1, target="contacts", contact_number=1)
        self.bounce("person@synthetic1.example", message_id=message_id)
        self.assertGivenBack(0, paid=2)

    def test_users_cannot_say_that_a_mail_was_sent(self):
        sent = self.env["lead.mining.sent"].with_user(self.salesperson)
        for operation in ("read", "create", "write", "unlink"):
            self.assertFalse(sent.has_access(operation))

    def test_each_recipient_of_a_report_is_judged_by_the_own_status(self):
        self.mine(lead_number=1, target="contacts", contact_number=2)
        message_id = self.send("person@synthetic1.example", "second@synthetic1.example")
        other = "\nFinal-Recipient: rfc822; {}\nAction: {}\nStatus: {}\n"
        self.bounce(
            "person@synthetic1.example", "4.2.2", message_id,
            other.format("nobody@else.example", "failed", "5.1.1"),
        )  # fmt: skip
        self.assertGivenBack(0, paid=3)
        self.bounce(
            "person@synthetic1.example", "4.2.2", message_id,
            other.format("second@synthetic1.example", "failed", "5.1.1"),
        )  # fmt: skip
        refund = self.env["lead.mining.refund"].search([])
        self.assertEqual((refund.subject, refund.cause), ("contact:1", "bounce"))

    def test_soft_bounce_gives_nothing_back(self):
        self.mine(lead_number=1, target="contacts", contact_number=1)
        self.bounce("person@synthetic1.example", "4.2.2")
        self.assertGivenBack(0, paid=2)

    def test_internationalized_mailbox_that_bounces_is_given_back_however_it_is_spelled(self):
        domains = ("bücher.example", "xn--bcher-kva.example")
        table = list(product(domains, domains, (
            "rfc822; {}@xn--bcher-kva.example", "rfc822;{}@XN--BCHER-KVA.EXAMPLE",
            "rfc822; {}@bücher.example", "utf-8; {}@bücher.example",
            r"utf-8; {}@b\x{{FC}}cher.example", "rfc822; <{}@xn--bcher-kva.example>",
        )))  # fmt: skip
        self.provide(
            *(
                synthetic_company(
                    number, contacts=(Contact(f"Anna {number}", email=f"anna{number}@{delivered}"),)
                )
                for number, (delivered, _mailed, _told) in enumerate(table, 1)
            )
        )
        request = self.mine(lead_number=len(table), target="contacts", contact_number=1)
        results = request.result_ids.sorted("id")
        for number, ((delivered, mailed, told), result) in enumerate(
            zip(table, results, strict=True), 1
        ):
            with self.subTest(delivered=delivered, mailed=mailed, told=told):
                self.bounce(f"Anna{number}@{mailed}", recipient=told.format(f"anna{number}"))
                self.assertEqual(result.refunded, 1)

    def test_late_bounce_gives_nothing_back(self):
        self.mine(lead_number=1, target="contacts", contact_number=1)
        self.env.cr.execute(
            "UPDATE lead_mining_result SET create_date = create_date - %s", (timedelta(days=31),)
        )
        self.env["lead.mining.result"].invalidate_model()
        self.bounce("person@synthetic1.example")
        self.assertGivenBack(0, paid=2)

    def test_address_that_a_user_wrote_gives_nothing_back(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        request.lead_ids.mining_contact_ids.email = "nobody@nowhere.example"
        self.bounce("nobody@nowhere.example")
        self.assertGivenBack(0, paid=2)

    def test_address_that_is_corrected_before_the_report_comes_is_given_back(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        message_id = self.send("person@synthetic1.example")
        request.lead_ids.mining_contact_ids.email = "right@synthetic1.example"
        self.bounce("person@synthetic1.example", message_id=message_id)
        self.assertGivenBack(1, paid=2)

    def test_erased_contact_leaves_no_trace_of_mails(self):
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        self.send("person@synthetic1.example")
        sent = self.env["lead.mining.sent"].search([])
        self.assertEqual(sent.contact_id, request.lead_ids.mining_contact_ids)
        wizard = self.env["lead.mining.privacy"].create({"email": "person@synthetic1.example"})
        wizard.action_search()
        wizard.action_erase()
        self.assertFalse(sent.exists())

    def test_credits_come_back_although_others_move_the_balance_meanwhile(self):
        for number, error in enumerate(PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, 1):
            with self.subTest(error.__name__):
                request = self.mine(lead_number=1, target="contacts", contact_number=1)
                Refund = type(self.env["lead.mining.refund"])
                post, failures = Refund._post_possible, [error()]

                def disturbed(refunds, post=post, failures=failures):
                    if failures:
                        raise failures.pop()
                    return post(refunds)

                with patch.object(Refund, "_post_possible", disturbed):
                    self.bounce(request.lead_ids.mining_contact_ids.email)
                self.assertGivenBack(number, paid=2 * number)

    def test_bounces_do_not_count_in_the_limit_of_the_month(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "1")
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        self.bounce("second@synthetic1.example")
        self.report(contact_id=request.lead_ids.mining_contact_ids[0].id)
        self.assertGivenBack(2, paid=3)


@tagged("post_install", "-at_install")
class TestLateDuplicate(RefundCase):
    def merge(self, *leads):
        records = self.env["crm.lead"].concat(*leads).with_user(self.salesperson)
        merged = records.merge_opportunity()
        self.run_refunds()
        return merged

    def lead(self, **values):
        values = {"name": "Known", "type": "opportunity", "user_id": self.salesperson.id, **values}
        return self.env["crm.lead"].create(values)

    def test_mined_lead_merged_into_an_older_one_is_given_back(self):
        known = self.lead()
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        merged = self.merge(known, request.lead_ids)
        self.assertGivenBack(1, paid=2)
        refund = self.env["lead.mining.refund"].search([])
        self.assertEqual((refund.subject, refund.cause), (COMPANY, "duplicate"))
        self.assertEqual(request.result_ids.lead_id, merged)
        self.assertEqual(merged.mining_cost, 1)

    def test_lead_made_after_the_mined_one_gives_nothing_back(self):
        request = self.mine(lead_number=1)
        merged = self.merge(request.lead_ids, self.lead())
        self.assertGivenBack(0, paid=1)
        self.assertEqual(merged.mining_cost, 1)

    def test_of_two_mined_leads_the_later_one_is_given_back(self):
        request = self.mine(lead_number=2)
        merged = self.merge(*request.lead_ids)
        self.assertGivenBack(1, paid=2)
        self.assertEqual(merged.mining_cost, 1)

    def test_merging_goes_on_when_the_limit_is_reached(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "0")
        known = self.lead()
        request = self.mine(lead_number=1)
        self.assertTrue(self.merge(known, request.lead_ids).exists())
        self.assertGivenBack(0, paid=1)


@tagged("post_install", "-at_install")
class TestCost(RefundCase):
    def test_lead_costs_what_was_paid_for_it(self):
        request = self.mine(lead_number=2, target="contacts", contact_number=2)
        self.assertEqual(request.lead_ids.mapped("mining_cost"), [3, 3])
        self.assertEqual(sum(request.lead_ids.mapped("mining_cost")), request.credits_captured)

    def test_lead_that_was_not_mined_costs_nothing(self):
        self.assertEqual(self.env["crm.lead"].create({"name": "By Hand"}).mining_cost, 0)
