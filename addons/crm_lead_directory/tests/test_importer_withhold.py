"""What is taken out of a file's rows before anything is stored, and what is left of them."""

from dataclasses import replace

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_mining.tools.suppression import Screened

from ..importer.converted import CONTACT_COLUMNS, Converted
from ..importer.named import (
    apart_of,
    base_of,
    count_named,
    differ,
    identity_of_line,
    named_identities,
    named_identity,
    prefix_of,
    rename,
    tell_apart,
)  # fmt: skip
from ..importer.problems import Problem
from ..importer.withhold import withhold

COLUMNS = ("identity", "name", "emails", "description", "street", "zip", "city", "country_code")


def contact(name, **values):
    known = {"company_identity": "vat:1", "identity": f"name:{name}", "name": name, **values}
    return tuple(known.get(column, "") for column in CONTACT_COLUMNS)


def converted_of(*rows):
    """Return rows of (identity, contact, values) as they are stored."""
    found = Converted(rows=len(rows))
    for number, (identity, person, values) in enumerate(rows, 1):
        cells = {"identity": identity, **values}
        found.companies.append((identity, "\t".join(cells.get(one, "") for one in COLUMNS)))
        found.contacts.append(person)
        found.lines.append(10 * number)
        found.hosts.append("")
    return found


def cells_of(converted):
    return [
        dict(zip(COLUMNS, line.split("\t"), strict=True)) for _identity, line in converted.companies
    ]


@tagged("post_install", "-at_install")
class TestWithhold(BaseCase):
    def withheld(self, converted, **listed):
        """Withhold companies by their name, and persons by theirs: {name: kind or addresses}."""

        def screen(companies):
            found = []
            for one in companies:
                kept = tuple(person for person in one.contacts if person.name not in listed)
                kind = listed.get(one.name, "")
                gone = kind or len(kept) != len(one.contacts)
                gone = gone or any(name in one.description for name in listed if name)
                addresses = frozenset(
                    person.email for person in one.contacts if person not in kept and person.email
                )
                emails = tuple(email for email in one.emails if email not in addresses)
                company = replace(one, contacts=kept, emails=emails)
                found.append(Screened(company, kind, bool(gone), addresses))
            return found

        return withhold(COLUMNS, converted, screen)

    def test_where_nothing_is_listed_nothing_changes(self):
        rows = [("vat:1", contact("Anna Verdi"), {"name": "Acme"}), ("vat:2", None, {"name": "B"})]
        converted = converted_of(*rows)
        self.assertEqual(self.withheld(converted), set())
        same = converted_of(*rows)
        self.assertEqual(converted.companies, same.companies)
        self.assertEqual(converted.contacts, same.contacts)

    def test_a_listed_company_goes_with_its_contact_and_is_told_without_its_name(self):
        converted = converted_of(
            ("vat:1", contact("Anna Verdi"), {"name": "Acme"}), ("vat:2", None, {"name": "Beta"})
        )
        self.assertEqual(self.withheld(converted, Acme="domain"), {10})
        self.assertEqual([one["name"] for one in cells_of(converted)], ["Beta"])
        self.assertEqual((converted.lines, converted.contacts), ([20], [None]))
        (problem,) = converted.problems
        self.assertEqual((problem.line, problem.code, problem.value), (10, "never", ""))

    def test_a_listed_person_goes_and_the_company_stays_without_their_address(self):
        person = contact("Anna Verdi", email="anna@acme.example")
        converted = converted_of(
            ("vat:1", person, {"name": "Acme", "emails": "anna@acme.example, info@acme.example"})
        )
        self.assertEqual(self.withheld(converted, **{"Anna Verdi": ""}), {10})
        (cells,) = cells_of(converted)
        self.assertEqual((cells["name"], cells["emails"]), ("Acme", "info@acme.example"))
        self.assertEqual(converted.contacts, [None])
        self.assertFalse(converted.problems)

    def test_another_row_of_the_company_names_them_no_more(self):
        converted = converted_of(
            ("vat:1", contact("Anna Verdi"), {"name": "Acme"}),
            ("vat:1", contact("Ugo Neri"), {"name": "Acme", "description": "Led by Anna Verdi."}),
        )
        self.withheld(converted, **{"Anna Verdi": ""})
        self.assertNotIn("Anna", str(converted.companies))
        self.assertEqual(
            [person and person[CONTACT_COLUMNS.index("name")] for person in converted.contacts],
            [None, "Ugo Neri"],
        )

    def test_a_row_of_the_company_in_which_the_list_met_nobody_names_them_no_more(self):
        converted = converted_of(
            ("vat:1", contact("Anna Verdi"), {"name": "Acme"}),
            ("vat:1", None, {"name": "Acme", "description": "Led by Anna Verdi."}),
            ("vat:2", None, {"name": "Beta", "description": "Led by Anna Verdi."}),
        )

        def screen(companies):
            return [
                Screened(replace(one, contacts=()), "", bool(one.contacts), frozenset())
                for one in companies
            ]

        self.assertEqual(withhold(COLUMNS, converted, screen), {10})
        _first, same, other = (cells["description"] for cells in cells_of(converted))
        self.assertNotIn("Anna", same)
        self.assertEqual(other, "Led by Anna Verdi.", "another company's is another person")

    def test_remarks_that_quote_the_file_name_them_no_more(self):
        converted = converted_of(("vat:1", None, {"name": "Acme"}))
        converted.problems += [
            Problem(7, "bad_email", "Anna Verdi anna@"), Problem(3, "other_name", "Beta"),
            Problem(5, "bad_year", "long ago"),
        ]  # fmt: skip
        touched = self.withheld(converted, **{"Acme": "domain", "Beta": "domain", "Anna Verdi": ""})
        self.assertEqual([one.line for one in converted.problems], [3, 5, 7, 10])
        self.assertEqual(converted.problems[0].value, "")
        self.assertEqual(converted.problems[1].value, "long ago")
        self.assertLessEqual({3, 7, 10}, touched)
        self.assertNotIn(5, touched)


@tagged("post_install", "-at_install")
class TestNamed(BaseCase):
    PLACE = {"name": "Alfa S.r.l.", "country_code": "IT", "zip": "20121", "city": "Milano"}

    def test_an_identity_is_that_of_the_dataset_and_place_where_enough_is_known(self):
        prefix = prefix_of(7)
        identity = named_identity(prefix, *self.PLACE.values())
        self.assertTrue(identity.startswith("record:7:"))
        self.assertEqual(named_identity(prefix, "Alfa", "IT", "", ""), "")
        self.assertNotEqual(identity, named_identity(prefix_of(8), *self.PLACE.values()))
        cells = [self.PLACE.get(column, "") for column in COLUMNS]
        self.assertEqual(identity_of_line(prefix, COLUMNS, cells), identity)

    def test_only_rows_without_a_key_get_one_and_only_where_it_is_wanted(self):
        columns = {name: [value] * 3 for name, value in self.PLACE.items()}
        for prefix, found in (("record:7:", True), ("", False)):
            keys = ["vat:1", "", ""]
            named_identities(prefix, columns, keys)
            self.assertEqual(keys[0], "vat:1")
            self.assertEqual([bool(key) for key in keys[1:]], [found] * 2)

    def test_two_streets_are_two_companies_and_the_first_one_keeps_the_identity(self):
        identity = named_identity("record:7:", *self.PLACE.values())
        streets = ("Via Roma 1", "Via Verdi 9", "via roma, 1", "")
        converted = converted_of(
            *((identity, contact("Anna"), {**self.PLACE, "street": one}) for one in streets)
        )
        self.assertEqual(count_named(converted), 4)
        tell_apart(COLUMNS, converted)
        found = [key for key, _line in converted.companies]
        self.assertEqual([found[0], found[2], found[3]], [identity] * 3)
        self.assertEqual(found[1], f"{identity}:viaverdi9")
        self.assertEqual(base_of(found[1]), identity)
        self.assertEqual(apart_of("vat:1", "Via Verdi 9"), "vat:1")
        # The line and the contact follow.
        place = CONTACT_COLUMNS.index("company_identity")
        self.assertEqual(cells_of(converted)[1]["identity"], found[1])
        self.assertEqual(converted.contacts[1][place], found[1])
        self.assertEqual(cells_of(converted)[1]["name"], "Alfa S.r.l.")
        self.assertFalse(converted.problems)

    def test_what_an_earlier_batch_has_written_is_met_again(self):
        identity = named_identity("record:7:", *self.PLACE.values())
        first = converted_of((identity, None, {**self.PLACE, "street": "Via Roma 1"}))
        written = {identity: first.companies[0][1].split("\t")}
        for street, city, is_told in (
            ("Via Roma 1", "Milano", False), ("Via Roma 1", "MILANO 2", True),
        ):  # fmt: skip
            values = {**self.PLACE, "street": street, "city": city}
            later = converted_of((identity, None, values), ("vat:1", None, {"name": "B"}))
            tell_apart(COLUMNS, later, written)
            self.assertEqual(later.companies[0][0], identity)
            self.assertEqual(
                [(one.line, one.code, one.value) for one in later.problems],
                [(10, "alike", "Alfa S.r.l.")] if is_told else [],
            )

    def test_two_rows_differ_where_both_tell_something_else(self):
        self.assertFalse(differ([("a", "", "c"), ("a", "b", "")]))
        self.assertTrue(differ([("a", "b"), ("a", "c")]))

    def test_a_row_is_renamed_with_its_contact(self):
        converted = converted_of(("vat:1", contact("Anna"), {"name": "A"}), ("vat:1", None, {}))
        for place, (_key, line) in enumerate([*converted.companies]):
            rename(converted, place, "vat:2", line)
        self.assertEqual([key for key, _line in converted.companies], ["vat:2"] * 2)
        self.assertEqual({one["identity"] for one in cells_of(converted)}, {"vat:2"})
        self.assertEqual(converted.contacts[1], None)
