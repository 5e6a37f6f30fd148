"""The statement of a month reaches whom the account names, once."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.ledger import Cost
from .common import CreditCase

ALONE = "odoo.addons.crm_common.tools.alone"


@tagged("post_install", "-at_install")
class TestMonthlyStatement(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["iap.account"].search([]).statement_partner_ids = False
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        cls.english, cls.italian = cls.env["res.partner"].create(
            [
                {"name": "Eve", "email": "eve@books.example", "lang": "en_US"},
                {"name": "Ida", "email": "ida@books.example", "lang": "it_IT"},
            ]
        )
        cls.account.statement_partner_ids = cls.english | cls.italian

    def send(self):
        """Run the scheduled action; return the e-mails that it has made."""
        mails = self.env["mail.mail"]
        before = mails.search([])
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            root = self.env.ref("base.user_root")
            self.env(cr=cr, user=root)["iap.account"]._cron_send_statements()
        self.env.invalidate_all()
        return mails.search([]) - before

    def test_each_reader_gets_one_mail_in_the_own_language_with_the_statement(self):
        mails = self.send()
        self.assertEqual(mails.recipient_ids, self.english | self.italian)
        for mail in mails:
            [reader] = mail.recipient_ids
            is_italian = reader == self.italian
            self.assertIn("estratto conto" if is_italian else "credit statement", mail.subject)
            [attachment] = mail.attachment_ids
            self.assertRegex(attachment.name, r"^credits-reveal-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.")

    def test_a_month_is_sent_once_and_the_next_one_again(self):
        self.assertEqual(len(self.send()), 2)
        self.assertFalse(self.send())
        with freeze_time("2099-03-01 12:00:00"):
            self.assertIn("February 2099", self.send().filtered(
                lambda mail: mail.recipient_ids == self.english
            ).subject)  # fmt: skip
            self.assertFalse(self.send())

    def test_the_month_is_that_of_the_company(self):
        self.account._get_ledger_company().partner_id.tz = "Pacific/Auckland"
        with freeze_time("2099-02-28 12:30:00"):  # March there
            due = self.account._get_statement_due()
        self.assertEqual([day.isoformat() for day in due], ["2099-02-01", "2099-02-28"])

    def test_an_account_that_fails_keeps_nobody_from_theirs(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", company)
        other.statement_partner_ids = self.english
        accounts = type(self.account)
        send = accounts._send_statement_to

        def fail(account, *args):
            if account == self.account:
                raise ValueError("no printer")
            return send(account, *args)

        with patch.object(accounts, "_send_statement_to", fail), mute_logger(ALONE):
            mails = self.send()
        self.assertEqual(mails.recipient_ids, self.english)
        self.assertFalse(self.account.statement_sent_for)
        # It is tried again, and the other one is not sent twice.
        self.assertEqual(len(self.send()), 2)

    def test_nobody_named_and_copies_send_nothing(self):
        self.account.statement_partner_ids = False
        self.assertFalse(self.send())
        self.account.statement_partner_ids = self.english
        self.account.account_token += "+disabled"
        self.assertFalse(self.send())

    def test_the_mail_tells_what_is_left_and_what_it_is_worth(self):
        self.account.purchase(
            10, reason="Pack", idempotency_key=self._key(),
            cost=Cost(25, 5, self.env.ref("base.EUR").id),
        )  # fmt: skip
        month = datetime.now().replace(day=1)
        following = (month.replace(day=28) if month.month != 2 else month).replace(
            year=month.year + (month.month == 12), month=month.month % 12 + 1, day=2
        )
        with freeze_time(following):
            mails = self.send()
        [english] = mails.filtered(lambda mail: mail.recipient_ids == self.english)
        body = english.body_html.replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("25.00", body)
        self.assertIn(f"{self.account.credits_available} credits", body)
