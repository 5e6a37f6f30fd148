from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.masking import MASK, mask_domain, mask_email, mask_name, mask_phone


@tagged("post_install", "-at_install")
class TestMasking(BaseCase):
    def test_a_masked_company_cannot_be_found_again(self):
        self.assertEqual(mask_name("Acme Widgets Ltd"), "A••• W•••••• L••")
        self.assertEqual(mask_domain("acme.co.uk"), "a•••.uk")
        self.assertEqual(mask_email("jane@acme.com"), "j•••@a•••.com")
        self.assertEqual(mask_phone("+39 02 1234567"), "+39•••••••")
        self.assertEqual(mask_phone("02 1234567"), "•••••••")

    def test_what_is_not_known_stays_empty(self):
        for mask in (mask_name, mask_domain, mask_email, mask_phone):
            self.assertEqual(mask(""), "")

    def test_what_is_not_what_it_says_is_hidden_altogether(self):
        self.assertEqual(mask_email("jane"), MASK * 3)
        self.assertEqual(mask_domain("acme"), MASK * 3)
        self.assertEqual(mask_phone("ask for Jane"), MASK * 3)

    @given(st.emails())
    def test_no_address_is_shown_beyond_its_first_letters(self, email):
        user, _at, domain = email.rpartition("@")
        masked = mask_email(email)
        self.assertEqual(masked.partition("@")[0], user[:1] + MASK * 3)
        self.assertNotIn(domain, masked)

    @given(st.text(min_size=2, max_size=40))
    def test_names_keep_only_the_first_letter_of_each_word(self, name):
        for word, masked in zip(name.split(), mask_name(name).split(" "), strict=False):
            self.assertEqual(masked, word[:1] + MASK * (len(word) - 1))
