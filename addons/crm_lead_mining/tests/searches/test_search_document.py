import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import search_document
from ...tools.search_document import SearchFileError, SearchSpec, parse, to_document

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
SPECS = st.builds(
    SearchSpec,
    name=TEXT.filter(str.strip),
    lead_number=st.integers(0, search_document.MAX_NUMBER),
    countries=st.lists(TEXT, max_size=4).map(tuple),
    tags=st.lists(TEXT, max_size=4).map(tuple),
    size_min=st.none() | st.integers(0, 100),
    schedule=TEXT,
    team=st.none() | TEXT,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


def document(*searches, **values):
    head = {"format": search_document.FORMAT, "version": 1, "searches": list(searches)}
    return json.dumps(head | values).encode()


@tagged("post_install", "-at_install")
class TestSearchDocument(BaseCase):
    def flaws(self, content: bytes) -> list[tuple[str, int]]:
        with self.assertRaises(SearchFileError) as caught:
            parse(content)
        return [(flaw.cause, flaw.search) for flaw in caught.exception.flaws]

    @given(st.lists(SPECS, min_size=1, max_size=3))
    def test_what_was_exported_is_read_as_it_was(self, specs):
        self.assertEqual(parse(json.dumps(to_document(specs)).encode()), specs)

    @given(JSON)
    def test_any_other_json_is_a_refusal_and_no_crash(self, value):
        for content in (value, {"format": search_document.FORMAT, "version": 1, "searches": value}):
            with self.assertRaises(SearchFileError):
                parse(json.dumps(content).encode())

    @given(st.binary(max_size=200))
    def test_any_bytes_are_a_refusal_and_no_crash(self, content):
        with self.assertRaises(SearchFileError):
            parse(content)

    def test_hostile_files_are_refused(self):
        cases = {
            b"[" * 100_000: "not_json",
            b'{"a":' * 40_000: "not_json",
            b" " * (search_document.MAX_BYTES + 1): "too_large",
            b'{"format": NaN}': "not_json",
            b"1" * 10_000: "not_json",
            b"\xff\xfe\x00": "not_json",
            b"[]": "not_ours",
            document(version=2): "version",
            document(version=True): "version",
            document(): "no_searches",
            document(searches={"name": "x"}): "no_searches",
            document(*({"name": "x"} for _number in range(101))): "too_many",
        }
        for content, cause in cases.items():
            with self.subTest(content=content[:40]):
                self.assertEqual(self.flaws(content), [(cause, 0)])

    def test_all_that_is_wrong_is_told_with_its_search(self):
        content = document(
            {"name": "fine"},
            {"name": " "},
            "not a valid search",
            {"name": "x", "evil": 1, "lead_number": "3", "countries": "BE", "target": None},
            {"name": "x", "lead_number": True, "size_min": -1, "tags": ["\x00"], "schedule": []},
        )
        self.assertEqual(
            self.flaws(content),
            [("missing_name", 2), ("not_a_search", 3), ("unknown_key", 4)]
            + [("wrong_value", 4)] * 3
            + [("wrong_value", 5)] * 4,
        )
