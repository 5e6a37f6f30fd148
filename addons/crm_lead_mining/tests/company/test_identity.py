from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.identity import (
    REGISTRY_ALIASES,
    all_keys,
    are_registry_ids,
    identity_keys,
    normalise_domain,
    normalise_domains,
    normalise_lei,
    normalise_registry_id,
    normalise_vat,
)
from ...company.types import Company

LEI = "529900T8BM49AURSDO55"  # the example of ISO 17442-1

#: Sites of all kinds: plain, of nobody, of certified mail, and what is none.
WORDS = (
    "acme", "facebook", "cons", "collegiogeometri", "ordineavvocatiroma", "notai", "arubapec",
    "prospec", "pec", "legalmail", "gmail", "www", "co", "-x", "x-", "x_y", "né", "Acme", "", "1",
    "x" * 63, "x" * 64,
)  # fmt: skip
TOPS = ("it", "eu", "com", "co.uk", "uk", "ck", "google", "college", "example", "123", "1a", "i")
PARTS = (
    ("", "http://", "https://", "HTTP://", "//", "a@"),
    ("", "www.", "www.www.", "a.", "pec."),
    WORDS,
    (".",),
    TOPS,
    ("", "/", "/x", ".", "\n", "\nacme.it"),
)


@tagged("post_install", "-at_install")
class TestIdentity(BaseCase):
    def test_keys_are_ordered_from_registry_id_to_domain(self):
        company = Company(
            "Acme", registry="GB-COH", registry_id="1234567", lei=LEI.lower(), vat="IT00743110157",
            website="https://www.acme.example/it?x=1",
        )  # fmt: skip
        self.assertEqual(
            identity_keys(company),
            ("reg:GB-COH:01234567", f"lei:{LEI}", "vat:IT00743110157", "domain:acme.example"),
        )

    def test_a_vat_number_that_holds_a_register_s_identifies_as_that_unless_there_is_another(self):
        for keys, more in (
            (("vat:FR96552100554", "domain:a.example"), ("reg:FR-SIRENE:552100554",)),
            (("lei:" + LEI, "vat:BE0400067095"), ("reg:BE-BCEKBO:0400067095",)),
            (("vat:IT00743110157",), ()),
            # That of a group.
            (("reg:FR-SIRENE:404833048", "vat:FR96552100554"), ()),
            ((), ()),
        ):
            with self.subTest(keys):
                self.assertEqual(all_keys(keys), (*keys, *more))

    def test_a_company_with_a_name_only_has_no_identity(self):
        self.assertEqual(identity_keys(Company("Acme")), ())

    def test_a_registration_number_without_its_register_is_no_identity(self):
        self.assertEqual(identity_keys(Company("Acme", registry_id="01234567")), ())
        self.assertEqual(identity_keys(Company("Acme", registry="GB-COH")), ())

    def test_registration_numbers_that_spreadsheets_spoil_are_the_same(self):
        for written in ("01234567", "1234567", " 0123 4567 ", "01.234.567", "０１２３４５６７"):
            with self.subTest(written):
                self.assertEqual(normalise_registry_id("gb-coh", written), ("GB-COH", "01234567"))
        self.assertEqual(normalise_registry_id("GB-COH", "sc123456"), ("GB-COH", "SC123456"))
        self.assertEqual(
            normalise_registry_id("FR-SIRENE", "552 100 554"), ("FR-SIRENE", "552100554")
        )

    @given(
        st.sampled_from(("GB-COH", "XX-TEST")),
        st.lists(
            st.text("019AZ", min_size=7, max_size=9) | st.text("019AZaz -é", max_size=9),
            max_size=4,
        ),
    )
    def test_numbers_that_are_believed_to_be_normalised_are(self, registry, numbers):
        if are_registry_ids(registry, numbers):
            for number in numbers:
                self.assertEqual(normalise_registry_id(registry, number), (registry, number))

    def test_numbers_as_registers_write_them_are_seen_to_be_normalised(self):
        self.assertTrue(are_registry_ids("GB-COH", ["01234567", "SC123456"]))
        for wrong in ("", "1234567", "sc123456", "SC 12345", "É1234567"):
            with self.subTest(wrong):
                self.assertFalse(are_registry_ids("GB-COH", ["01234567", wrong]))
        self.assertFalse(are_registry_ids("GB-COH", []))

    def test_registers_that_gleif_names_are_the_registers_themselves(self):
        self.assertEqual(normalise_registry_id("RA000585", "1234567")[0], "GB-COH")
        self.assertEqual(normalise_registry_id("RA000192", "552100554")[0], "FR-SIRENE")
        for named, number in (
            ("RA000472", "987582561"),
            ("RA000181", "12652512"),
            ("RA000423", "40003052786"),
            ("RA000188", "0112038-9"),
            ("RA000025", "0200.065.765"),
            ("RA000548", "CHE-109.740.084"),
        ):
            registry = REGISTRY_ALIASES[named]
            with self.subTest(registry):
                found = normalise_registry_id(named, number)
                self.assertEqual(found, normalise_registry_id(registry, number))
                self.assertEqual(found[0], registry)

    def test_what_org_id_guide_renamed_is_the_same_register(self):
        for old, new, number in (
            ("FR-SIRENE", "FR-RCS", "552100554"),
            ("SE-BLV", "SE-ON", "556000-4615"),
        ):
            self.assertEqual(normalise_registry_id(new, number), normalise_registry_id(old, number))

    def test_an_lei_with_a_wrong_digit_is_none(self):
        self.assertEqual(normalise_lei(f" {LEI} "), LEI)
        for wrong in (LEI[:-1] + "6", LEI[:-1], LEI + "0", "", "X" * 20):
            with self.subTest(wrong):
                self.assertEqual(normalise_lei(wrong), "")

    def test_vat_numbers_get_the_prefix_of_their_country(self):
        for written, country, expected in (
            ("IT 007 431 101 57", "", "IT00743110157"),
            ("00743110157", "IT", "IT00743110157"),
            ("007.431.101-57", "it", "IT00743110157"),
            ("094259216", "GR", "EL094259216"),
            ("GR094259216", "", "EL094259216"),
            ("00743110157", "", ""),
            ("ITALY", "IT", ""),
            ("none", "IT", ""),
            ("", "IT", ""),
        ):
            with self.subTest(written=written, country=country):
                self.assertEqual(normalise_vat(written, country), expected)

    def test_all_spellings_of_a_site_are_one_domain(self):
        for written in (
            "acme.example", "ACME.example.", "www.acme.example", "http://acme.example",
            "https://www.acme.example:8443/a/b?c=d#e", "//acme.example/x", "info@acme.example",
            "https://user:secret@acme.example/", "  acme.example  ", "acme.example\\x",
        ):  # fmt: skip
            with self.subTest(written):
                self.assertEqual(normalise_domain(written), "acme.example")

    def test_international_domains_are_compared_as_the_dns_does(self):
        for written in ("https://www.Müller.example", "mu\u0308ller.example",
                        "xn--mller-kva.example"):  # fmt: skip
            with self.subTest(written):
                self.assertEqual(normalise_domain(written), "xn--mller-kva.example")

    def test_what_identifies_nobody_is_no_domain(self):
        for written in (
            "", "localhost", "acme", "10.0.0.1", "http://127.0.0.1/x", "http://[::1]/", "a..b",
            "-acme.example", "acme-.example", "exa mple.com", "http://", "x" * 64 + ".example",
            ("a." * 130) + "example", "linkedin.com", "https://it-it.facebook.com/acme",
            "info@gmail.com", "\ud800.example", "n/a", "none", "rossi@legalmail.it", "co.uk",
            "https://web.tiscali.it/rossi", "rossi@pec.ordineavvocatimilano.it", "linktr.ee/acme",
        ):  # fmt: skip
            with self.subTest(written[:30]):
                self.assertEqual(normalise_domain(written), "")

    def test_a_name_that_only_ends_like_a_shared_host_is_a_domain(self):
        self.assertEqual(normalise_domain("notfacebook.com"), "notfacebook.com")

    def test_the_sites_of_a_file_are_what_each_of_them_is(self):
        sites = list(map("".join, product(*PARTS)))
        sites += ["", "https://acme.example/it", "rossi@acme.example", "ordineavvocati.it", ""]
        self.assertEqual(normalise_domains(sites), [normalise_domain(site) for site in sites])
        self.assertEqual(normalise_domains([]), [])

    def test_a_line_break_in_a_site_moves_no_other_company_s(self):
        sites = ["acme.example\nbeta.example", "", "gamma.example"]
        self.assertEqual(normalise_domains(sites), [normalise_domain(site) for site in sites])

    @given(st.text(max_size=60))
    def test_normalising_anything_twice_changes_nothing(self, text):
        for normalise in (normalise_domain, normalise_lei, normalise_vat):
            once = normalise(text)
            self.assertEqual(normalise(once), once)
        registry, number = normalise_registry_id("GB-COH", text)
        self.assertEqual(normalise_registry_id(registry, number), (registry, number))

    @given(st.text(max_size=60), st.text(max_size=20))
    def test_keys_of_anything_are_distinct_and_have_no_spaces(self, text, other):
        company = Company(
            "x",
            registry=other,
            registry_id=text,
            lei=text,
            vat=text,
            domain=text,
            country_code="IT",
        )
        keys = identity_keys(company)
        self.assertEqual(len(set(keys)), len(keys))
        self.assertFalse([key for key in keys if len(key.split()) != 1])
