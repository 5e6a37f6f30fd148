"""A pack, an account without credits and a payment provider that never asks anybody."""

from unittest.mock import patch

from odoo.tests import new_test_user

from odoo.addons.payment.tests.common import PaymentCommon

from .common import CreditCase


class BuyingCase(PaymentCommon, CreditCase):
    """Base of the tests that buy credits: 500 for 79.00 euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Not what is tested: without a chart of accounts there is no journal to book payments in.
        cls.enable_post_process_patcher = False
        if cls.account_payment_installed:
            cls.startClassPatcher(
                patch.object(type(cls.env["payment.transaction"]), "_create_payment")
            )
        cls._fund(0)
        # The database may have packs and providers of its own.
        cls.env["iap.credit.pack"].search([]).active = False
        others = cls.env["payment.provider"].search([("state", "!=", "disabled")])
        (others - cls.provider).state = "disabled"
        for currency in cls.currency_euro | cls.currency_usd:
            if not currency.rate_ids:
                currency.rate_ids = [(0, 0, {"name": "2026-01-01", "rate": 1.1})]
        cls.pack = cls._pack()
        cls.country_belgium = cls.env.ref("base.be")
        # Whom colleagues have invoiced if nobody else is known.
        cls.account._get_ledger_company().write(
            {
                "street": "Chaussée de Namur 40",
                "zip": "1367",
                "city": "Ramillies",
                "country_id": cls.country_belgium.id,
                "state_id": False,
                "vat": "BE0477472701",
            }
        )
        groups = {
            "billing": "crm_iap_credits.group_billing_administrator",
            "manager": "sales_team.group_sale_manager",
            "seller": "sales_team.group_sale_salesman",
            "portal": "base.group_portal",
        }
        cls.users = {
            login: new_test_user(
                cls.env, f"buy_{login}", groups=group, name=f"Buying {login}",
                email=f"{login}@buyer.example", password=f"buy_{login}",
            )
            for login, group in groups.items()
        }  # fmt: skip

    @classmethod
    def _pack(cls, **values):
        return cls.env["iap.credit.pack"].create(
            {
                "name": "Team",
                "credits": 500,
                "price": 79,
                "currency_id": cls.currency_euro.id,
                "company_id": cls.env.company.id,
                "service_id": cls.account.service_id.id,
                **values,
            }
        )

    def _order(self, user=None, pack=None, **values):
        """Order the pack, as a billing administrator unless told otherwise."""
        user = user or self.users["billing"]
        return self.env["iap.credit.order"]._place(
            pack or self.pack, self.account, values.pop("partner", user.partner_id),
            user=user, **values,
        )  # fmt: skip

    def _payment(self, order, **values):
        """Return a draft payment of the order."""
        values = {
            "amount": order.price,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "reference": self.env["payment.transaction"]._compute_reference(
                self.provider.code, prefix=order.name
            ),
            "credit_order_id": order.id,
            **values,
        }
        return self._create_transaction("direct", **values)

    def _confirm(self, payment):
        """Do what a provider's notification and the post-processing after it do."""
        payment._set_done()
        payment._post_process()

    def _buy(self, **values):
        """Return a paid order."""
        order = self._order(**values)
        self._confirm(self._payment(order))
        return order

    def _refund(self, payment, amount=None):
        refund = payment._create_child_transaction(amount or payment.amount, is_refund=True)
        self._confirm(refund)
        return refund

    def _spend(self, credits):
        self._capture(self._hold(credits), credits)

    def assertOrder(self, order, state, credits):
        """Check an order's state and the credits of the account."""
        self.assertEqual(order.state, state)
        self.assertCredits(credits)

    def assertAlerted(self, order, text):
        """Check that a billing administrator was told."""
        activities = order.activity_ids
        self.assertTrue(activities, "nobody was told")
        self.assertIn(text, str(activities[-1:].note))
        self.assertIn(text, str(order.message_ids.mapped("body")))
