from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.persons import french_name, is_register_style, officer_name


@tagged("post_install", "-at_install")
class TestPersons(BaseCase):
    def test_officers_have_their_given_name_and_surname_and_no_title(self):
        for written, name in (
            ("SMITH, Dr Peter", "Peter Smith"), ("SMITH, Jane, Lady", "Jane Smith"),
            ("SMITH, Peter James", "Peter Smith"), ("SMITH, Peter James, Dr", "Peter Smith"),
            ("SMITH, Dr. Peter", "Peter Smith"), ("SMITH, Professor Sir Peter", "Peter Smith"),
            ("SMITH, The Right Honourable Peter, Lord", "Peter Smith"),
            ("SMITH, Peter, Lord Smith of Nowhere", "Peter Smith"),
            ("SMITH, Mrs Jane Ann", "Jane Smith"),
            ("SMITH, Rt Hon Jane", "Jane Smith"), ("SMITH, Major Peter", "Peter Smith"),
            ("SMITH, Peter, Jr.", "Peter Smith"), ("SMITH, Peter, OBE", "Peter Smith"),
            ("SMITH JR, Peter", "Peter Smith"), ("DR SMITH, Peter", "Peter Smith"),
            ("SMITH, Earl", "Earl Smith"), ("SMITH, Dean Martin", "Dean Smith"),
            ("LORD, Jane", "Jane Lord"),
            ("KING, Major", "Major King"), ("SMITH, Don", "Don Smith"),
            ("LE MAITRE, Anne", "Anne Le Maitre"),
            ("O'BRIEN, Mary-Ann", "Mary-Ann O'Brien"), ("SMITH-JONES, JANE", "Jane Smith-Jones"),
            ("MCDONALD, Ronald", "Ronald McDonald"), ("SMITH (NEE JONES), Jane", "Jane Smith"),
            ("SMITH née JONES, Jane", "Jane Smith"), ("ROSSI, Dott.ssa Anna", "Anna Rossi"),
            ("ROSSI, Ing. Marco", "Marco Rossi"), ("MÜLLER, Dr.-Ing. Jörg", "Jörg Müller"),
            ("MÜLLER, Prof. Dr. Jörg", "Jörg Müller"), ("Peter Smith", "Peter Smith"),
            ("Dr Peter SMITH", "Peter Smith"), ("SMITH", "Smith"), ("SMITH,", "Smith"), ("", ""),
            ("VAN DER BERG, Jan", "Jan Van Der Berg"), ("de la Cruz, Ana", "Ana De La Cruz"),
        ):  # fmt: skip
            with self.subTest(written):
                self.assertEqual(officer_name(written), name)

    def test_french_directors_have_their_first_given_name(self):
        for given_names, surname, name in (
            ("MARIE ANNE", "DURAND", "Marie Durand"), ("MARIE, ANNE", "DURAND", "Marie Durand"),
            ("JEAN-PIERRE", "L'HÉRITIER", "Jean-Pierre L'Héritier"),
            ("ANNE", "DURAND (DUPONT)", "Anne Durand"), ("", "DURAND", "Durand"),
            ("ANNE", "", "Anne"),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(french_name(given_names, surname), name)

    def test_only_names_as_registers_write_them_are_turned_round(self):
        for name, expected in (
            ("SMITH, Dr Peter", True), ("SMITH, Jane, Lady", True), ("Smith, Peter", False),
            ("Anna Rossi, Marco Bianchi", False), ("ANNA ROSSI, MARCO BIANCHI", False),
            ("SMITH", False), ("A, Peter", False), ("Peter Smith", False),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(is_register_style(name), expected)

    @given(st.text(max_size=60))
    def test_any_text_gives_a_name_in_one_line_or_none(self, text):
        self.assertEqual(officer_name(text), " ".join(officer_name(text).split()))
