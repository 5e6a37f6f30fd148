from odoo.tests import new_test_user, tagged

from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestCompanyProfile(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technology = cls.env["lead.mining.technology"].create({"name": "Profile Test"})
        cls.industry = cls.env.ref("crm_lead_mining.industry_62")
        cls.profile = {
            "company_employees": 120,
            "company_employees_range": "51-200",
            "company_industry_id": cls.industry.id,
            "company_founded": 1999,
            "company_legal_form": "S.r.l.",
            "company_revenue": "12M EUR",
            "company_timezone": "Europe/Brussels",
            "company_technology_ids": [(6, 0, cls.technology.ids)],
            "company_linkedin": "https://www.linkedin.com/company/acme",
            "company_github": "https://github.com/acme",
        }

    def lead(self, **values):
        return self.env["crm.lead"].create({"name": "Question", **values})

    def assertProfile(self, record):
        self.assertEqual(record.company_technology_ids, self.technology)
        self.assertRecordValues(
            record,
            [
                {
                    "company_employees": 120,
                    "company_size_class": "medium",
                    "company_revenue_class": "from_10",
                    "company_industry_id": self.industry.id,
                    "company_founded": 1999,
                    "company_legal_form": "S.r.l.",
                    "company_timezone": "Europe/Brussels",
                    "company_linkedin": "https://www.linkedin.com/company/acme",
                    "company_github": "https://github.com/acme",
                }
            ],
        )

    def test_leads_and_contacts_are_filtered_and_grouped_by_it(self):
        for model in ("crm.lead", "res.partner"):
            record = self.env[model].create({"name": "Acme", **self.profile})
            for domain in (
                [("company_size_class", "=", "medium")],
                [("company_employees", ">", 100)],
                [("company_industry_id", "=", self.industry.id)],
                [("company_technology_ids.name", "=", "Profile Test")],
                [("company_revenue_class", "=", "from_10")],
                [("company_timezone", "ilike", "brussels")],
                [("company_legal_form", "ilike", "s.r.l")],
            ):
                self.assertIn(record, self.env[model].search(domain), domain)
            for group in (
                "company_size_class", "company_industry_id", "company_technology_ids",
                "company_revenue_class", "company_timezone", "company_legal_form",
            ):  # fmt: skip
                rows = self.env[model]._read_group([("id", "=", record.id)], [group], ["__count"])
                self.assertEqual(rows[0][1], 1, group)

    def test_profile_is_on_the_company_when_a_lead_is_converted(self):
        lead = self.lead(partner_name="Acme", contact_name="Jane", **self.profile)
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id.name, "Jane")
        self.assertProfile(lead.partner_id.parent_id)
        self.assertFalse(lead.partner_id.company_employees)

    def test_profile_is_on_the_person_where_there_is_no_company(self):
        lead = self.lead(contact_name="Jane", **self.profile)
        lead._handle_partner_assignment(create_missing=True)
        self.assertProfile(lead.partner_id)

    def test_lead_without_a_profile_is_converted_as_ever(self):
        values = self.lead(partner_name="Acme")._prepare_customer_values("Acme", is_company=True)
        self.assertFalse([name for name in values if name.startswith("company_e")])

    def test_profile_is_kept_when_leads_are_merged(self):
        other = self.env["lead.mining.technology"].create({"name": "Other Technology"})
        head = self.lead(probability=80, company_technology_ids=[(6, 0, other.ids)])
        merged = (head + self.lead(**self.profile)).merge_opportunity()
        self.assertEqual(merged.company_technology_ids, other + self.technology)
        merged.company_technology_ids = self.technology
        self.assertProfile(merged)

    def test_profile_is_kept_when_contacts_are_merged(self):
        partners = self.env["res.partner"].create(
            [{"name": "Acme", "is_company": True}, {"name": "Acme", **self.profile}]
        )
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge(partners.ids, partners[0])
        self.env.invalidate_all()
        self.assertProfile(partners[0])

    def test_whoever_may_see_a_contact_sees_its_profile(self):
        partner = self.env["res.partner"].create({"name": "Acme", **self.profile})
        user = new_test_user(self.env, "profile_reader", "base.group_user")
        self.assertEqual(
            partner.with_user(user).company_technology_ids.mapped("name"), ["Profile Test"]
        )
        self.assertIn("Software", partner.with_user(user).company_industry_id.display_name)
