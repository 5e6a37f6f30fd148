import hashlib
from dataclasses import fields, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.types import Company, Contact
from ...files.errors import RowError
from ...tools.suppression import (
    Entry,
    Keys,
    company_keys,
    normalise_email,
    normalise_name,
    normalise_phone,
    person_words,
    screen,
)
from ...tools.suppression_file import read_header, read_lines

KEYS = Keys(b"secret")
PERSON = Contact("Ada Lovelace", email="ada@acme.example", phone="+32 2 290 34 90")
ACME = Company(
    "Acme S.r.l.", vat="BE0477472701", domain="shop.acme.example", country_code="BE",
    phone="+32 2 290 34 91", emails=("info@acme.example",), contacts=(PERSON,),
)  # fmt: skip

_emails = st.emails().map(str.lower)
_text = st.text(max_size=60)


@tagged("post_install", "-at_install")
class TestSuppressionKeys(BaseCase):
    def test_each_kind_is_normalised(self):
        cases = (
            ("domain", "https://www.Acme.example/shop", "acme.example"),
            ("vat", "be 0477.472.701", "BE0477472701"),
            ("phone", "02 290 34 90", "+3222903490"),
            ("name", "Müller & Söhne, S.r.l.", "muller sohne srl"),
        )
        for kind, written, key in cases:
            with self.subTest(kind):
                self.assertEqual(KEYS.entry(kind, written, "BE"), Entry(kind, key))

    def test_what_is_none_gives_no_entry(self):
        cases = (
            ("domain", "no domain"), ("domain", "gmail.com"), ("vat", "x"), ("email", "ada"),
            ("email", "a@b.example, c@d.example"), ("phone", "reception"), ("name", " .,- "),
            ("name", ""),
        )  # fmt: skip
        for kind, written in cases:
            with self.subTest(f"{kind} {written}"):
                self.assertIsNone(KEYS.entry(kind, written))

    def test_a_list_of_sums_says_the_same_as_the_addresses(self):
        digest = hashlib.sha256(b"ada@acme.example").hexdigest()
        self.assertEqual(KEYS.email(digest.upper()), KEYS.email(" Ada@ACME.example "))

    def test_a_person_is_the_same_in_any_order_at_the_same_company_only(self):
        here, there = company_keys(ACME)[0], "domain:other.example"
        self.assertEqual(KEYS.person("Ada Lovelace", here), KEYS.person("LOVELACE, Adá", here))
        self.assertNotEqual(KEYS.person("Ada Lovelace", here), KEYS.person("Ada Lovelace", there))

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_emails)
    def test_addresses_are_hashes_that_case_and_spaces_do_not_change(self, email):
        entry = KEYS.email(email)
        self.assertEqual(entry, KEYS.email(f"  {email.upper()} "))
        if normalise_email(email):
            self.assertRegex(entry.key, r"^[0-9a-f]{64}$")
            self.assertNotIn(email, entry.key)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_emails)
    def test_another_database_cannot_tell_what_a_hash_means(self, email):
        if normalise_email(email):
            self.assertNotEqual(KEYS.email(email), Keys(b"other").email(email))

    @given(_text, st.sampled_from(("", "BE", "US")))
    def test_normalising_twice_changes_nothing(self, text, country):
        for normalise in (normalise_name, person_words, normalise_email):
            once = normalise(text)
            self.assertEqual(normalise(once), once, normalise.__name__)
        phone = normalise_phone(text, country)
        self.assertEqual(normalise_phone(phone), phone)

    @given(st.sampled_from(("domain", "vat", "email", "phone", "name")), _text)
    def test_any_text_is_an_entry_or_none(self, kind, text):
        entry = KEYS.entry(kind, text, "BE")
        self.assertTrue(entry is None or (entry.kind == kind and entry.key))


@tagged("post_install", "-at_install")
class TestScreening(BaseCase):
    def screened(self, *listed, company=ACME):
        (item,) = screen([company], KEYS, lambda asked: {one for one in listed if one in asked})
        return item

    def test_each_kind_keeps_the_company_away(self):
        cases = (
            ("domain", "shop.acme.example"), ("domain", "acme.example"), ("vat", "BE0477472701"),
            ("phone", "+32 2 290 34 91"), ("name", "ACME SRL"),
        )  # fmt: skip
        for kind, value in cases:
            with self.subTest(value):
                self.assertEqual(self.screened(KEYS.entry(kind, value)).kind, kind)

    def test_each_kind_keeps_the_person_away_but_not_the_company(self):
        cases = (
            KEYS.email("ada@acme.example"),
            Entry("blacklist", "ada@acme.example"),
            KEYS.entry("phone", "+32 2 290 34 90"),
            KEYS.entry("name", "Ada Lovelace"),
            *(KEYS.person("Lovelace Ada", key) for key in company_keys(ACME)),
        )
        for entry in cases:
            with self.subTest(entry):
                item = self.screened(entry)
                self.assertEqual((item.kind, item.company.contacts), ("", ()))

    def test_address_of_the_company_is_left_out(self):
        self.assertEqual(self.screened(Entry("blacklist", "info@acme.example")).company.emails, ())

    def test_whoever_is_left_out_is_named_by_no_value_of_any_kind(self):
        told = "see https://x.example/?to=ANNA@acme.example or anna@acme.example"
        bob = Contact("Bob", email="bob@acme.example")
        for one in fields(Company):
            if one.name in ("country_code", "status", "contacts", "provenance"):
                continue
            kinds = {str: told, tuple[str, ...]: (told, "Other"), dict[str, str]: {"emails": told}}
            value = {f"emails:{told}": "u"} if one.name == "sources" else kinds.get(one.type)
            if value is not None:
                self._assert_nowhere(replace(ACME, contacts=(bob,), **{one.name: value}), one.name)
        for one in fields(Contact):
            if one.type is str and one.name != "email":
                person = replace(bob, **{one.name: told})
                self._assert_nowhere(replace(ACME, contacts=(person,)), f"contact {one.name}")

    def _assert_nowhere(self, company, place):
        item = self.screened(Entry("blacklist", "anna@acme.example"), company=company)
        with self.subTest(place):
            self.assertTrue(item.withheld)
            self.assertNotIn("anna@", repr(item.company).lower())
            self.assertEqual(len(item.company.contacts), 1)

    def test_another_domain_that_ends_alike_is_another(self):
        self.assertEqual(self.screened(KEYS.entry("domain", "me.example")).kind, "")

    def test_nothing_listed_changes_nothing(self):
        self.assertEqual(self.screened().company, ACME)

    def test_the_list_is_asked_once_for_all_companies(self):
        asked = []
        screen([ACME] * 50, KEYS, lambda entries: asked.append(entries) or set())
        self.assertEqual(len(asked), 1)


@tagged("post_install", "-at_install")
class TestSuppressionFile(BaseCase):
    def lines(self, header, *rows):
        return list(read_lines(enumerate(rows, 2), read_header(header), KEYS, "BE"))

    def test_columns_are_known_by_their_names(self):
        header = ["Domain", "VAT number", "E-mail hash", "Telefono", "Company Name", "Reason", "x"]
        self.assertEqual(
            read_header(header), ["domain", "vat", "email", "phone", "name", "reason", ""]
        )

    def test_each_filled_cell_is_an_entry(self):
        (line,) = self.lines(
            ["domain", "email", "reason"], ["acme.example", "ada@acme.example", "Asked us"]
        )
        self.assertEqual([entry.kind for entry in line.entries], ["domain", "email"])
        self.assertEqual(line.reason, "Asked us")

    def test_what_cannot_be_read_is_told_with_its_line(self):
        lines = self.lines(
            ["domain", "email"], ["a.example", "ada"], ["", ""], RowError("nul", "␀")
        )
        told = [(line.number, line.problem) for line in lines if line.problem]
        self.assertEqual(told, [(2, "email"), (3, "empty"), (4, "nul")])
        self.assertEqual([entry.key for line in lines for entry in line.entries], ["a.example"])
