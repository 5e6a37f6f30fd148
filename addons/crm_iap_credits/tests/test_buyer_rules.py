"""Who is invoiced: what a form may send, and which numbers a company can have."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.buyers import Buyer, is_vat_number

TEXTS = ("company", "vat", "street", "zip", "city")
NUMBERS = ("country_id", "state_id")
ANYTHING = st.one_of(
    st.text(), st.binary(), st.none(), st.integers(), st.lists(st.text()), st.just("\x00A\ud800")
)


class TestBuyerRules(BaseCase):
    def test_numbers_of_many_countries_as_people_write_them(self):
        for text, country in (
            ("IT12345670017", "IT"), ("12345670017", "IT"), ("it 123 4567 0017", "IT"),
            ("DE 123456788", "DE"), ("123456788", "DE"), ("ATU12345675", "AT"),
            ("U12345675", "AT"), ("BE 0477.472.701", "BE"), ("EL123456783", "GR"),
            ("123456783", "GR"), ("FR23334175221", "FR"), ("FR53000004605", "MC"),
            ("ESA12345674", "ES"), ("A12345674", "ES"), ("NL123456782B90", "NL"),
            ("GB123456782", "GB"), ("XI123456782", "GB"), ("CHE-107.787.577", "CH"),
            ("CHE-107.787.577 IVA", "CH"), ("CHE107787577", "LI"), ("NO 995 525 828 MVA", "NO"),
            ("995525828", "NO"), ("12-3456789", "US"), ("IT12345670017", "CH"),
            ("IT12345670017", "DE"), ("T7000012050002", "JP"),
        ):  # fmt: skip
            with self.subTest(text=text, country=country):
                self.assertTrue(is_vat_number(text, country))

    def test_wrong_numbers_are_refused(self):
        for text, country in (
            ("IT12345670018", "IT"), ("12345670018", "IT"), ("IT", "IT"), ("none", "IT"),
            ("DE123456789", "DE"), ("BEBE0477472701", "BE"), ("0477472701", "IT"),
            ("abc", "US"), ("1", "US"), ("n/a", "US"),
            ("GB123456781", "GB"), ("FR00000000001", "MC"), ("/", "DE"),
        ):  # fmt: skip
            with self.subTest(text=text, country=country):
                self.assertFalse(is_vat_number(text, country))

    @given(st.text(max_size=40), st.sampled_from(["IT", "GR", "CH", "US", "NO", "GB", "JP", "BR"]))
    def test_any_text_is_a_number_or_not(self, text, country):
        self.assertIn(is_vat_number(text, country), (True, False))

    @given(st.dictionaries(st.sampled_from([*TEXTS, *NUMBERS, "id"]), ANYTHING))
    def test_whatever_is_sent_can_be_kept(self, sent):
        buyer = Buyer.from_form(sent, Buyer())
        for name in TEXTS:
            value = getattr(buyer, name)
            self.assertLessEqual(len(value), 100)
            value.encode()
            self.assertNotIn("\x00", value)
        for name in NUMBERS:
            self.assertLess(getattr(buyer, name), 2**31)

    def test_what_a_form_does_not_ask_for_stays_as_it_is_known(self):
        known = Buyer("Acme", "IT12345670017", "Via Roma 1", "00184", "Roma", 7, 8)
        self.assertEqual(Buyer.from_form({}, known), known)
        self.assertEqual(Buyer.from_form({"city": " Milano "}, known).city, "Milano")
        self.assertEqual(Buyer.from_form({"country_id": "9"}, known).country_id, 9)
        self.assertEqual(Buyer.from_form({"vat": ""}, known).vat, "")

    def test_spelling_makes_nobody_another_company(self):
        one = Buyer("Acme S.r.l.", "IT 12345670017", "Via Roma, 1", "00184", "Roma", 7)
        other = Buyer("ACME srl", "it12345670017", "via Roma 1", "00184", "Roma", 7)
        self.assertTrue(one.is_same(other))
        self.assertFalse(one.is_same(Buyer("Acme", "", "Via Roma 2", "00184", "Roma", 7)))

    def test_another_number_of_the_house_and_another_name_are_another_company(self):
        known = Buyer("Acme", street="Via Roma 1/23")
        self.assertFalse(Buyer("Acme", street="Via Roma 12/3").is_same(known))
        self.assertTrue(Buyer("Acme", street="via Roma, 1-23").is_same(known))
        for one, other in (("ที่", "ที"), ("किताब", "कताब"), ("!!!", "???")):
            with self.subTest(one=one, other=other):
                self.assertFalse(Buyer(one).is_same(Buyer(other)))
                self.assertFalse(Buyer(one, city="Roma").fills(Buyer(other)))
        self.assertTrue(Buyer("Caf\u00e9").is_same(Buyer("Cafe\u0301")))

    def test_only_what_is_missing_is_filled(self):
        gaps = Buyer("Acme", city="Roma")
        self.assertTrue(Buyer("Acme", "IT1", "Via", "1", "Roma", 7).fills(gaps))
        self.assertFalse(Buyer("Acme", "IT1", "Via", "1", "Milano", 7).fills(gaps))
