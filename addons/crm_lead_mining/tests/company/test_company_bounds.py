from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestCompanyBounds(LeadMiningCase):
    """Who works for one company leaves nothing to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        groups = "sales_team.group_sale_manager,crm_lead_mining.group_lead_mining_user"
        cls.manager = new_test_user(cls.env, "bound_manager", groups)
        cls.seller = new_test_user(
            cls.env, "bound_seller",
            "sales_team.group_sale_salesman,crm_lead_mining.group_lead_mining_user",
        )  # fmt: skip
        cls.country = cls.env.ref("base.be")

    def values(self):
        return {
            "lead.mining.search": {"name": "Mine"},
            "lead.mining.request": {"country_ids": [Command.set(self.country.ids)]},
            "lead.mining.suppression": {"kind": "domain", "value": "ours.example"},
            "lead.mining.suppression.import": {"file": "eA=="},
        }

    def test_records_are_neither_moved_to_nor_made_for_another_company(self):
        for model, values in self.values().items():
            own = self.env[model].with_user(self.manager)
            record = own.create({**values, "company_id": self.env.company.id})
            with self.subTest(model=model):
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.write({"company_id": self.other.id})
                record.invalidate_recordset()
                self.assertEqual(record.sudo().company_id, self.env.company)
                record.sudo().unlink()
                with self.assertRaises(UserError), self.cr.savepoint():
                    own.create({**values, "company_id": self.other.id})

    def test_managers_still_share_what_is_never_mined(self):
        model = "lead.mining.suppression"
        own = self.env[model].with_user(self.manager)
        self.assertFalse(own.create({**self.values()[model], "company_id": False}).company_id)

    def test_contact_is_not_moved_to_a_lead_of_somebody_else(self):
        mine, theirs, foreign = self.env["crm.lead"].create(
            [
                {"name": "Mine", "user_id": self.seller.id},
                {"name": "Theirs", "user_id": self.manager.id},
                {"name": "Foreign", "user_id": False, "company_id": self.other.id},
            ]
        )
        contact = self.env["lead.mining.contact"].create({"lead_id": mine.id, "name": "Ann"})
        for lead in (theirs, foreign):
            with self.assertRaises(AccessError), self.cr.savepoint():
                contact.with_user(self.seller).write({"lead_id": lead.id})
