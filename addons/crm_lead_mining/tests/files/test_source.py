"""What a table may be packed in, and what stands above it."""

import datetime
import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

from openpyxl import Workbook

from odoo.tests import BaseCase, tagged

from ...files import source, workbook
from ...files.csv_table import CompaniesFile
from ...files.errors import FileError
from ...files.header import column_name, find_table

ROWS = [["name", "country"], ["Alpha", "FR"], ["Beta", "DE"]]
CSV = b"name,country\nAlpha,FR\nBeta,DE\n"


@tagged("post_install", "-at_install")
class TestSource(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "table"

    def _table(self, content, **values):
        """Return the header and the rows with their lines."""
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        with CompaniesFile(self.path, **{"find_header": True, **values}) as table:
            return table.header, list(table.rows())

    def _refused(self, content):
        with self.assertRaises(FileError) as caught:
            self._table(content)
        return caught.exception.code

    def _zip(self, members):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return packed.getvalue()

    def _workbook(self, *sheets):
        book = Workbook()
        book.remove(book.active)
        for rows in sheets:
            sheet = book.create_sheet()
            for row in rows:
                sheet.append(row)
        packed = io.BytesIO()
        book.save(packed)
        return packed.getvalue()

    # === ABOVE THE TABLE === #

    def test_excel_s_line_with_the_delimiter_is_no_header(self):
        for line in ("sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "sep=;;"):
            with self.subTest(line):
                header, rows = self._table(f"{line}\nname;a,b\nAlpha;1,2\n")
                self.assertEqual((header, rows), (["name", "a,b"], [(3, ["Alpha", "1,2"])]))
        header, rows = self._table("sep=|\nname|country\nAlpha|FR\n", find_header=False)
        self.assertEqual((header, rows), (["name", "country"], [(3, ["Alpha", "FR"])]))

    def test_lines_of_a_title_stand_above_the_header(self):
        for title in (
            "Elenco clienti al 31/12/2025\n\n",
            "Elenco clienti;;;\nEsportato da;Rossi;;\n;;;\n",
            'Notes:\n"When exporting, addresses may be missing"\n\n',
            "sep=;\nReport\n\n",
        ):
            with self.subTest(title):
                text = f"{title}nome;citta;cap;tel\nA;Roma;00187;06 1\nB;Bari;70121;\n"
                header, rows = self._table(text)
                self.assertEqual(header, ["nome", "citta", "cap", "tel"])
                self.assertEqual([cells[0] for _line, cells in rows], ["A", "B"])
                self.assertEqual(rows[0][0], len(title.splitlines()) + 2)

    def test_rows_after_a_title_go_on_from_their_mark(self):
        self.path.write_text("Report\n\nname,country\n" + "".join(f"C{n},FR\n" for n in range(9)))
        with CompaniesFile(self.path, find_header=True) as table:
            rows = table.rows()
            first = [next(rows) for _ in range(4)]
            mark = table.mark()
        with CompaniesFile(self.path, find_header=True) as table:
            self.assertTrue(table.go_to(mark))
            self.assertEqual([line for line, _cells in [*first, *table.rows()]], list(range(4, 13)))

    def test_a_file_without_names_of_columns_keeps_its_first_row(self):
        for text in (
            "Alpha,alpha.example,FR\nBeta,beta.example,DE\n",
            "Alpha,info@alpha.example,FR\nBeta,,DE\n",
            "Alpha,020 7946 0101,FR\nBeta,0113 496 0133,DE\n",
        ):
            with self.subTest(text):
                header, rows = self._table(text)
                self.assertEqual(header, ["A", "B", "C"])
                self.assertEqual([cells[0] for _line, cells in rows], ["Alpha", "Beta"])

    def test_headers_that_look_like_values_are_headers(self):
        for header in ("name,postadresse.land", "name,2021,2022", "Entity.LegalName,Entity.City"):
            with self.subTest(header):
                found, rows = self._table(f"{header}\nAlpha,Rome,1\nBeta,Bari,2\n"[: 10**3])
                self.assertEqual(found, header.split(","))
                self.assertEqual(len(rows), 2)

    def test_a_list_of_domains_is_a_table_of_one_column(self):
        for text, header, count in (
            ("alpha.example\nbeta.example\nwww.gamma.example\n", ["A"], 3),
            ("Domain\nalpha.example\nbeta.example\n", ["Domain"], 2),
            ("https://alpha.example/\nbeta.example\n", ["A"], 2),
        ):
            with self.subTest(text):
                found, rows = self._table(text)
                self.assertEqual((found, len(rows)), (header, count))
        self.assertEqual(self._refused("name\nAlpha\nBeta\n"), "one_column")
        self.assertEqual(self._refused("12345\n23456\n"), "one_column")

    def test_columns_without_names_are_called_as_in_a_spreadsheet(self):
        names = [column_name(place) for place in (0, 25, 26, 51, 52, 701, 702)]
        self.assertEqual(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"])

    def test_a_short_table_is_not_taken_for_a_title(self):
        self.assertEqual(find_table([["name", "domain"], ["A", "b", "c", "d", "e"]]), (0, True))
        self.assertEqual(find_table([]), (0, True))

    # === PACKED === #

    def test_a_zip_with_one_file_is_read_like_the_file(self):
        for content in (
            self._zip({"companies.csv": CSV}),
            self._zip({"data/": b"", "data/companies.csv": CSV, "__MACOSX/x": b"1"}),
        ):
            header, rows = self._table(content)
            self.assertEqual([header, *(cells for _line, cells in rows)], ROWS)

    def test_of_a_zip_with_several_files_the_named_one_is_read(self):
        packed = self._zip({"2026/Enterprise.CSV": CSV, "2026/code.csv": b"a,b\n1,2\n"})
        header, rows = self._table(packed, member="enterprise*.csv")
        self.assertEqual([header, *(cells for _line, cells in rows)], ROWS)
        for member in ("*.csv", "none.csv"):
            with self.assertRaises(FileError) as caught:
                self._table(packed, member=member)
            self.assertEqual(caught.exception.code, "members")

    def test_a_zip_with_several_files_a_password_or_a_bomb_is_refused(self):
        self.assertEqual(self._refused(self._zip({"a.csv": CSV, "b.csv": CSV})), "members")
        self.assertEqual(self._refused(self._zip({"a.csv": CSV})[:-10]), "truncated")
        locked = bytearray(self._zip({"a.csv": CSV}))
        for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.index(mark) + flags] |= 1
        self.assertEqual(self._refused(bytes(locked)), "encrypted")
        self.patch(source, "MAX_EXPANSION", 10)
        self.patch(source, "SAMPLE_BYTES", 1000)
        self.assertEqual(self._refused(self._zip({"a.csv": CSV * 100_000})), "too_large")

    def test_a_zip_whose_directory_is_huge_is_not_opened(self):
        self.patch(source, "MAX_DIRECTORY", 100)
        self.assertEqual(
            self._refused(self._zip({"a.csv": CSV, "b.csv": CSV, "c.csv": CSV})), "too_large"
        )

    def test_a_workbook_is_read_by_its_first_sheet_with_anything_in_it(self):
        header, rows = self._table(self._workbook([], ROWS, [["other", "sheet"]]))
        self.assertEqual([header, *(cells for _line, cells in rows)], ROWS)

    def test_values_of_a_workbook_are_written_as_people_read_them(self):
        book = Workbook()
        sheet = book.active
        sheet.append(["Elenco"])
        sheet.append([])
        sheet.append(["nome", "cap", "p.iva", "data", "n", "attiva", "nota"])
        when = datetime.datetime(2024, 5, 14)
        sheet.append(["A", 187, 743110157.0, when, 1.5, True, "due\nrighe"])
        sheet["B4"].number_format = "00000"
        packed = io.BytesIO()
        book.save(packed)
        header, rows = self._table(packed.getvalue())
        self.assertEqual(header[0], "nome")
        self.assertEqual(
            rows, [(4, ["A", "00187", "743110157", "2024-05-14", "1.5", "TRUE", "due righe"])]
        )

    def test_a_workbook_that_is_a_bomb_or_defines_entities_is_refused(self):
        good = self._workbook(ROWS)
        evil = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(evil, "w") as new:
            for part in old.infolist():
                text = old.read(part)
                if part.filename.endswith("sheet1.xml"):
                    text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
                new.writestr(part, text)
        self.assertEqual(self._refused(evil.getvalue()), "damaged")
        bomb = io.BytesIO(good)
        with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/x.bin", b"0" * 10**7)
        self.assertEqual(self._refused(bomb.getvalue()), "too_large")
        self.patch(workbook, "MAX_XML", 100)
        self.assertEqual(self._refused(good), "too_large")

    def test_of_a_workbook_no_more_rows_are_read_than_wanted(self):
        content = self._workbook([ROWS[0], *[["A", "FR"]] * 50])
        self.assertEqual(len(self._table(content, most_rows=11)[1]), 10)

    def test_lines_of_json_are_rows(self):
        objects = [
            {
                "name": "Alpha",
                "address": {"city": "Rome"},
                "emails": ["a@x.example", "b@x.example"],
            },
            {"name": "Beta", "employees": 12, "address": {"city": None}},
        ]
        lines = "\n".join(json.dumps(one) for one in objects)
        array = "[\n" + ",\n".join(json.dumps(one) for one in objects) + "\n]\n"
        for content in (lines, "\ufeff" + lines, array, gzip.compress(lines.encode())):
            header, rows = self._table(content)
            self.assertEqual(header, ["name", "address.city", "emails", "employees"])
            self.assertEqual(
                [cells for _line, cells in rows],
                [["Alpha", "Rome", "a@x.example; b@x.example", ""], ["Beta", "", "", "12"]],
            )
        self.assertEqual(self._refused('{"name": "Alpha"}\n{"name": \n'), "damaged")
        self.assertEqual(self._refused('{"name": "Alpha"}\n[1]\n'), "damaged")
