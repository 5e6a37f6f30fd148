"""Companies that nothing but a name and a place identifies, from a provider to a lead."""

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen

from ...company.alike import Place
from ...company.types import Company
from ..common import LeadMiningCase, synthetic_company


def unidentified(number: int = 1, **values) -> Company:
    """Return a company that only its name and place tell."""
    nothing = {"registry": "", "registry_id": "", "domain": "", "website": "", "emails": ()}
    return synthetic_company(
        number, **{**nothing, "phone": "", "record_key": f"record:1:{number}", **values}
    )


@tagged("post_install", "-at_install")
class TestUnidentifiedCompanies(LeadMiningCase):
    def setUp(self):
        super().setUp()
        self.provide(unidentified())

    def _partner(self, **values):
        return self.env["res.partner"].create(
            {
                "name": "SYNTHETIC 1 S.A.",
                "is_company": True,
                "country_id": self.belgium.id,
                "zip": "B-1000",
                **values,
            }
        )

    def _lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Their project",
                "partner_name": "synthetic 1",
                "country_id": self.belgium.id,
                "city": "BRUXELLES",
                "user_id": self.salesperson.id,
                **values,
            }
        )

    def test_it_is_delivered_once_and_its_lead_is_marked(self):
        first = self.mine(lead_number=1)
        lead = first.lead_ids
        self.assertTrue(lead.is_unidentified)
        self.assertIn("Without Identity", Screen(lead, self.salesperson).texts)
        self.assertIn(lead, lead.search([("is_unidentified", "=", True)]))
        self.assertIn("Nothing but its name and place", first.result_ids.reason)
        self.assertEqual(self.mine(lead_number=1).result_ids.outcome, "duplicate")

    def test_the_mark_goes_when_somebody_finds_out_who_it_is(self):
        lead = self.mine(lead_number=1).lead_ids
        lead.website = "https://synthetic1.example"
        self.assertFalse(lead.is_unidentified)
        self.env.flush_all()
        self.assertNotIn("Without Identity", Screen(lead, self.salesperson).texts)
        self.assertNotIn(lead, lead.search([("is_unidentified", "=", True)]))

    def test_a_provider_without_a_key_for_its_record_delivers_none(self):
        self.provide(unidentified(record_key=""))
        self.assertEqual(self.mine(lead_number=1).result_ids.outcome, "invalid")

    def test_a_customer_of_the_name_and_place_is_shown_and_the_lead_is_made(self):
        partner = self._partner()
        result = self.mine(lead_number=1).result_ids
        self.assertEqual(result.outcome, "created")
        self.assertIn(f"It may be: {partner.display_name}", result.reason)
        self.assertEqual(result.lead_id.alike_partner_ids, partner)
        self.assertFalse(result.lead_id.partner_id)

    def test_a_customer_elsewhere_is_another(self):
        self._partner(zip="9000")
        self._partner(zip=False, city="Gent")
        self._partner(country_id=self.env.ref("base.fr").id)
        result = self.mine(lead_number=1).result_ids
        self.assertNotIn("may be", result.reason)
        self.assertFalse(result.lead_id.alike_partner_ids)

    def test_a_lead_of_the_name_and_town_is_offered_for_merging(self):
        for is_lost in (False, True):
            with self.subTest(is_lost), self.env.cr.savepoint() as savepoint:
                known = self._lead(**({"active": False, "probability": 0} if is_lost else {}))
                lead = self.mine(lead_number=1).lead_ids
                self.assertIn(known, lead.duplicate_lead_ids)
                self.assertEqual(lead.duplicate_lead_count, 1)
                self.assertIn(known.display_name, lead.mining_result_ids.reason)
                savepoint.close(rollback=True)

    def test_the_known_lead_offers_it_too_and_no_lead_with_an_identity(self):
        known, other = self._lead(), self._lead()
        self.assertNotIn(other, known.duplicate_lead_ids)
        lead = self.mine(lead_number=1).lead_ids
        known.invalidate_recordset()
        self.assertEqual(known.duplicate_lead_ids, known | lead)

    def test_one_with_an_identity_that_comes_later_is_told_to_be_perhaps_the_same(self):
        lead = self.mine(lead_number=1).lead_ids
        self.provide(synthetic_company(1))
        result = self.mine(lead_number=1).result_ids
        self.assertEqual(result.outcome, "created")
        self.assertIn(lead.display_name, result.reason)

    def test_two_in_one_delivery_are_told_of_each_other(self):
        self.provide(unidentified(1), unidentified(1, record_key="record:2:1"))
        results = self.mine(lead_number=2).result_ids
        self.assertEqual(results.mapped("outcome"), ["created", "created"])
        for result in results:
            self.assertIn("It may be", result.reason)

    def test_what_a_colleague_has_is_not_named(self):
        colleague = new_test_user(self.env, "colleague", "sales_team.group_sale_salesman")
        known = self._lead(user_id=colleague.id)
        reason = self.mine(lead_number=1).result_ids.reason
        self.assertNotIn(known.name, reason)
        self.assertIn("do not have access", reason)

    def test_credits_of_a_lead_that_is_merged_are_refunded_as_of_any_duplicate(self):
        known = self._lead()
        lead = self.mine(lead_number=1).lead_ids
        cost = lead.mining_cost
        (known | lead).with_user(self.salesperson).merge_opportunity()
        self.assertTrue(cost)
        self.assertFalse(known.mining_cost)

    def test_its_lead_has_it_never_mined_again_at_its_place_and_nowhere_else(self):
        lead = self.mine(lead_number=1).lead_ids
        lead.with_user(self.salesperson).action_never_mine()
        asked = {
            "again": (unidentified(2, name="Synthetic 1"), True),
            "with an identity": (synthetic_company(1), True),
            "in another town": (unidentified(3, name="Synthetic 1", zip="9000"), False),
            "another name": (unidentified(4), False),
        }
        companies = [company for company, _is_listed in asked.values()]
        screened = self.env["lead.mining.suppression"]._screen(companies, self.env.company)
        found = {name: bool(item.kind) for name, item in zip(asked, screened, strict=True)}
        self.assertEqual(found, {name: listed for name, (_one, listed) in asked.items()})

    def test_a_company_that_is_never_mined_does_not_come_without_its_identity(self):
        self.provide(synthetic_company(1))
        self.mine(lead_number=1).lead_ids.with_user(self.salesperson).action_never_mine()
        self.provide(unidentified())
        result = self.mine(lead_number=1).result_ids
        self.assertEqual(result.outcome, "skipped")
        self.assertIn("Never Mined", result.reason)

    def test_a_result_that_was_not_delivered_has_it_never_mined_by_its_name(self):
        keys = self.env["lead.mining.suppression"]._company_entries(
            Place.of("Synthetic 1", "", "", ""), "Synthetic 1", "record:1:1"
        )
        self.assertEqual([entry.key for entry in keys], ["synthetic 1"])
