"""Files at the bounds of what is read: depths, widths, and lines of one column."""

import io
import json
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...files.csv_table import CompaniesFile
from ...files.dialect import detect_delimiter
from ...files.errors import FileError
from ...files.header import find_table, is_list
from ...files.json_lines import are_json_lines, write_json_lines


def written(*objects, most_rows=None):
    """Return the lines of CSV that lines of JSON become."""
    lines = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in objects)
    text = io.StringIO()
    write_json_lines(io.BytesIO(lines.encode()), text, most_rows)
    return text.getvalue().splitlines()


@tagged("post_install", "-at_install")
class TestShapes(BaseCase):
    def test_keys_within_keys_are_joined_three_deep(self):
        deep = {"a": {"b": {"c": {"d": {"e": 1}}}}}
        self.assertEqual(written({**deep, "x": 2}), ["a.b.c.d,x", ",2"])
        self.assertEqual(written({"a": {"b": {"c": {"d": 1}}}}), ["a.b.c.d", "1"])

    def test_lists_are_told_without_what_is_nested_in_them(self):
        self.assertEqual(written({"a": ["x", 1, {"y": 2}, ["z"], None]}), ["a", "x; 1; "])
        self.assertEqual(written({"a": " x \n y ", "b": None}), ["a,b", "x y,"])

    def test_what_a_later_object_lacks_is_empty_and_what_it_has_more_is_left_out(self):
        first = [{"a": number} for number in range(999)]
        self.assertEqual(written(*first, {"b": 1}, {"c": 2})[0], "a,b")
        self.assertEqual(written(*first, {"a": 1}, {"c": 2})[0], "a")
        self.assertEqual(written({"a": 1}, {"a": 2}, {"a": 3}, most_rows=2), ["a", "1", "2"])

    def test_an_array_over_several_lines_is_read(self):
        self.assertEqual(written('[{"a": 1},', '{"a": 2}]'), ["a", "1", "2"])
        self.assertEqual(written("[", '{"a": 1},', "", '{"a": 2}', "]"), ["a", "1", "2"])
        for wrong in ('["a"]', "{", '"a"', "[" * 9999):
            with self.subTest(wrong[:9]), self.assertRaises(FileError) as caught:
                written(wrong)
            self.assertEqual(caught.exception.code, "damaged")
        with self.assertRaises(FileError) as caught:
            written("{}")
        self.assertEqual(caught.exception.code, "empty")

    def test_a_thousand_keys_are_columns_and_no_more(self):
        keys = {f"k{number}": 1 for number in range(1000)}
        self.assertEqual(len(written(keys)[0].split(",")), 1000)
        with self.assertRaises(FileError) as caught:
            written({**keys, "more": 1})
        self.assertEqual((caught.exception.code, caught.exception.detail), ("too_large", "1001"))

    def test_objects_are_told_by_how_they_begin(self):
        for beginning, are_some in (
            (b'{"a": 1}', True), (b'\xef\xbb\xbf {"a"', True), (b'[ {"a"', True), (b"{a", False),
            (b"[1", False), (b"name,city", False), (b"", False),
        ):  # fmt: skip
            self.assertIs(are_json_lines(beginning), are_some, beginning)

    def test_the_delimiter_is_what_splits_lines_evenly(self):
        for text, delimiter in (
            ("a;b,c\n1;2,3\n4;5", ";"), ("a,b\n1,2;3\n4,5;6", ","), ("a\tb\n1\t2", "\t"),
            ("sep=|\na|b", "|"), ("Title\na;b;c\n1;2;3", ";"),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(detect_delimiter(text), delimiter)

    def test_a_list_of_sites_is_one_column_and_other_words_are_none(self):
        for rows, is_one in (
            ([["acme.it"], ["beta.it"]], True), ([["acme.it"], ["info@beta.it"]], True),
            ([["acme.it"], ["words"]], False), ([["acme.it"], ["beta.it"], ["words"]], True),
            ([["acme.it", "x"], ["beta.it"]], False), ([], False), ([[]], False),
        ):  # fmt: skip
            with self.subTest(rows):
                self.assertIs(is_list(rows), is_one)

    def test_the_table_begins_where_lines_are_as_wide_as_most(self):
        head, row = ["name", "city", "zip"], ["Acme", "Rome", "00184"]
        for records, found in (
            ([head, row, row], (0, True)),
            ([["A title"], head, row, row], (1, True)),
            ([["A title", "of two"], [], head, row, row], (0, True)),
            ([["acme.it", "Rome", "x"], ["beta.it", "Rome", "x"]], (0, False)),
            ([], (0, True)),
        ):
            with self.subTest(records):
                self.assertEqual(find_table(records), found)

    def test_what_is_no_table_is_told_by_its_first_words(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.csv"
            path.write_text("\n".join(["w" * 99 + " and so on", "more words"] * 3))
            for find_header in (True, False):
                with self.subTest(find_header), self.assertRaises(FileError) as caught:
                    CompaniesFile(path, find_header=find_header)
                self.assertEqual(caught.exception.code, "one_column")
                self.assertEqual(caught.exception.detail, "w" * 80)
