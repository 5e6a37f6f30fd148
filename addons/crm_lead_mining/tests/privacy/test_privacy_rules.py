from datetime import date

from odoo.tests import BaseCase, tagged

from ...tools.privacy import Person, holds, notice_due, scrub_html, without_person

ADA = Person.of("Ada@acme.example", "Ada Lovelace")
COMPANY = {
    "name": "Acme",
    "emails": ["info@acme.example", "ada@acme.example"],
    "contacts": [
        {"name": "Ada Lovelace", "email": "ada@acme.example"},
        {"name": "Bob", "email": "bob@acme.example"},
    ],
    "sources": {"emails:ada@acme.example": "https://acme.example/team", "name": "https://x"},
}


@tagged("post_install", "-at_install")
class TestPerson(BaseCase):
    def test_address_decides_where_it_is_known(self):
        self.assertTrue(ADA.is_one("ADA@acme.example", "Somebody"))
        self.assertFalse(ADA.is_one("other@acme.example", "Ada Lovelace"))

    def test_name_decides_where_there_is_no_address(self):
        self.assertTrue(ADA.is_one("", "LOVELACE Ada"))
        self.assertTrue(Person.of("", "Ada Lovelace").is_one("any@x.example", "Ada Lovelace"))
        self.assertFalse(Person.of("ada@acme.example", "").is_one("", "Ada Lovelace"))

    def test_nobody_is_no_one(self):
        self.assertFalse(Person.of("", ""))
        self.assertFalse(Person.of("", "").is_one("", ""))

    def test_text_names_a_mailbox_in_any_spelling_and_not_one_that_ends_alike(self):
        anna = Person.of("anna@bücher.example", "")
        for text in (
            "Wrote to Anna@Bücher.example.", "<anna@xn--bcher-kva.example>", "anna@bücher.example"
        ):  # fmt: skip
            self.assertTrue(anna.is_named_in(text), text)
        for text in ("joanna@bücher.example", "anna@bücher.example.org", "anna", ""):
            self.assertFalse(anna.is_named_in(text), text)

    def test_stored_company_loses_the_person_and_nothing_else(self):
        clean = without_person(COMPANY, ADA)
        self.assertEqual(clean["emails"], ["info@acme.example"])
        self.assertEqual([contact["name"] for contact in clean["contacts"]], ["Bob"])
        self.assertEqual(clean["sources"], {"name": "https://x"})
        self.assertFalse(holds(clean, ADA))
        self.assertEqual(without_person(clean, ADA), clean)

    def test_others_keep_their_places_where_they_are_known_by_them(self):
        clean = without_person(COMPANY, ADA, keep_places=True)
        self.assertEqual(
            [contact.get("name", "") for contact in clean["contacts"]],
            ["" if contact["name"] != "Bob" else "Bob" for contact in COMPANY["contacts"]],
        )
        self.assertFalse(holds(clean, ADA))

    def test_an_address_is_taken_out_of_every_text_of_a_company(self):
        told = {"description": f"Write to {ADA.email.upper()}.", "website": f"x?to={ADA.email}"}
        stored = {"name": "Acme", **told, "contacts": [{"name": "Bob"}]}
        self.assertTrue(holds(stored, ADA))
        clean = without_person(stored, ADA)
        self.assertFalse(holds(clean, ADA))
        self.assertEqual(
            clean, {"name": "Acme", "description": "Write to …", "contacts": [{"name": "Bob"}]}
        )

    def test_stored_company_without_contacts_stays_as_it_is(self):
        self.assertEqual(without_person({"name": "Acme"}, ADA), {"name": "Acme"})


@tagged("post_install", "-at_install")
class TestNoticePeriod(BaseCase):
    def test_notice_is_due_after_a_month_or_at_the_first_contact(self):
        collected = date(2026, 1, 31)
        self.assertEqual(notice_due(collected), date(2026, 2, 28))
        self.assertEqual(notice_due(collected, date(2026, 2, 3)), date(2026, 2, 3))
        self.assertEqual(notice_due(collected, date(2026, 5, 1)), date(2026, 2, 28))


@tagged("post_install", "-at_install")
class TestScrubbedNotes(BaseCase):
    def test_texts_are_taken_out_of_words_and_links(self):
        body = '<p>Call <a href="mailto:ada@acme.example">ADA@acme.example</a> &amp; Ada</p>'
        clean = scrub_html(body, ["ada@acme.example", "Ada"])
        self.assertNotIn("ada", clean.lower())
        self.assertIn("&amp;", clean)

    def test_part_of_another_word_stays(self):
        self.assertEqual(scrub_html("<p>Adapter</p>", ["Ada"]), "<p>Adapter</p>")

    def test_row_of_the_card_goes_as_a_whole(self):
        body = (
            '<div class="o_lead_mining_card"><table>'
            "<tr><td><b>Ada</b><br>Analyst</td></tr><tr><td><b>Bob</b></td></tr>"
            "</table></div>"
        )
        clean = scrub_html(body, ["Ada"])
        self.assertNotIn("Analyst", clean)
        self.assertIn("Bob", clean)

    def test_note_without_the_person_is_not_touched(self):
        body = "<p>Untidy <br> note"
        self.assertEqual(scrub_html(body, ["Ada"]), body)
