from psycopg2.errors import CheckViolation, NotNullViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .buying_common import BuyingCase


@tagged("post_install", "-at_install")
class TestCreditPack(BuyingCase):
    @mute_logger("odoo.sql_db")
    def test_impossible_packs_are_refused(self):
        for values in (
            {"price": 0},
            {"price": -1},
            {"price": 0.001},
            {"price": 10**13},
            {"credits": 0},
            {"credits": -5},
            {"credits": 10**9 + 1},
            {"credits": 10**18},
        ):
            with (
                self.subTest(values),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._pack(**values)
        with self.assertRaises(NotNullViolation), self.env.cr.savepoint():
            self._pack(currency_id=False)

    def test_pack_whose_price_is_nothing_in_its_currency_is_refused_and_not_offered(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids = [(0, 0, {"name": "2026-01-01", "rate": 150})]
        pack = self._pack(price=0.4, currency_id=self.currency_usd.id)
        with self.assertRaisesRegex(ValidationError, "smallest amount of JPY"):
            pack.currency_id = yen
        self.env.cr.execute(
            "UPDATE iap_credit_pack SET currency_id = %s WHERE id = %s", (yen.id, pack.id)
        )
        pack.invalidate_recordset()
        self.assertNotIn(pack, self.env["iap.credit.pack"]._get_offered(self.account))
        self.assertIn("smallest amount", pack.problem)

    def test_largest_pack_is_possible(self):
        pack = self._pack(credits=10**9, price=10**12)
        self.assertEqual(pack.price_per_credit, "1,000.00\N{NO-BREAK SPACE}€")

    def test_price_per_credit_is_written_with_the_decimals_it_needs(self):
        table = {
            (500, 79): "0.158", (100, 19): "0.19", (3, 1): "0.3333", (2000, 249): "0.1245",
            (10**6, 1): "0.000001", (1, 10**6): "1,000,000.00",
        }  # fmt: skip
        for (credits, price), expected in table.items():
            pack = self._pack(credits=credits, price=price)
            self.assertEqual(pack.price_per_credit, f"{expected}\N{NO-BREAK SPACE}€")

    def _offered(self):
        return self.env["iap.credit.pack"]._get_offered(self.account)

    def test_packs_of_the_service_and_company_are_offered(self):
        other = self.env["res.company"].create({"name": "Other"})
        service = self.env["iap.service"].create(
            {
                "name": "Test", "technical_name": "test", "description": "Test",
                "unit_name": "Credits", "integer_balance": True, "kept_by": "local",
            }
        )  # fmt: skip
        everybody = self._pack(company_id=False, sequence=20)
        self._pack(company_id=other.id)
        self._pack(service_id=service.id)
        self._pack(active=False)
        self.assertEqual(self._offered(), self.pack | everybody)

    def test_currency_without_rate_is_not_offered_and_says_why(self):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search(
                [("rate_ids", "=", False), ("id", "!=", self.env.company.currency_id.id)], limit=1
            )
        )
        currency.active = True
        pack = self._pack(currency_id=currency.id)
        self.assertNotIn(pack, self._offered())
        self.assertIn("no exchange rate", pack.problem)
        currency.rate_ids = [(0, 0, {"name": "2026-01-01", "rate": 2})]
        pack.invalidate_recordset()
        self.assertIn(pack, self._offered())
        self.assertFalse(pack.problem)

    def test_archived_currency_is_not_offered(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "¤"})
        currency.rate_ids = [(0, 0, {"name": "2026-01-01", "rate": 2})]
        pack = self._pack(currency_id=currency.id)
        self.assertIn(pack, self._offered())
        currency.active = False
        self.assertNotIn(pack, self._offered())

    def test_billing_administrators_manage_packs_and_others_only_see_them(self):
        values = {"name": "Mine", "credits": 1, "price": 1}
        packs = self.env["iap.credit.pack"]
        self.assertTrue(packs.with_user(self.users["billing"]).create(values))
        for login in ("manager", "seller"):
            self.assertIn(self.pack, packs.with_user(self.users[login]).search([]))
            with self.assertRaises(AccessError):
                packs.with_user(self.users[login]).create(values)
        with self.assertRaises(AccessError):
            packs.with_user(self.users["portal"]).search([])

    def test_packs_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        pack = self._pack(company_id=other.id)
        self.assertNotIn(
            pack, self.env["iap.credit.pack"].with_user(self.users["billing"]).search([])
        )
