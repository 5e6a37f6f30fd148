"""Which gaps of a company another description fills, and when it is of another company."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.gaps import completed
from ...company.types import Company
from ..common import SYNTHETIC, synthetic_company

LEI, OTHER_LEI = "529900T8BM49AURSDO55", "969500UP76J52A9OXU27"
VAT, OTHER_VAT = "IT00743110157", "IT00488410010"
ROME = {"street": "Via 1", "city": "Roma", "zip": "00100", "state_code": "RM", "country_code": "IT"}


@tagged("post_install", "-at_install")
class TestOneCompany(BaseCase):
    def assertTaken(self, known: dict, found: dict, taken: bool):
        filled = completed(Company("Acme", **known), Company("Acme", phone="1", **found))
        self.assertEqual(bool(filled.phone), taken, (known, found))
        self.assertEqual(filled == Company("Acme", **known), not taken)

    def test_values_of_another_company_are_never_taken(self):
        site = {"domain": "acme.example"}
        for known, found in (
            ({"vat": VAT} | site, {"vat": OTHER_VAT} | site),
            ({"vat": "743110157", "country_code": "IT"}, {"vat": OTHER_VAT}),
            ({"lei": LEI} | site, {"lei": OTHER_LEI} | site),
            ({"registry": "GB-COH", "registry_id": "01234567"} | site,
             {"registry": "RA000585", "registry_id": "7654321"} | site),
            (site, {"domain": "other.example"}),
            (site, {"website": "https://www.other.example/acme"}),
            ({"website": "https://acme.example"}, {"domain": "other.example"}),
            ({"country_code": "IT"} | site, {"country_code": "FR"} | site),
        ):  # fmt: skip
            self.assertTaken(known, found, False)
            self.assertTaken(found, known, False)

    def test_spellings_of_one_identity_and_what_is_no_identity_are_no_contradiction(self):
        for known, found in (
            ({}, {}),
            ({"vat": VAT}, {"vat": "it 007.431.10157"}),
            ({"registry": "GB-COH", "registry_id": "01234567"},
             {"registry": "RA000585", "registry_id": "1234567"}),
            ({"registry": "GB-COH", "registry_id": "01234567"},
             {"registry": "FR-SIRENE", "registry_id": "303265045"}),
            ({"domain": "acme.example"}, {"website": "https://WWW.acme.example/en"}),
            ({"domain": "acme.co.uk"}, {"domain": "shop.acme.co.uk"}),
            ({"domain": "acme.example"}, {"website": "https://www.facebook.com/acme"}),
            ({"vat": VAT}, {"vat": "00000000000", "country_code": "IT"}),
            # A company has one number, and as many domains as it likes.
            ({"vat": VAT, "domain": "acme.it"}, {"vat": VAT, "domain": "acme.com"}),
        ):  # fmt: skip
            self.assertTaken(known, found, True)


@tagged("post_install", "-at_install")
class TestGaps(BaseCase):
    def filled(self, known: dict, found: dict) -> dict:
        """Return what `known` has become, with the names of the values that came to it."""
        before = Company("Acme", **known)
        after = completed(before, Company("Acme", **found))
        return {name: getattr(after, name) for name in {**known, **found}}

    def test_address_is_taken_as_a_whole_or_not_at_all(self):
        for part in ("street", "city", "zip"):
            known = {part: "X"}
            found = {name: value for name, value in ROME.items() if name != part}
            self.assertEqual(self.filled(known, found), dict.fromkeys(found, "") | known, part)
        self.assertEqual(self.filled({"street2": "X"}, ROME)["city"], "")

    def test_address_lies_where_the_company_is_known_to_be(self):
        here = {"country_code": "IT"}
        self.assertEqual(self.filled(here, ROME), ROME)
        self.assertEqual(self.filled(here, ROME | {"country_code": ""}), ROME)
        milan = here | {"state_code": "MI"}
        self.assertEqual(self.filled(milan, ROME), dict.fromkeys(ROME, "") | milan)
        unsure = ROME | {"state_code": ""}
        self.assertEqual(self.filled(milan, unsure), dict.fromkeys(ROME, "") | milan)
        self.assertEqual(self.filled(here | {"state_code": "RM"}, ROME), ROME)

    def test_number_of_another_register_is_not_put_beside_a_register(self):
        found = {"registry": "FR-SIRENE", "registry_id": "303265045"}
        self.assertEqual(self.filled({}, found), found)
        known = {"registry": "GB-COH"}
        self.assertEqual(self.filled(known, found), known | {"registry_id": ""})

    def test_sizes_and_sites_of_two_sources_are_not_mixed(self):
        found = {"employees": 7, "employees_min": 7, "employees_max": 7}
        self.assertEqual(
            self.filled({"employees_min": 0}, found),
            {"employees": None, "employees_min": 0, "employees_max": None},
        )
        number = {"vat": VAT}
        known = number | {"domain": "acme.it"}
        site = {"website": "https://acme.com"}
        self.assertEqual(
            self.filled(known, number | site | {"domain": "acme.com"}), known | {"website": ""}
        )
        site = {"website": "https://acme.it"}
        self.assertEqual(self.filled({"domain": "acme.it"}, {"domain": "acme.it"} | site),
                         {"domain": "acme.it"} | site)  # fmt: skip

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sets(st.sampled_from(["phone", "lei", "city", "revenue", "timezone", "logo_url"])))
    def test_what_is_known_stays_whatever_the_other_says(self, known):
        one = Company("Acme", **dict.fromkeys(known, "ours"), provenance=SYNTHETIC)
        filled = completed(one, synthetic_company(1))
        self.assertEqual(filled.name, "Acme")
        self.assertEqual(filled.provenance, SYNTHETIC)
        self.assertEqual(filled.founded, 1999)
        for name in known:
            self.assertEqual(getattr(filled, name), "ours")

    def test_another_provider_may_tell_that_a_company_has_ceased(self):
        one = synthetic_company(1)
        self.assertEqual(completed(one, replace(one, status="ceased")).status, "ceased")

    def test_each_profile_is_filled_by_itself(self):
        known = Company("Acme", socials={"x": "https://x.com/acme"})
        found = Company("Acme", socials={"x": "https://x.com/b", "github": "https://github.com/a"})
        self.assertEqual(
            completed(known, found).socials,
            {"x": "https://x.com/acme", "github": "https://github.com/a"},
        )

    def test_values_tell_where_they_were_read(self):
        known = Company("Acme", revenue="1", sources={"revenue": "here"})
        found = Company(
            "Acme", phone="1", revenue="2", emails=("a@x.example",), provenance=SYNTHETIC,
            socials={"linkedin": "l"}, sources={"emails:a@x.example": "https://p"},
        )  # fmt: skip
        self.assertEqual(
            completed(known, found).sources,
            {
                "revenue": "here",
                "phone": SYNTHETIC.dataset,
                "emails:a@x.example": "https://p",
                "socials:linkedin": SYNTHETIC.dataset,
            },
        )
        there = replace(found, provenance=replace(SYNTHETIC, url="https://u"))
        self.assertEqual(completed(known, there).sources["phone"], "https://u")
