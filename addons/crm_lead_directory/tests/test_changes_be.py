"""What has changed in Belgium's register since the file before, as its own zips tell it by hand."""

import base64

from odoo.tests import tagged

from ..importer.columns import TARGETS
from ..importer.convert import Converter
from ..registers.changes import stored_cells
from ..registers.recipes import RECIPES
from .kbo import (
    FARYS,
    INSOLVENT,
    ISBW,
    NEW,
    PERSON,
    VENECO,
    KboCase,
    enterprise,
    seat,
    update,
    whole,
)


@tagged("post_install", "-at_install")
class TestChangesBe(KboCase):
    def test_a_file_tells_its_number_and_its_day(self):
        record = self.use(whole())
        self.assertEqual(
            (record.edition_number, record.is_delta, record.version), (136, False, "2025-05-30")
        )
        record = self.use(update())
        self.assertEqual(
            (record.edition_number, record.is_delta, record.version), (137, True, "2025-06-30")
        )
        self.assertEqual((record.state, record.companies_vanished), ("done", 0))

    def test_who_is_in_no_update_stays_as_he_is(self):
        self.use(whole())
        before = self.told()
        self.assertGreater(len(before), 5)
        record = self.use(update())
        self.assertEqual(self.changed(before), set())
        self.assertEqual(record.rows_read, 0)

    def test_an_address_alone_changes_the_address_alone(self):
        self.use(whole())
        before = self.told()
        record = self.use(update(address=((VENECO,), (seat(VENECO),))))
        self.assertEqual(
            self.changed(before), {(VENECO, "street"), (VENECO, "zip"), (VENECO, "city")}
        )
        veneco = self.told()[VENECO]
        self.assertEqual(
            (veneco["street"], veneco["zip"], veneco["city"]), ("Wetstraat 9", "1000", "Brussel")
        )
        self.assertEqual((record.companies_updated, record.rows_read), (1, 1))

    def test_each_table_alone_changes_what_it_tells(self):
        contact = f'"{ISBW}","ENT","TEL","02 999 99 99"'
        changes = {
            "denomination": (f'"{VENECO}","2","001","Another"', VENECO, {"name"}),
            "activity": (
                f'"{VENECO}","001","2025","62100","MAIN"',
                VENECO,
                {"industry", "industries", "industry_codes"},
            ),
            "contact": (contact, ISBW, {"phone"}),
            "enterprise": (enterprise(VENECO, start="01-03-1999"), VENECO, {"founded"}),
        }
        self.use(whole())
        for place, (table, (row, number, columns)) in enumerate(changes.items()):
            with self.subTest(table):
                before = self.told()
                self.use(update(137 + place, **{table: ((number,), (row,))}))
                self.assertEqual(self.changed(before), {(number, column) for column in columns})

    def test_what_is_deleted_and_not_added_again_is_emptied(self):
        self.use(whole())
        before = self.told()
        self.assertTrue(before[ISBW]["phone"])
        self.use(update(contact=((ISBW,), ())))
        self.assertEqual(self.changed(before), {(ISBW, "phone")})
        self.assertFalse(self.told()[ISBW]["phone"])

    def test_what_is_added_without_a_deletion_empties_nothing(self):
        self.use(whole())
        before = self.told()
        self.use(update(contact=((), (f'"{ISBW}","ENT","WEB","isbw.example"',))))
        self.assertEqual(self.changed(before), {(ISBW, "website"), (ISBW, "domain")})

    def test_rows_of_another_edition_of_industries_are_what_they_were(self):
        old = f'"{NEW}","001","2008","62010","MAIN"'
        self.use(
            whole(
                enterprise=[enterprise(NEW)],
                denomination=[f'"{NEW}","2","001","Nieuw"'],
                activity=[old],
            )
        )
        before = self.told()
        self.assertTrue(before[NEW]["industry_codes"])
        self.use(update(address=((), (seat(NEW),))))
        self.assertEqual(self.changed(before), {(NEW, one) for one in ("street", "zip", "city")})

    def test_what_is_stored_is_read_again_as_it_is_in_every_country(self):
        recipe = RECIPES["be_kbo"]
        # Of Brazil's codes both editions have one name.
        for country in self.env["res.country"].search([("code", "!=", "BR")]):
            converter = Converter(
                [target if target in TARGETS else "" for target in recipe.header],
                self.Import._places(),
                registry=recipe.registry,
                country_code=country.code,
                header=recipe.names,
            )
            for version, code in (("2008", "62010"), ("2025", "68121"), ("2008", "01110")):
                told = {
                    "name": "Nieuw", "registry_id": NEW, "street": "Wetstraat 9", "zip": "1000",
                    "city": "Brussel", "phone": "02 999 99 99", "website": "www.nieuw.example/nl",
                    "industry": code, "industry_version": version, "founded": "01-03-2025",
                }  # fmt: skip
                row = [told.get(target, "") for target in recipe.header]
                stored = converter.convert([(1, row)]).companies
                values = zip(converter.columns, stored[0][1].split("\t"), strict=True)
                again = converter.convert([(1, stored_cells(recipe, dict(values)))])
                self.assertEqual((stored, again.problems), (again.companies, []))

    def test_an_update_without_rows_of_ours_makes_nobody_new(self):
        self.use(whole())
        self.env["lead.mining.search"].create(
            {
                "name": "Belgium",
                "owner_id": self.seller.id,
                "company_id": self.env.company.id,
                "country_ids": [(6, 0, self.env.ref("base.be").ids)],
            }
        )
        before = self.told()
        record = self.use(update())
        self.assertFalse(self.env["lead.directory.signal"].search([("import_id", "=", record.id)]))
        known = self.env["lead.directory.ended"].search_count([])
        record.with_user(self.manager).action_undo()
        self.assertEqual(self.changed(before), set())
        self.assertEqual(self.env["lead.directory.ended"].search_count([]), known)
        self.assertTrue(known)

    def test_who_is_new_is_added_and_a_person_is_not(self):
        self.use(whole())
        record = self.use(
            update(
                enterprise=((), (enterprise(NEW), enterprise(PERSON, kind="1"))),
                denomination=(
                    (),
                    (f'"{NEW}","2","001","Nieuw"', f'"{PERSON}","2","001","Jan Peeters"'),
                ),
                address=((), (seat(NEW), seat(PERSON))),
            )
        )
        new = self.told()[NEW]
        self.assertEqual((new["name"], new["city"], new["founded"]), ("Nieuw", "Brussel", 2025))
        self.assertNotIn(PERSON, self.told())
        self.assertEqual((record.companies_created, record.left_out), (1, {"sole_trader": 1}))

    def test_rows_of_who_is_no_company_of_ours_are_passed_over(self):
        """A person's, whom the whole file had, and a place of business's."""
        self.use(whole(enterprise=[enterprise(PERSON, kind="1")]))
        before = self.told()
        record = self.use(
            update(
                denomination=((PERSON,), (f'"{PERSON}","2","001","Jan Peeters"',)),
                address=((), (seat("2.000.000.339"), seat(PERSON))),
                enterprise=((PERSON,), ()),
            )
        )
        self.assertEqual(self.changed(before), set())
        self.assertEqual((record.rows_read, record.problem_count), (0, 0))
        ended = self.env["lead.directory.ended"].search([])
        self.assertNotIn("0400067095", str(ended.mapped("key")))

    def test_who_is_deleted_has_ceased_and_is_back_when_he_is(self):
        self.use(whole())
        before = self.told()
        record = self.use(
            update(enterprise=((FARYS,), ()), address=((FARYS,), ()), denomination=((FARYS,), ()))
        )
        self.answer(record)
        self.assertEqual(self.changed(before), {(FARYS, "status"), (FARYS, "vanished_on")})
        self.assertEqual(self.told()[FARYS]["status"], "ceased")
        self.assertEqual((record.companies_vanished, record.companies_marked), (1, 1))
        identity = self.told()[FARYS]["identity"]
        self.assertTrue(self.env["lead.directory.ended"].search([("key", "=", identity)]))
        self.use(
            update(
                138,
                enterprise=((), (enterprise(FARYS, start="16-02-1923"),)),
                denomination=((), (f'"{FARYS}","2","001","Farys"',)),
            )
        )
        self.assertEqual(self.changed(before), set())
        self.assertFalse(self.env["lead.directory.ended"].search([("key", "=", identity)]))

    def test_who_is_told_to_be_no_company_has_vanished(self):
        self.use(whole())
        record = self.use(update(enterprise=((FARYS,), (enterprise(FARYS, kind="1"),))))
        self.answer(record)
        self.assertEqual(self.told()[FARYS]["status"], "ceased")

    def test_who_becomes_insolvent_is_marked_and_an_address_revives_nobody(self):
        self.use(whole())
        before = self.told()
        self.use(update(enterprise=((VENECO,), (enterprise(VENECO, situation="050"),))))
        self.assertEqual(self.told()[VENECO]["status"], "insolvent")
        self.use(update(138, address=((VENECO, INSOLVENT), (seat(VENECO), seat(INSOLVENT)))))
        self.assertEqual(self.told()[VENECO]["status"], "insolvent")
        self.assertNotIn(INSOLVENT, self.told())
        self.use(update(139, enterprise=((VENECO,), (enterprise(VENECO, start="09-08-1960"),))))
        self.assertFalse(self.told()[VENECO]["status"])
        self.assertEqual(before[VENECO]["name"], self.told()[VENECO]["name"])

    def test_the_next_whole_file_is_what_counts(self):
        self.use(whole())
        before = self.told()
        self.use(
            update(
                address=((VENECO,), (seat(VENECO),)),
                denomination=((ISBW,), (f'"{ISBW}","2","001","Another"',)),
            )
        )
        record = self.use(whole(138))
        self.assertEqual(self.changed(before), set())
        self.assertEqual((record.companies_updated, record.is_delta), (2, False))

    def test_who_follows_a_company_is_told(self):
        self.use(whole())
        identity = self.told()[VENECO]["identity"]
        self.env["crm.lead"].create(
            {"name": "Lead", "type": "lead", "user_id": self.seller.id, "reveal_id": identity}
        )
        self.env["lead.mining.search"].create(
            {
                "name": "Belgium",
                "owner_id": self.seller.id,
                "company_id": self.env.company.id,
                "country_ids": [(6, 0, self.env.ref("base.be").ids)],
            }
        )
        record = self.use(
            update(
                address=((VENECO,), (seat(VENECO),)),
                enterprise=((), (enterprise(NEW),)),
                denomination=((), (f'"{NEW}","2","001","Nieuw"',)),
            )
        )
        signals = self.env["lead.directory.signal"].search([("import_id", "=", record.id)])
        self.assertEqual(
            {(one.name, one.kind) for one in signals},
            {("Intergemeentelijke Vereniging Veneco", "moved"), ("Nieuw", "founded")},
        )

    def test_an_update_is_undone_as_an_edition_is_and_can_be_had_again(self):
        self.use(whole())
        before = self.told()
        changes = update(
            enterprise=((FARYS,), (enterprise(NEW),)),
            denomination=((), (f'"{NEW}","2","001","Nieuw"',)),
        )
        record = self.use(changes)
        self.answer(record)
        self.assertEqual(self.told()[FARYS]["status"], "ceased")
        record.with_user(self.manager).action_undo()
        self.assertEqual(self.changed(before), set())
        self.assertNotIn(NEW, self.told())
        self.use(changes)
        self.assertIn(NEW, self.told())

    def test_undoing_what_has_not_begun_forgets_nobody_who_has_ended(self):
        self.use(whole())
        known = self.env["lead.directory.ended"].search_count([])
        self.assertTrue(known)
        record = self.start(update())
        record.action_cancel()
        record.with_user(self.manager).action_undo()
        self.assertEqual(self.env["lead.directory.ended"].search_count([]), known)

    def test_what_was_interrupted_goes_on_where_it_was(self):
        self.use(whole())
        rows = [enterprise(f"0400.{number:03d}.358") for number in range(5)]
        self.source.with_user(self.manager).action_use_file()
        record = self.source.import_id.sudo()
        content = update(enterprise=((), rows), address=((VENECO, FARYS), (seat(VENECO),)))
        record.write({"file": base64.b64encode(content), "file_name": "KboOpenData.zip"})
        record.action_read_header()
        with record._open() as table:
            told = [(line, list(cells), table.mark()) for line, cells in table.rows()]
        self.assertEqual(len(told), 7)
        for place, (_line, _cells, mark) in enumerate(told):
            with record._open() as table:
                self.assertTrue(table.go_to(mark))
                rest = [(line, list(cells)) for line, cells in table.rows()]
            self.assertEqual(rest, [(line, cells) for line, cells, _mark in told[place + 1 :]])
