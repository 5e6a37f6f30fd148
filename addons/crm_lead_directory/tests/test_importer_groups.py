"""Rows of one file that share a host, an identity or a contact: what becomes of each."""

from odoo.tests import BaseCase, tagged

from ..importer.converted import CONTACT_COLUMNS, Converted
from ..importer.groups import Groups, other_name, units

COLUMNS = ("identity", "name", "domain", "website", "street", "zip", "city", "phone")


@tagged("post_install", "-at_install")
class TestGroups(BaseCase):
    def settled(self, *rows, contacts=None, nobodys=None):
        """Settle rows of (identity, name, website, …); return them by line, and the problems."""
        converted = Converted(rows=len(rows))
        for number, (identity, name, website, *more) in enumerate(rows, 1):
            host = website.partition("/")[0]
            cells = [identity, name, host, website, *more]
            cells += [""] * (len(COLUMNS) - len(cells))
            converted.companies.append((identity, "\t".join(cells)))
            converted.lines.append(number)
            converted.hosts.append(host)
            converted.contacts.append(None)
        if contacts:
            converted.contacts[:] = contacts
        Groups(COLUMNS, nobodys).settle(converted)
        found = {
            line: dict(zip(COLUMNS, text.split("\t"), strict=True))
            for line, (_identity, text) in zip(converted.lines, converted.companies, strict=True)
        }
        self.converted = converted
        return found, [(one.line, one.code, one.value) for one in converted.problems]

    def test_a_host_that_two_names_claim_is_the_first_one_s(self):
        found, problems = self.settled(
            ("domain:x.example", "Acme", "x.example"), ("domain:x.example", "Beta", "x.example")
        )
        self.assertEqual([*found], [1])
        self.assertEqual(problems, [(2, "other_name", "Beta ≠ Acme (1)")])

    def test_a_host_that_three_names_claim_is_nobody_s(self):
        rows = [(f"vat:{name}", name, "x.example") for name in ("Acme", "Beta", "Gamma")]
        found, problems = self.settled(*rows)
        self.assertEqual({one["domain"] for one in found.values()}, {""})
        self.assertEqual({one["website"] for one in found.values()}, {""})
        self.assertEqual([code for _line, code, _value in problems], ["shared_website"] * 3)
        found, problems = self.settled(*rows[:2])
        self.assertEqual({one["domain"] for one in found.values()}, {"x.example"})
        self.assertFalse(problems)

    def test_where_nothing_else_identifies_them_they_are_dropped(self):
        found, problems = self.settled(
            *(("domain:x.example", name, "x.example") for name in ("Acme", "Beta", "Gamma"))
        )
        self.assertFalse(found)
        self.assertEqual(problems[0], (1, "shared_host", "Acme: x.example"))
        self.assertEqual(len(problems), 3)

    def test_two_names_with_a_page_each_have_none_for_themselves(self):
        for first, second, is_shared in (
            ("/acme", "/beta", True), ("/acme", "/acme", False), ("/acme", "", False),
            ("", "", False), ("/acme", "/index.html", False), ("/acme", "/home", False),
            ("/acme?x=1", "/acme#y", False), ("/acme", "/en", False), ("/acme/", "/acme", False),
            ("/abc", "/abd", True),
        ):  # fmt: skip
            found, _problems = self.settled(
                ("vat:1", "Acme", f"x.example{first}"), ("vat:2", "Beta", f"x.example{second}")
            )
            with self.subTest(first=first, second=second):
                self.assertEqual(found[1]["domain"], "" if is_shared else "x.example")

    def test_who_is_called_like_the_host_keeps_it(self):
        names = ("Acme", "Beta", "Gamma", "Acme Italia")
        rows = [(f"vat:{name}", name, "acme.example") for name in names]
        found, _problems = self.settled(*rows)
        self.assertEqual([one["domain"] for one in found.values()],
                         ["acme.example", "", "", "acme.example"])  # fmt: skip
        # A word of so few letters stands in many names.
        found, _problems = self.settled(
            *((f"vat:{name}", name, "ab.example") for name in ("Ab", "Cabab", "Gamma"))
        )
        self.assertEqual([one["domain"] for one in found.values()], ["ab.example", "", ""])

    def test_what_is_known_of_a_host_holds_for_later_rows(self):
        row = ("vat:1", "Beta", "x.example")
        found, _problems = self.settled(row, nobodys={"x.example": frozenset({"acme"})})
        self.assertEqual(found[1]["domain"], "")
        found, _problems = self.settled(row, nobodys={"x.example": frozenset({"beta"})})
        self.assertEqual(found[1]["domain"], "x.example")
        found, _problems = self.settled(row, nobodys={"y.example": frozenset()})
        self.assertEqual(found[1]["domain"], "x.example")

    def test_rows_of_a_company_have_the_first_values_that_there_are(self):
        found, problems = self.settled(
            ("vat:1", "Acme", "", "", "", "", ""),
            ("vat:1", "ACME", "", "Via Roma 1", "20121", "Milano", "02 1"),
            ("vat:1", "Acme", "", "Via Verdi 2", "10121", "Torino", "02 2"),
        )
        self.assertFalse(problems)
        self.assertEqual(len(found), 3)
        for one in found.values():
            self.assertEqual(
                [one[name] for name in ("street", "zip", "city", "phone")],
                ["Via Roma 1", "20121", "Milano", "02 1"],
            )

    def test_parts_of_an_address_are_not_taken_from_two_rows(self):
        found, _problems = self.settled(
            ("vat:1", "Acme", "", "", "", "Milano", ""),
            ("vat:1", "Acme", "", "Via Verdi 2", "10121", "Torino", ""),
        )
        self.assertNotEqual((found[1]["street"], found[1]["city"]), ("Via Verdi 2", "Milano"))

    def test_each_column_is_in_one_unit(self):
        places = [place for unit, _within in units(COLUMNS) for place in unit]
        self.assertEqual(sorted(places), [*range(len(COLUMNS))])

    def test_two_names_are_told_with_the_line_of_the_first(self):
        self.assertEqual(other_name("B", "A", 7), "B ≠ A (7)")
        self.assertEqual(other_name("B", "A"), "B ≠ A")
        self.assertEqual(other_name("B" * 91, "A" * 91), f"{'B' * 90} ≠ {'A' * 90}")

    # === CONTACTS === #

    def contact(self, name, address="info@acme.example", **values):
        known = {
            "company_identity": "vat:1", "identity": f"email:{address}", "name": name,
            "email": address, **values,
        }  # fmt: skip
        return tuple(known.get(column, "") for column in CONTACT_COLUMNS)

    def people(self, *contacts):
        rows = [("vat:1", "Acme", "")] * len(contacts)
        self.settled(*rows, contacts=contacts)
        return [
            one and dict(zip(CONTACT_COLUMNS, one, strict=True)) for one in self.converted.contacts
        ]

    def test_two_rows_of_one_person_are_one_contact_with_all_that_is_told(self):
        first, second, third = self.people(
            self.contact("Anna Verdi"), None, self.contact("anna verdi", phone="02 1")
        )
        self.assertEqual((first["name"], first["phone"]), ("Anna Verdi", "02 1"))
        self.assertEqual((second, third), (None, None))

    def test_two_persons_with_one_address_are_two_contacts(self):
        first, second, third = self.people(
            self.contact("Anna Verdi"), self.contact("Ugo Neri"),
            self.contact("Ugo Neri", phone="02 2"),
        )  # fmt: skip
        self.assertEqual(first["identity"], "email:info@acme.example")
        self.assertEqual(second["identity"], "name:ugo neri")
        self.assertEqual((second["name"], second["phone"]), ("Ugo Neri", "02 2"))
        self.assertIsNone(third)
