"""Companies of which a file tells nothing but a name and a place."""

import tempfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_mining.company.identity import identity_keys
from odoo.addons.crm_lead_mining.tests.common import LeadMiningCase

from ..models import lead_directory_import_run
from .test_directory_rows import DirectoryRowsCase

HEADER = "name,street,zip,city,country,vat,phone,contact name,job title\n"
ALFA = "Alfa S.r.l.,Via Roma 1,20121,Milano,IT,,,,"
BETA = "Beta,,,Torino,IT,,,,"
#: The same company under its VAT number, in another spelling of its name.
ALFA_WITH_VAT = "ALFA SRL,,20121,Milano,IT,IT00743110157,02 1234567,Anna Verdi,CEO"


@tagged("post_install", "-at_install")
class NamedRowsCase(DirectoryRowsCase):
    def _load(self, *rows, dataset=None, **values):
        text = HEADER + "\n".join(rows)
        return self._import(text, dataset, **{"name_is_enough": True, **values})

    def _unidentified(self):
        return self._companies().filtered("is_unidentified")


@tagged("post_install", "-at_install")
class TestNamedRows(NamedRowsCase):
    def test_rows_without_identity_are_dropped_unless_the_administrator_wants_them(self):
        record = self._load(ALFA, BETA, name_is_enough=False)
        self.assertEqual(self._counts(record), (0, 0, 0, 2))
        self.assertFalse(record.rows_named)

    def test_rows_with_name_and_place_are_imported_counted_and_marked(self):
        record = self._load(ALFA, BETA, ALFA_WITH_VAT)
        self.assertEqual(self._counts(record), (3, 0, 0, 0))
        self.assertEqual(record.rows_named, 2)
        self.assertEqual(self._unidentified().mapped("name"), ["Alfa S.r.l.", "Beta"])
        found = self.env["lead.directory.company"].search([("is_unidentified", "=", True)])
        self.assertEqual(found & self._companies(), self._unidentified())
        self.assertEqual(self._companies().mapped("mark"), ["alike", "unidentified", False])

    def test_a_name_without_a_place_is_dropped_as_before(self):
        record = self._load("Gamma,Via Roma 1,,,IT,,,,", ",,20121,Milano,IT,,,,")
        self.assertEqual(self._problems(record), [(2, "no_identity"), (3, "no_name")])

    def test_the_identity_of_such_a_row_is_nobody_else_s(self):
        other = self.dataset.copy({"name": "Another list"})
        self._load(ALFA)
        self._load(ALFA, dataset=other)
        ours, theirs = self.env["lead.directory.company"].search([("is_unidentified", "=", True)])
        self.assertNotEqual(ours.identity, theirs.identity)
        (company,) = self._provider().search(self._query(countries=("IT",))).companies[:1]
        self.assertEqual(identity_keys(company), (ours.identity,))

    def test_the_same_file_again_changes_nothing(self):
        rows = (ALFA, BETA, "Alfa srl,Via Verdi 9,20121,Milano,IT,,,Ugo Neri,CEO")
        first = self._load(*rows)
        again = self._load(*rows)
        self.assertEqual(self._counts(first), (3, 0, 0, 0))
        self.assertEqual(self._counts(again), (0, 0, 3, 0))
        self.assertEqual((again.contacts_created, again.contacts_updated), (0, 0))

    def test_another_edition_updates_the_company_that_has_moved_in_its_town(self):
        self._load(ALFA)
        record = self._load("Alfa srl,Via Verdi 9,20121,Milano,IT,,,,")
        self.assertEqual(self._counts(record), (0, 1, 0, 0))
        self.assertEqual(self._unidentified().street, "Via Verdi 9")

    def test_two_of_one_name_and_place_stay_two_where_their_streets_differ(self):
        record = self._load(
            "Alfa srl,Via Roma 1,20121,Milano,IT,,,Anna Verdi,CEO",
            "ALFA,Via Verdi 9,20121,Milano,IT,,,Ugo Neri,CEO",
        )
        self.assertEqual(self._counts(record), (2, 0, 0, 0))
        self.assertFalse(record.problem_ids)
        self.assertEqual(
            [company.contact_ids.name for company in self._companies()], ["Anna Verdi", "Ugo Neri"]
        )

    def test_they_stay_two_in_two_batches_as_well(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        rows = (ALFA, "Alfa,Via Verdi 9,20121,Milano,IT,,,Ugo Neri,CEO", ALFA)
        record = self._load(*rows)
        self.assertEqual(record.companies_created, 2)
        self.assertEqual(self._counts(self._load(*rows))[:2], (0, 0))
        self.assertEqual(self._companies()[1].contact_ids.name, "Ugo Neri")

    def test_two_that_nothing_tells_apart_are_one_and_listed(self):
        record = self._load(
            "Alfa srl,Via Roma 1,20121,Milano,IT,,02 111,,",
            "Alfa srl,Via Roma 1,20121,Milano,IT,,02 222,,",
        )
        self.assertEqual(self._counts(record), (1, 0, 0, 0))
        self.assertEqual(self._problems(record), [(3, "alike")])
        self.assertFalse(record.problem_ids.dropped)
        self.assertEqual(self._companies().phone, "02 111")

    def test_they_are_listed_in_two_batches_as_well(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        record = self._load(
            ALFA, "Alfa srl,Via Roma 1,20121,Milano,IT,,02 1,,", "Beta,,,Torino,IT,,,,"
        )
        self.assertEqual((record.companies_created, self._problems(record)), (2, [(3, "alike")]))

    def test_persons_of_one_such_company_are_its_contacts_and_no_problem(self):
        row = "Alfa srl,Via Roma 1,20121,Milano,IT,,,{},CEO"
        record = self._load(row.format("Anna Verdi"), row.format("Ugo Neri"))
        self.assertEqual((record.companies_created, record.contacts_created), (1, 2))
        self.assertFalse(record.problem_ids)

    def test_rows_whose_site_is_many_companies_are_known_by_their_names(self):
        rows = "\n".join(
            f"{name},https://x.example/{name},IT,Milano" for name in ("A1", "B2", "C3")
        )
        record = self._import("name,website,country,city\n" + rows, name_is_enough=True)
        self.assertEqual(self._counts(record), (3, 0, 0, 0))
        self.assertEqual(record.rows_named, 3)
        self.assertFalse(any(self._companies().mapped("website")))

    def test_a_file_of_names_and_towns_needs_the_choice(self):
        text = "name,city,country\nAlfa,Milano,IT"
        with self.assertRaisesRegex(ValidationError, "identifies a company"):
            self._import(text)
        record = self._import(text, name_is_enough=True)
        self.assertEqual(record.companies_created, 1)


@tagged("post_install", "-at_install")
class TestEndOfNamedRows(NamedRowsCase):
    HEADER = "name,street,zip,city,country,status\n"
    ROWS = ("Alfa,Via Roma 1,20121,Milano,IT,{}", "Alfa,Via Verdi 9,20121,Milano,IT,{}")

    def test_of_two_of_one_name_and_place_the_one_in_the_told_street_has_ended(self):
        for told in self.ROWS:
            with self.subTest(told), self.env.cr.savepoint() as savepoint:
                for rows in ("\n".join(self.ROWS).format("", ""), told.format("ceased")):
                    self._import(self.HEADER + rows, name_is_enough=True)
                ended = self._companies().filtered("status")
                self.assertEqual(ended.mapped("street"), [told.split(",")[1]])
                savepoint.rollback()
                self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMergeOfNamedRows(NamedRowsCase):
    def setUp(self):
        super().setUp()
        self._load(ALFA, "Alfa,,10121,Torino,IT,,,,", "Alfa,,20121,Milano,FR,,,,")
        self.unidentified = self._companies()[0]

    def _identified(self):
        return self._companies().filtered("vat")

    def _merge(self, user=None):
        company = self._identified().with_user(user or self.env.user)
        company.with_context(merged_company_id=self.unidentified.id).action_merge_alike()
        self.env.flush_all()

    def test_a_later_row_with_an_identity_is_proposed_and_not_merged(self):
        record = self._load(ALFA_WITH_VAT)
        self.assertEqual(record.companies_created, 1)
        self.assertEqual(self.unidentified.alike_ids, self._identified())
        found = self.env["lead.directory.company"].search([("alike_ids", "!=", False)])
        self.assertEqual(found & self._companies(), self.unidentified)

    def test_it_is_proposed_where_one_spelling_has_a_legal_form_and_the_other_none(self):
        self._load("Bau,,60311,Frankfurt,DE,,,,", "Bau Haftungsbeschränkt,,10115,Berlin,DE,,,,")
        self._load(
            "BAU GmbH,,60311,Frankfurt,DE,DE811907980,,,", "Bau AG,,10115,Berlin,DE,DE136695976,,,"
        )
        found = self._unidentified().filtered(lambda one: one.country_code == "DE").alike_ids
        self.assertEqual(found.mapped("name"), ["BAU GmbH", "Bau AG"])

    def test_a_merged_company_is_found_once_and_knows_what_both_knew(self):
        self._load(ALFA_WITH_VAT)
        self._merge()
        self.assertEqual(self._identified().street, False)
        self.assertEqual(self.unidentified.status, "merged")
        self.assertFalse(self.unidentified.alike_ids or self.unidentified.mark)
        names = [
            one.name for one in self._provider().search(self._query(countries=("IT",))).companies
        ]
        self.assertEqual(sorted(names), ["ALFA SRL", "Alfa"])

    def test_its_file_does_not_bring_a_merged_company_back(self):
        self._load(ALFA_WITH_VAT)
        self._merge()
        record = self._load("Alfa,Via Nuova 3,20121,Milano,IT,,,,")
        self.assertEqual(self._counts(record), (0, 0, 1, 0))
        self.assertEqual(self.unidentified.status, "merged")

    def test_a_file_that_tells_it_to_be_alive_does_not_bring_it_back_either(self):
        self._load(ALFA_WITH_VAT)
        self._merge()
        with_status = HEADER.replace("job title", "job title,status")
        self._import(f"{with_status}{ALFA},active", name_is_enough=True)
        self.assertEqual(self.unidentified.status, "merged")

    def test_undoing_who_told_its_end_before_does_not_bring_it_back(self):
        with_status = HEADER.replace("job title", "job title,status")
        told_its_end = self._import(f"{with_status}{ALFA},ceased", name_is_enough=True)
        self._import(f"{with_status}{ALFA},active", name_is_enough=True)
        self.assertFalse(self.unidentified.status)
        other = self.dataset.copy({"name": "Register"})
        self._load(ALFA_WITH_VAT, dataset=other)
        known = self.env["lead.directory.company"].search([("dataset_id", "=", other.id)])
        known.with_context(merged_company_id=self.unidentified.id).action_merge_alike()
        self.env.flush_all()
        told_its_end.action_undo()
        self.assertEqual(self.unidentified.status, "merged")

    def test_contacts_of_both_are_the_merged_company_s(self):
        self._load("Alfa S.r.l.,Via Roma 1,20121,Milano,IT,,,Ugo Neri,CFO")
        self._load(ALFA_WITH_VAT)
        self._merge()
        names = self._identified().contact_ids.mapped("name")
        self.assertEqual(sorted(names), ["Anna Verdi", "Ugo Neri"])

    def test_only_what_is_proposed_can_be_merged_and_only_by_who_may_delete(self):
        self._load(ALFA_WITH_VAT)
        head = new_test_user(self.env, "head", "sales_team.group_sale_manager")
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._merge(seller)
        elsewhere = self._companies()[1]
        with self.assertRaisesRegex(UserError, "cannot be merged"):
            self._identified().with_context(merged_company_id=elsewhere.id).action_merge_alike()
        self._merge(head)
        self.assertEqual(self.unidentified.status, "merged")

    def test_what_one_company_alone_has_is_not_written_where_others_read_it(self):
        shared = self.dataset.copy({"name": "Register"})
        self.dataset.company_id = self.env.company
        self._load("Alfa S.r.l.,Via Roma 1,20121,Milano,IT,,02 7654321,Ugo Neri,CFO")
        self._load("ALFA SRL,,20121,Milano,IT,IT00743110157,,,", dataset=shared)
        known = self.unidentified.alike_ids
        self.assertEqual(known.dataset_id, shared)
        known.with_context(merged_company_id=self.unidentified.id).action_merge_alike()
        self.env.flush_all()
        self.assertEqual(self.unidentified.status, "merged")
        self.assertFalse(known.phone or known.contact_ids)

    def test_what_all_companies_share_is_not_merged_into_what_one_alone_has(self):
        own = self.dataset.copy({"name": "Own list"})
        own.company_id = self.env.company
        self._load(ALFA_WITH_VAT, dataset=own)
        self.assertFalse(self.unidentified.alike_ids)


@tagged("post_install", "-at_install")
class TestLeadsOfNamedRows(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.active = False
        cls.classPatch(cls.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 1e9)

    def _load(self, *rows, **values):
        dataset = self.env["lead.directory.dataset"].create({"name": values.pop("name", "List")})
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(HEADER + "\n".join(rows))
            file.flush()
            values["name_is_enough"] = True
            self.env["lead.directory.import"]._import_path(dataset, file.name, **values)
        return self.env["lead.directory.company"].search([("dataset_id", "=", dataset.id)])

    def _mine(self):
        return self.mine(country_ids=[(6, 0, self.env.ref("base.it").ids)], lead_number=5)

    def test_a_row_is_delivered_once_and_one_of_another_file_with_what_it_may_be(self):
        self._load(ALFA)
        lead = self._mine().lead_ids
        self.assertTrue(lead.is_unidentified)
        self.assertEqual((lead.partner_name, lead.city), ("Alfa S.r.l.", "Milano"))
        self._load("ALFA srl,Via Roma 1,20121,Milano,IT,,,,", name="Another list")
        second = self._mine()
        self.assertEqual(second.result_ids.mapped("outcome"), ["created"])
        self.assertIn(lead.display_name, second.result_ids.reason)
        self.assertFalse(self._mine().lead_ids)

    def test_a_merge_in_the_directory_keeps_the_lead_from_coming_twice(self):
        unidentified = self._load(ALFA)
        lead = self._mine().lead_ids
        company = self._load(ALFA_WITH_VAT, name="Register")
        company.with_context(merged_company_id=unidentified.id).action_merge_alike()
        self.env.flush_all()
        known = self.env["lead.mining.identity"].search([("key", "=", "vat:IT00743110157")])
        self.assertEqual(known.lead_id, lead)
        self.assertFalse(self._mine().lead_ids)

    def test_a_company_that_is_never_mined_is_left_out_of_files_by_name_and_place(self):
        self._load(ALFA)
        head = new_test_user(self.env, "head", "sales_team.group_sale_manager")
        lead = self._mine().lead_ids.with_user(head)
        lead.with_context(never_mine_globally=True).action_never_mine()
        self.assertFalse(self._load(ALFA, "Alfa,,20121,Milano,IT,,,,", name="Again"))
        self.assertEqual(len(self._load("Alfa,,10121,Torino,IT,,,,", name="Elsewhere")), 1)
