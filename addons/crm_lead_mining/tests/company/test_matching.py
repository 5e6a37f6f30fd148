from odoo.tests import BaseCase, tagged

from ...company.matching import misfits
from ...company.types import Company, CompanyQuery, Provenance

BELGIAN = Company(
    name="Synthetic", country_code="BE", state_code="VLG", employees_min=51, employees_max=200,
    industries=("62", "J"), technologies=("Python", "Odoo"), emails=("info@synthetic.example",),
    domain="synthetic.example", city="Gent", zip="9000", founded=1999,
    description="Makes organic soap", legal_form="Société anonyme", revenue="10M-50M EUR",
    provenance=Provenance(provider="directory", dataset="Synthetic"),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestMatching(BaseCase):
    def test_a_company_fits_what_is_looked_for_or_it_is_told_what_does_not_fit(self):
        for query, wrong in (
            ({}, ()),
            ({"countries": ("BE", "FR")}, ()),
            ({"countries": ("FR",)}, ("countries",)),
            ({"states": (("BE", "VLG"),)}, ()),
            ({"states": (("BE", "BRU"),)}, ("states",)),
            # States narrow only their own country.
            ({"states": (("US", "CA"),)}, ()),
            ({"industries": ("62",)}, ()),
            ({"industries": ("J",)}, ()),
            ({"industries": ("63",)}, ("industries",)),
            ({"industries": ("??",)}, ("industries",)),
            ({"size_min": 51, "size_max": 200}, ()),
            ({"size_min": 52}, ("size",)),
            ({"size_max": 199}, ("size",)),
            ({"technologies": ("odoo", "Shopify")}, ()),
            ({"technologies": ("Shopify",)}, ("technologies",)),
            ({"countries": ("FR",), "size_min": 999}, ("countries", "size")),
            ({"reach": ("email", "website")}, ()),
            ({"reach": ("email", "phone")}, ("reach",)),
            ({"places": ("Antwerpen", "gent")}, ()),
            ({"places": ("90",)}, ()),
            ({"places": ("Gentbrugge", "10")}, ("places",)),
            ({"words": ("SYNTH", "organic")}, ()),
            ({"words": ("organic", "bread")}, ("words",)),
            ({"founded_min": 1999, "founded_max": 1999}, ()),
            ({"founded_min": 2000}, ("founded",)),
            ({"founded_max": 1998}, ("founded",)),
            ({"legal_form": "anonyme"}, ()),
            ({"legal_form": "GmbH"}, ("legal_form",)),
            ({"revenue_from": "from_2"}, ()),
            ({"revenue_from": "from_10"}, ()),
            ({"revenue_from": "from_50"}, ("revenue_from",)),
            ({"dataset": "synth"}, ()),
            ({"dataset": "GLEIF"}, ("dataset",)),
        ):
            with self.subTest(query):
                self.assertEqual(misfits(BELGIAN, CompanyQuery(**query)), wrong)

    def test_a_company_of_which_something_is_unknown_does_not_fit_who_asks_for_it(self):
        unknown = Company(name="Synthetic", country_code="BE")
        for query, wrong in (
            ({}, ()),
            ({"states": (("BE", "VLG"),)}, ("states",)),
            ({"industries": ("62",)}, ("industries",)),
            ({"size_min": 0}, ("size",)),
            ({"size_max": 10_000_000}, ("size",)),
            ({"technologies": ("Python",)}, ("technologies",)),
            ({"founded_max": 2000}, ("founded",)),
            ({"reach": ("email",)}, ("reach",)),
            ({"places": ("Gent",)}, ("places",)),
            ({"legal_form": "SA"}, ("legal_form",)),
            ({"revenue_from": "from_2"}, ("revenue_from",)),
            ({"dataset": "GLEIF"}, ("dataset",)),
        ):
            with self.subTest(query):
                self.assertEqual(misfits(unknown, CompanyQuery(**query)), wrong)
        self.assertEqual(misfits(Company("X"), CompanyQuery(countries=("BE",))), ("countries",))
        # A band that is open upwards.
        large = Company(name="Synthetic", employees_min=1000)
        self.assertEqual(misfits(large, CompanyQuery(size_min=1000)), ())
        self.assertEqual(misfits(large, CompanyQuery(size_max=9999)), ("size",))
