from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.roles import ROLES, SENIORITIES, role_of, seniority_of

TITLES = (
    ("CEO", "ceo", "executive"),
    ("Chief Financial Officer", "finance", "executive"),
    ("CTO & Co-Founder", "founder", "executive"),
    ("Head of Sales", "sale", "director"),
    ("Sales Director", "sale", "director"),
    ("Direttrice marketing", "marketing", "director"),
    ("Responsabile vendite", "sale", "manager"),
    ("Amministratore delegato", "ceo", "executive"),
    ("Geschäftsführer", "ceo", "executive"),
    ("Directeur des ressources humaines", "human_resources", "director"),
    ("HR Manager", "human_resources", "manager"),
    ("IT manager", "information_technology", "manager"),
    ("Software Engineer", "engineering", ""),
    ("Customer Success Manager", "customer_service", "manager"),
    ("Titolare", "owner", "executive"),
    ("Cook", "", ""),
    ("Waiter", "", ""),
    ("", "", ""),
)


@tagged("post_install", "-at_install")
class TestRoles(BaseCase):
    def test_job_titles_in_five_languages_tell_role_and_seniority(self):
        for title, role, seniority in TITLES:
            with self.subTest(title):
                self.assertEqual((role_of(title), seniority_of(title)), (role, seniority))

    @given(st.text(max_size=300))
    def test_any_title_gives_a_known_code_or_none(self, title):
        self.assertIn(role_of(title), {"", *ROLES})
        self.assertIn(seniority_of(title), {"", *SENIORITIES})
