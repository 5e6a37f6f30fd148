from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.tests.common import MockSmtplibCase

from . import oracle


class RecipientCase(MockSmtplibCase, TransactionCase):
    """Cards and people for the tests of the policy; mail goes to a recorder of SMTP envelopes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "office@house.test"
        cls.salesman = new_test_user(
            cls.env,
            "salesman",
            name="Sally",
            groups="sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
            email="salesman@house.test",
        )
        cls.colleague = new_test_user(
            cls.env,
            "colleague",
            name="Colin",
            groups="sales_team.group_sale_salesman",
            email="colleague@house.test",
        )
        Partner = cls.env["res.partner"]
        cls.corp = Partner.create({"name": "Corp", "is_company": True, "email": oracle.EMPLOYER[0]})
        cls.bob = Partner.create(
            {"name": "Bob", "parent_id": cls.corp.id, "email": ", ".join(oracle.CONTACT)}
        )
        cls.acme = Partner.create({"name": "Acme", "is_company": True, "email": oracle.COMPANY[0]})
        cls.acme.recipient_address_ids = [(0, 0, {"email": oracle.COMPANY[1], "label": "Orders"})]
        cls.outsider = Partner.create({"name": "Out Sider", "email": "outsider@rival.test"})

    @classmethod
    def _policy(cls, on=True, any_address=False, unknown="lead"):
        cls.env.company.write(
            {
                "recipient_policy": on,
                "recipient_any_address": any_address,
                "recipient_unknown": unknown,
            }
        )

    def setUp(self):
        super().setUp()
        self.emails = []

    def _lead(self, **values):
        return (
            self.env["crm.lead"]
            .with_context(mail_create_nosubscribe=True, mail_auto_subscribe_no_notify=True)
            .create({"name": "Card", "type": "lead", "user_id": self.salesman.id, **values})
        )

    @classmethod
    def _template(cls, model="crm.lead", **values):
        """Return a template that reaches only whom its values name."""
        return cls.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": cls.env["ir.model"]._get_id(model),
                "subject": "Offer",
                "body_html": "<p>Offer</p>",
                "use_default_to": False,
                **values,
            }
        )

    def _as(self, record, user=None):
        return record.with_user(user or self.salesman)

    def _hide(self, partner):
        """Let nobody but the system view `partner`."""
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {partner.id})]",
            }
        )

    def envelopes(self):
        """Return the addresses in the SMTP envelopes so far, and all text in To and Cc."""
        self.env.flush_all()
        reached = {address for mail in self.emails for address in mail["smtp_to_list"]}
        shown = " ".join(f"{mail['msg_to']} {mail['msg_cc']}" for mail in self.emails)
        return reached, shown

    def assertReached(self, *addresses):
        reached, _shown = self.envelopes()
        self.assertEqual(reached, set(addresses))

    def assertNothingLeft(self):
        self.assertFalse([mail["smtp_to_list"] for mail in self.emails])


class DealCase(RecipientCase):
    """A deal of Bob and Acme under the policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.deal = self._lead(
            type="opportunity", partner_id=self.bob.id, recipient_company_id=self.acme.id
        )
