"""What is told of the matches of a search beside their number."""

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company.types import CompanyQuery

from .common import DirectoryCase

HEADER = (
    "name,register,registration number,domain,country,zip,city,industry,email,phone,founded,"
    "legal form,revenue,description"
)
COMPANIES = f"""{HEADER}
Alpha,XX-TEST,1,a.example,BE,9000,Gent,20,info@a.example,+32 9 222 00 00,1999,SA,12M EUR,Organic
Beta,XX-TEST,2,,BE,9050,Gentbrugge,20,,+32 9 222 00 01,2005,SRL,1.500.000 EUR,Makes 100% soap
Gamma_Bakers,XX-TEST,3,gamma.example,BE,1000,Bruxelles,10,info@gamma.example,,,SA,700M SEK,
Delta,XX-TEST,4,delta.example,FR,75001,Paris,62,info@delta.example,,2010,SAS,,
""".encode()


@tagged("post_install", "-at_install")
class TestOverview(DirectoryCase):
    def setUp(self):
        super().setUp()
        self._import(COMPANIES)
        alpha = self.env["lead.directory.company"].search([("name", "=", "Alpha")])
        self.env["lead.directory.contact"].create(
            [
                {
                    "directory_company_id": alpha.id,
                    "identity": f"{role}{number}@alpha.example",
                    "name": f"Person {number}",
                    "role": role,
                }
                for number, role in enumerate(("ceo", "sale", "sale"))
            ]
        )

    def query(self, **values):
        return CompanyQuery(**{"countries": ("BE",), **values})

    def test_of_how_many_what_is_known_is_told(self):
        self.assertEqual(
            self._provider().count_known(self.query(with_contacts=True)),
            (3, {"email": 2, "phone": 2, "website": 2, "contacts": 1}),
        )
        self.assertEqual(self._provider().count_known(self.query(countries=("IT",)))[0], 0)

    def test_roles_of_contacts_are_told_the_commonest_first(self):
        found = self._provider().count_roles(self.query(with_contacts=True))
        self.assertEqual(list(found.items()), [("sale", 2), ("ceo", 1)])
        self.assertEqual(self._provider().count_roles(self.query()), {})

    def test_industries_of_the_countries_are_told_the_commonest_first(self):
        found = self._provider().count_industries(self.query(industries=("62",)))
        self.assertEqual(list(found.items()), [("20", 2), ("10", 1)])

    def test_each_filter_finds_what_it_says(self):
        dataset = self.dataset.name
        for values, names in (
            ({"reach": ("email",)}, {"Alpha", "Gamma_Bakers"}),
            ({"reach": ("email", "phone")}, {"Alpha"}),
            ({"reach": ("website",)}, {"Alpha", "Gamma_Bakers"}),
            ({"places": ("gent",)}, {"Alpha"}),
            ({"places": ("90",)}, {"Alpha", "Beta"}),
            ({"places": ("Gent", "10")}, {"Alpha", "Gamma_Bakers"}),
            ({"places": ("9%",)}, set()),
            ({"words": ("alpha", "ORGANIC")}, {"Alpha"}),
            ({"words": ("100%",)}, {"Beta"}),
            ({"words": ("a_b",)}, {"Gamma_Bakers"}),
            ({"founded_min": 2000}, {"Beta"}),
            ({"founded_min": 1990, "founded_max": 1999}, {"Alpha"}),
            ({"legal_form": "srl"}, {"Beta"}),
            ({"revenue_from": "from_2"}, {"Alpha"}),
            ({"revenue_from": "from_50"}, set()),
            ({"dataset": dataset[2:].upper()}, {"Alpha", "Beta", "Gamma_Bakers"}),
            ({"dataset": f"%{dataset}"}, set()),
            ({"not_called": ("alpha", "3")}, {"Beta"}),
            ({"not_called": ("bakers", "11")}, {"Alpha", "Beta", "Gamma_Bakers"}),
            ({"exclude": frozenset({"domain:gamma.example"})}, {"Alpha", "Beta"}),
        ):
            with self.subTest(values):
                query = self.query(**values)
                page = self._provider().search(query, None, 10)
                self.assertEqual({company.name for company in page.companies}, names)
                self.assertEqual(self._provider().count(query), len(names))
