import re

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.types import CompanyQuery
from odoo.addons.crm_lead_mining.tests.provider_contract import ProviderContract

from ..providers.companies import COMPANIES
from ..providers.demo import DemoProvider

#: Numbers that are kept free for fiction: ACMA and Ofcom for drama, NANPA's 555-01xx, ARCEP and the
#: Bundesnetzagentur for films.
NOBODYS_NUMBER = re.compile(
    r"\+1 \d{3}-555-01\d\d|\+44 117 496 0\d{3}|\+61 2 5550 \d{4}|\+33 4 65 71 \d\d \d\d"
    r"|\+49 89 99998\d{3}"
)


@tagged("post_install", "-at_install")
class TestDemoAdapter(ProviderContract, BaseCase):
    adapter = DemoProvider

    def knowing(self):
        return DemoProvider()

    def test_whoever_is_called_or_written_to_nobody_is_reached(self):
        for company in COMPANIES:
            with self.subTest(company.name):
                hosts = [company.domain, company.website.rstrip("/").rpartition("//")[2]]
                for email in (*company.emails, *(one.email for one in company.contacts)):
                    hosts.append(email.rpartition("@")[2])
                for host in hosts:
                    self.assertTrue(host.endswith(f"{company.domain}"))
                # RFC 2606: no such name can be had.
                self.assertTrue(company.domain.endswith(".example"))
                for phone in (company.phone, *(one.phone for one in company.contacts)):
                    self.assertTrue(not phone or NOBODYS_NUMBER.fullmatch(phone), phone)
                self.assertFalse(company.vat or company.lei or company.registry_id)

    def test_each_company_says_that_it_does_not_exist(self):
        for company in DemoProvider().search(CompanyQuery(), None, 1000).companies:
            self.assertIn("There is no such company", company.description)
            self.assertEqual(company.provenance.dataset, "Invented companies")
            self.assertRegex(
                company.name, "Example|Sample|Esempio|Exemple|Muster|Ejemplo|Voorbeeld"
            )

    def test_there_is_something_for_whatever_is_tried(self):
        countries = {company.country_code for company in COMPANIES}
        self.assertGreaterEqual(len(countries), 10)
        for country in countries:
            found = DemoProvider().count(CompanyQuery(countries=(country,)))
            self.assertGreaterEqual(found, 5, country)
        roles = {contact.role for company in COMPANIES for contact in company.contacts}
        self.assertEqual(roles, {"ceo", "sale", "information_technology"})
        sections = {nace.section_of(company.industries[0]) for company in COMPANIES}
        self.assertGreaterEqual(len(sections), 5)
        for least, most in ((1, 9), (10, 49), (50, 249), (250, None)):
            query = CompanyQuery(size_min=least, size_max=most)
            self.assertTrue(DemoProvider().count(query), (least, most))

    def test_people_of_the_wanted_role_come_first(self):
        query = CompanyQuery(
            countries=("IT",), with_contacts=True, contacts_per_company=2, contact_filter="role",
            preferred_role="sale", other_roles=("ceo",),
        )  # fmt: skip
        for company in DemoProvider().search(query).companies:
            self.assertEqual([one.role for one in company.contacts], ["sale", "ceo"])
