from odoo.tests import BaseCase

from ..tools.traces import Traces

ANNA = Traces(emails=("anna@acme.de",), names=("Anna Muster",))


class TestTraces(BaseCase):
    def test_person_is_taken_out_of_texts_and_stored_data(self):
        for value, clean in (
            ("Write to ANNA@acme.de.", "Write to …."),
            ("MUSTER, Anna and Bob", "… and Bob"),
            ({"a": ["Anna  Muster", 1, None]}, {"a": ["…", 1, None]}),
            ({"emails:anna@acme.de": "x"}, {"emails:…": "x"}),
        ):
            self.assertEqual(ANNA.without(value), clean)
            self.assertTrue(ANNA.holds(value))

    def test_others_stay(self):
        for value in (
            "joanna@acme.de", "anna@acme.de.example-shop.de", "anna@acme.dev", "Anna Musterfrau",
            "Anna", "Muster", "", None, 7, ["Hanna Muster"],
        ):  # fmt: skip
            self.assertFalse(ANNA.holds(value), value)

    def test_names_are_searched_as_they_are_recognised(self):
        for name, is_whole in (("Muster,Anna", True), ("Anna ,", False), (", ,", False)):
            traces = Traces(names=(name,))
            self.assertIs(bool(traces.whole_names), is_whole, name)
            self.assertIs(bool(traces.texts), is_whole, name)

    def test_one_word_is_anybody_s_name(self):
        self.assertFalse(Traces(names=("Anna",)).holds("Anna"))
        self.assertFalse(Traces().holds("anything"))
