import csv
import gzip
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...files import lines as reader
from ...files import source
from ...files.csv_table import CompaniesFile
from ...files.dialect import detect_delimiter, detect_encoding
from ...files.errors import FileError, RowError

PLAIN = "name,city\nAcme,Rome\nÉtude,Nîmes\n"


@tagged("post_install", "-at_install")
class TestCsvTable(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "companies.csv"

    def _open(self, content, **options):
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        table = CompaniesFile(self.path, **options)
        self.addCleanup(table.close)
        return table

    def _cells(self, table):
        return [
            cells.code if isinstance(cells, RowError) else cells for _line, cells in table.rows()
        ]

    def _refused(self, content, **options):
        with self.assertRaises(FileError) as caught:
            table = self._open(content, **options)
            list(table.rows())
        return caught.exception.code

    def test_every_usual_encoding_is_recognised(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"):
            with self.subTest(encoding):
                table = self._open((PLAIN * 20).encode(encoding))
                self.assertEqual(table.header, ["name", "city"])
                self.assertEqual(self._cells(table)[1], ["Étude", "Nîmes"])

    def test_one_accent_in_hundreds_of_plain_rows_tells_the_encoding(self):
        rows = [f"Firma {number},Berlin" for number in range(300)]
        rows[299] = "Müller,Köln"
        for encoding in ("utf-8", "cp1252"):
            with self.subTest(encoding):
                table = self._open("\n".join(["name,city", *rows]).encode(encoding))
                self.assertEqual(self._cells(table)[299], ["Müller", "Köln"])

    def test_utf_16_without_a_mark_is_recognised(self):
        for encoding in ("utf-16-le", "utf-16-be"):
            self.assertEqual(detect_encoding(PLAIN.encode(encoding)), encoding)

    def test_the_user_s_encoding_wins_and_an_unknown_one_is_refused(self):
        table = self._open(PLAIN.encode("cp1252"), encoding="cp1252")
        self.assertEqual(self._cells(table)[1][0], "Étude")
        self.assertEqual(self._refused(PLAIN, encoding="no-such"), "encoding")

    def test_rows_in_another_encoding_are_bad_rows_not_a_crash(self):
        rows = [f"Société {number},Nîmes".encode() for number in range(300)]
        rows[100] = "Société 100,Nîmes".encode("latin-1")
        table = self._open(b"name,city\n" + b"\n".join(rows))
        self.assertEqual(table.dialect.encoding, "utf-8")
        cells = self._cells(table)
        self.assertEqual(len(cells), 300)
        self.assertEqual(cells[100], "bad_bytes")
        self.assertEqual(cells[101], ["Société 101", "Nîmes"])

    def test_every_usual_delimiter_is_recognised(self):
        for delimiter in ",;\t|":
            with self.subTest(delimiter):
                table = self._open(PLAIN.replace(",", delimiter))
                self.assertEqual(table.header, ["name", "city"])
        self.assertEqual(detect_delimiter('name;city\n"Acme, Inc";"a,b,c"\n'), ";")

    def test_line_ends_of_all_systems_are_read(self):
        for end in ("\n", "\r\n", "\r"):
            with self.subTest(end):
                table = self._open(PLAIN.replace("\n", end))
                self.assertEqual([len(cells) for cells in self._cells(table)], [2, 2])

    def test_headers_lose_spaces_and_empty_columns_at_the_end(self):
        table = self._open("name, city ,,\nAcme,Rome,,\n")
        self.assertEqual(table.header, ["name", "city"])
        self.assertEqual(self._cells(table), [["Acme", "Rome"]])

    def test_a_file_without_names_of_columns_may_be_given_them(self):
        table = self._open("Acme;Rome\nÉtude;Nîmes\n", delimiter=";", header=("name", "city"))
        self.assertEqual(table.header, ["name", "city"])
        self.assertEqual(self._cells(table), [["Acme", "Rome"], ["Étude", "Nîmes"]])
        for width in (1, 3):
            names = ("name", "city", "zip")[:width]
            self.assertEqual(self._refused("Acme;Rome\n", delimiter=";", header=names), "layout")

    def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks(self):
        table = self._open('name,city\n"Acme, ""the"" Inc\nsecond line",Rome\nB,Milan\n')
        rows = list(table.rows())
        self.assertEqual(rows[0], (3, ['Acme, "the" Inc\nsecond line', "Rome"]))
        self.assertEqual(rows[1], (4, ["B", "Milan"]))

    def test_quotes_within_cells_are_read_where_all_cells_are_quoted(self):
        plain = '"Acme","Rome","1"\n'
        for line in (
            '"","b""","c"',
            '"a"",""b","","c"',
            '"","b" "","c"',
            '"","b","c',
            '"",b"",","',
        ):
            with self.subTest(line):
                table = self._open(f"name,city,zip\n{plain}{line}\n")
                self.assertEqual(self._cells(table)[1], next(csv.reader([f"{line}\n"])))

    def test_rows_with_a_wrong_number_of_cells(self):
        table = self._open("name,city,zip\nA,Rome\nB,Rome,1,\nC,Rome,1,2\nonly\n\nD,Rome,1\n")
        self.assertEqual(
            self._cells(table),
            [["A", "Rome", ""], ["B", "Rome", "1"], "cells", "cells", ["D", "Rome", "1"]],
        )

    @given(
        st.lists(
            st.sampled_from(
                ("a", "b,c,d", ",", ", ", "é", '"x,\n""y"', "\n", "\r\n", "\r", "\n,,\n",
                 '"a","b","c"\n', '"","é",""\n', '"a"",""b","c"\n', '"a","b"\n', '"a","b,c\n',
                 '"', 'a","b', '"a,b",c,d\n', ' "a","b","c"\n')
            ),
            max_size=40,
        ),
        st.integers(1, 5),
    )  # fmt: skip
    def test_a_file_is_read_as_csv_reads_it_whatever_its_pieces(self, parts, piece_lines):
        text = "h1,h2,h3\n" + "".join(parts)
        expected = [cells for cells in csv.reader(text.splitlines(keepends=True)) if cells][1:]
        with patch.object(reader, "PIECE_LINES", piece_lines):
            table = self._open(text, encoding="utf-8", delimiter=",")
            cells = self._cells(table)
        for read, row in zip(cells, expected, strict=True):
            is_bad = len(row) == 1 or any(cell.strip() for cell in row[3:])
            self.assertEqual(read, "cells" if is_bad else (row + [""])[:3])

    def test_a_row_with_a_nul_is_a_bad_row(self):
        table = self._open("name,city\nA,Rome\nB\0,Rome\nC,Rome\n")
        self.assertEqual(self._cells(table), [["A", "Rome"], "nul", ["C", "Rome"]])

    def test_ten_megabytes_in_one_cell_are_a_bad_row_and_the_next_is_read(self):
        table = self._open("name,city\nA," + "x" * 10_000_000 + "\nB,Rome\n")
        self.assertEqual(self._cells(table), ["too_long", ["B", "Rome"]])

    def test_a_quote_that_is_never_closed_loses_a_bounded_piece(self):
        lines = "".join(f"Company {number},Rome\n" for number in range(60_000))
        table = self._open('name,city\n"Acme,Rome\n' + lines)
        cells = self._cells(table)
        self.assertEqual(cells[0], "too_long")
        self.assertGreater(len(cells), 30_000)
        self.assertEqual(cells[-1], ["Company 59999", "Rome"])

    def test_what_is_no_table_is_refused_with_its_cause(self):
        self.assertEqual(self._refused(b""), "empty")
        self.assertEqual(self._refused(b" \n \n"), "empty")
        self.assertEqual(self._refused(b"%PDF-1.7" + b"x" * 100), "binary")
        self.assertEqual(self._refused(b"PK\x03\x04" + b"x" * 100), "truncated")
        self.assertEqual(self._refused(b"%PDF-1.7\n1,2\n"), "binary")
        self.assertEqual(self._refused("name\nAcme\n"), "one_column")
        page = b"\xef\xbb\xbf\n<!DOCTYPE HTML><html><p>name,city</p></html>"
        for content in (page, page[3:], page[3:].lower(), b"<html lang='en'>\nname,city\n"):
            self.assertEqual(self._refused(content), "web_page")
        self.assertEqual(self._open("<htmlish>,city\nA,Rome\n").header, ["<htmlish>", "city"])
        self.assertEqual(self._refused("x" * 1_000_000), "header_missing")
        self.assertEqual(self._refused(",".join("abc" for _number in range(1001))), "too_large")

    def test_a_gz_is_read_like_its_content(self):
        table = self._open(gzip.compress(PLAIN.encode()))
        self.assertEqual(self._cells(table), [["Acme", "Rome"], ["Étude", "Nîmes"]])

    def test_a_truncated_gz_gives_its_rows_and_then_the_cause(self):
        content = "name,city\n" + "".join(
            f"Company {number} {os.urandom(8).hex()},Rome\n" for number in range(50_000)
        )
        packed = gzip.compress(content.encode())
        table = self._open(packed[: len(packed) // 2])
        read = []
        with self.assertRaises(FileError) as caught:
            read.extend(cells for _line, cells in self._every(table, read))
        self.assertEqual(caught.exception.code, "truncated")
        self.assertGreater(len(read), 10_000)

    def _every(self, table, read):
        for row in table.rows():
            read.append(row)
            yield row

    def test_a_damaged_gz_is_refused(self):
        packed = bytearray(gzip.compress((PLAIN * 50_000).encode()))
        packed[len(packed) // 2 :] = b"\0" * (len(packed) - len(packed) // 2)
        self.assertIn(self._refused(bytes(packed)), ("damaged", "truncated"))
        self.assertEqual(self._refused(b"\x1f\x8b" + b"rubbish" * 10), "damaged")

    def test_a_gz_bomb_is_stopped_at_its_limit(self):
        self.patch(source, "MAX_EXPANSION", 10)
        content = "name,city\n" + "Acme,Rome\n" * 1_000_000
        self.assertEqual(self._refused(gzip.compress(content.encode())), "too_large")

    def test_the_position_grows_to_the_size_of_the_file(self):
        table = self._open("name,city\n" + "Acme,Rome\n" * 200_000)
        positions = [table.position for _row in table.rows()]
        self.assertEqual(positions, sorted(positions))
        self.assertEqual(positions[-1], table.size)

    def test_the_preview_skips_bad_rows(self):
        table = self._open("name,city\nA\0,Rome\nB,Rome\nC,Rome\nD,Rome\n")
        self.assertEqual(table.preview(2), [["B", "Rome"], ["C", "Rome"]])

    def test_reading_goes_on_at_a_mark_in_every_encoding(self):
        self.patch(reader, "PIECE_LINES", 7)
        rows = [f'Société {number},"Nîmes,\nrue {number}"' for number in range(40)]
        rows[7] = "too,many,cells"
        rows[20] = f'"{"x" * reader.MAX_LINE}",y'
        text = "name,city\r\n" + "\r\n".join(rows) + "\r\n"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"):
            for pack in (bytes, gzip.compress):
                content = pack(text.encode(encoding))
                whole = [(line, str(cells)) for line, cells in self._open(content).rows()]
                self.assertEqual(len(whole), 40)
                for count in (0, 1, 7, 8, 20, 21, 39, 40):
                    with self.subTest(encoding, pack=pack, count=count):
                        table = self._open(content)
                        first = table.rows()
                        for _row in range(count):
                            next(first)
                        mark = table.mark()
                        again = self._open(content)
                        self.assertTrue(again.go_to(mark))
                        rest = [(line, str(cells)) for line, cells in again.rows()]
                        self.assertEqual(rest, whole[count:])

    def test_a_mark_of_another_file_is_none(self):
        mark = self._open(PLAIN).mark()
        other = self._open(PLAIN + "More,Rome\n")
        self.assertFalse(other.go_to(mark))
        self.assertEqual(len(list(other.rows())), 3)

    def test_a_file_that_was_damaged_before_the_mark_is_refused(self):
        rows = "".join(f"Company {os.urandom(8).hex()},Rome\n" for _number in range(60_000))
        packed = gzip.compress(f"name,city\n{rows}".encode())
        table = self._open(packed)
        self.assertEqual(len(list(table.rows())), 60_000)
        mark = table.mark()
        cut = self._open(packed[: len(packed) // 2] + bytes(len(packed) - len(packed) // 2))
        with self.assertRaises(FileError) as caught:
            cut.go_to(mark)
            list(cut.rows())
        self.assertIn(caught.exception.code, ("truncated", "damaged"))
