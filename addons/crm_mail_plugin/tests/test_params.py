from email.utils import getaddresses

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..controllers.authenticate import Authenticate
from ..controllers.second_generation import SecondGeneration
from ..tools import params
from ..tools.addresses import normalize

#: What the methods of our routes declare; one name means the same on all of them.
CHECKS = {
    name: check
    for controller in (*Authenticate.mro(), *SecondGeneration.mro())
    for method in vars(controller).values()
    for name, check in getattr(method, "original_routing", {}).get("addin_params", {}).items()
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def checked(values):
    return {name: CHECKS[name](name, value) for name, value in values.items()}


class TestParams(BaseCase):
    def _refused(self, **values):
        with self.assertRaises(params.Refused) as caught:
            checked(values)
        return caught.exception.name, caught.exception.reason

    @given(st.text())
    def test_what_is_echoed_can_always_be_sent(self, value):
        echoed = params.encodable(value + "\ud800")
        self.assertEqual(echoed.encode().decode(), echoed)
        self.assertEqual(params.encodable(echoed), echoed)

    def test_what_the_add_ins_send_passes(self):
        values = {
            "partner_id": 7,
            "email": "ann@acme.example",
            "email_body": "<p>hé</p>",
            "attachments": [["a.txt", "YQ=="]],
            "limit": 30,
        }
        self.assertEqual(checked(values), values)

    def test_nothing_is_nothing_in_every_spelling(self):
        for none in (None, False, -1):
            self.assertEqual(checked({"company": none}), {"company": None})
        for none in (None, False):
            self.assertEqual(checked({"name": none}), {"name": ""})
            self.assertEqual(checked({"attachments": none}), {"attachments": []})
            self.assertEqual(checked({"query": none}), {"query": ()})

    def test_other_types_are_refused(self):
        for name in ("partner_id", "company", "lead", "res_id"):
            for value in ("7", 7.0, True, 0, -2, 2**31, [7], {"id": 7}, 10**30):
                self.assertEqual(self._refused(**{name: value}), (name, "type"), value)
        for name in ("email", "email_body", "model", "search_term"):
            for value in (7, 1.5, True, ["a"], {}):
                self.assertEqual(self._refused(**{name: value}), (name, "type"), value)
        for value in ("x", -1, 1.5, True, []):
            self.assertEqual(self._refused(limit=value), ("limit", "type"), value)
        for value in ("x", {}, [["a"]], [["a", 1]], ["ab"], [["a", "", "", ""]],
                      [["a", "", "", True]], [["a", "", "", 1, 1]], [None]):  # fmt: skip
            self.assertEqual(self._refused(attachments=value), ("attachments", "type"), value)

    def test_sizes_are_bounded(self):
        self.assertEqual(checked({"limit": 10**9}), {"limit": params.MAX_ROWS})
        self.assertEqual(self._refused(email="a" * 5000), ("email", "size"))
        many = [["a", ""]] * (params.MAX_ATTACHMENTS + 1)
        self.assertEqual(len(checked({"attachments": many})["attachments"]), len(many) - 1)

    def test_what_only_describes_an_e_mail_is_cut_and_never_refused(self):
        people = ", ".join(f"person{number}@acme.example" for number in range(500))
        for name in ("email_to", "email_cc", "email_from"):
            self.assertEqual(checked({name: people}), {name: people})
            self.assertEqual(len(checked({name: people * 20})[name]), params.MAX_PEOPLE)
        for name in ("subject", "email_subject"):
            self.assertEqual(len(checked({name: "a" * 9000})[name]), params.MAX_SUBJECT)
        self.assertTrue(checked({"message_id": "a" * 9000}))

    def test_a_file_without_name_or_content_is_one(self):
        for item in (
            [None, "YQ=="],
            [False, "YQ=="],
            ["a", None],
            [None, None, None],
            ["a", False],
        ):
            self.assertEqual(checked({"attachments": [item]}), {"attachments": [item]})

    def test_what_is_just_within_the_bounds_passes(self):
        for name, most, more in (
            ("email", "a" * params.MAX_LINE, "a" * (params.MAX_LINE + 1)),
            ("challenge", "a" * 64, "a" * 65),
        ):
            self.assertEqual(len(checked({name: most})[name]), len(most), name)
            self.assertEqual(self._refused(**{name: more}), (name, "size"))
        terms = checked({"query": ["a"] * (params.MAX_TERMS + 1)})["query"]
        self.assertEqual(len(terms), params.MAX_TERMS)
        for name, value in (
            ("partner_id", 1), ("partner_id", params.MAX_ID), ("offset", 0), ("limit", 0),
            ("limit", params.MAX_ROWS), ("timestamp", params.MAX_TIMESTAMP),
        ):  # fmt: skip
            self.assertEqual(checked({name: value}), {name: value})
        self.assertEqual(checked({"limit": params.MAX_ROWS + 1}), {"limit": params.MAX_ROWS})
        self.assertTrue(self._refused(email_body="a" * (params.MAX_HTML + 1)))

    def test_an_e_mail_of_an_impossible_time_is_one_of_an_unknown_time(self):
        for sent, known in (
            (-1, None), (-2208988800000, None), (params.MAX_TIMESTAMP + 1, None), (10**400, None),
            (1700000000000.5, 1700000000000), (0, 0), (None, None), (False, None),
        ):  # fmt: skip
            self.assertEqual(checked({"timestamp": sent}), {"timestamp": known})
        for wrong in ("x", [], {}, True, float("inf")):
            self.assertEqual(self._refused(timestamp=wrong), ("timestamp", "type"))

    def test_lists_of_people_with_comments_in_comments_can_be_read(self):
        for hostile in ("(" * 5000, "a" + "(" * 3000 + ")" * 3000 + " <a@b.test>"):
            self.assertEqual(normalize(hostile), "")
            people = checked({"email_to": f"{hostile}, ann@acme.test"})["email_to"]
            self.assertIn(("", "ann@acme.test"), getaddresses([people]), hostile[:9])
        few = "ann@acme.test (office)"
        self.assertEqual(checked({"email_to": few}), {"email_to": few})

    def test_text_that_a_database_cannot_hold_is_mended(self):
        self.assertEqual(checked({"name": "a\x00b\ud800c"}), {"name": "ab?c"})

    @settings(max_examples=500, deadline=None)
    @given(st.sampled_from(sorted(set(CHECKS) - {"auth_code", "redirect"})), JSON)
    def test_any_value_passes_clean_or_is_refused(self, name, value):
        try:
            found = CHECKS[name](name, value)
        except params.Refused as refusal:
            self.assertEqual(refusal.name, name)
            return
        text = found if isinstance(found, str) else repr(found)
        self.assertNotIn("\x00", text)
        if name != "attachments":
            text.encode()
