import base64
import string
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..controllers.authenticate import Authenticate
from ..controllers.second_generation import SecondGeneration
from ..tools import params

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
        for value in ("x", {}, [["a"]], [["a", 1]], ["ab"], [["a", "", "", ""]], [None]):
            self.assertEqual(self._refused(attachments=value), ("attachments", "type"), value)

    def test_sizes_are_bounded(self):
        self.assertEqual(checked({"limit": 10**9}), {"limit": params.MAX_ROWS})
        self.assertEqual(self._refused(email="a" * 5000), ("email", "size"))
        many = [["a", ""]] * (params.MAX_ATTACHMENTS + 1)
        self.assertEqual(self._refused(attachments=many), ("attachments", "size"))
        large = "A" * (params.MAX_ATTACHMENTS_BYTES * 2 // 3 + 4)
        self.assertEqual(
            self._refused(attachments=[["a", large], ["b", large]]), ("attachments", "size")
        )

    def test_what_is_just_within_the_bounds_passes(self):
        with patch.object(params, "MAX_ATTACHMENTS_BYTES", 6):
            for name, most, more in (
                ("email", "a" * params.MAX_LINE, "a" * (params.MAX_LINE + 1)),
                ("challenge", "a" * 64, "a" * 65),
                ("query", ["a"] * params.MAX_ROWS, ["a"] * (params.MAX_ROWS + 1)),
                ("attachments", [["a", ""]] * params.MAX_ATTACHMENTS,
                 [["a", ""]] * (params.MAX_ATTACHMENTS + 1)),
                ("attachments", [["a", "QUFB"], ["b", "QUFB"]], [["a", "QUFB"], ["b", "QUFBQUFB"]]),
            ):  # fmt: skip
                self.assertEqual(len(checked({name: most})[name]), len(most), name)
                self.assertEqual(self._refused(**{name: more}), (name, "size"))
        for name, value in (
            ("partner_id", 1), ("partner_id", params.MAX_ID), ("offset", 0), ("limit", 0),
            ("limit", params.MAX_ROWS), ("timestamp", params.MAX_TIMESTAMP),
        ):  # fmt: skip
            self.assertEqual(checked({name: value}), {name: value})
        self.assertEqual(checked({"limit": params.MAX_ROWS + 1}), {"limit": params.MAX_ROWS})
        self.assertTrue(self._refused(email_body="a" * (params.MAX_HTML + 1)))

    def test_text_that_a_database_cannot_hold_is_mended(self):
        self.assertEqual(checked({"name": "a\x00b\ud800c"}), {"name": "ab?c"})

    def test_a_file_is_read_whole_and_its_name_is_no_path(self):
        content = bytes(range(256))
        encoded = base64.b64encode(content).decode()
        [file] = params.decode_attachments([["../../etc/a\\b\x00.txt", encoded, "<x@y>"]])
        self.assertEqual(file, params.Attachment(".._.._etc_a_b.txt", content, "x@y"))
        self.assertEqual(
            params.decode_attachments([["", ""]]), (params.Attachment("attachment", b""),)
        )
        with self.assertRaises(params.Refused):
            params.decode_attachments([["a", "no base64!"]])

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

    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet=string.printable, max_size=40))
    @example("0000001=")
    def test_any_text_is_decoded_or_refused(self, text):
        try:
            [file] = params.decode_attachments([["a", text]])
        except params.Refused:
            return
        given, again = "".join(text.split()).rstrip("="), base64.b64encode(file.content).decode()
        # Before a padding, not all bits of the last letter are used (RFC 4648, section 3.5).
        unused, again = 2 * again.count("="), again.rstrip("=")
        self.assertEqual((len(again), again[:-1]), (len(given), given[:-1]))
        letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
        last, last_given = (letters.index(one[-1]) if one else 0 for one in (again, given))
        self.assertEqual(last >> unused, last_given >> unused)
