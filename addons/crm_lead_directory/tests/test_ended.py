"""Who has ceased, is insolvent or protected in one dataset is found in no other one."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.status import STATUSES
from odoo.addons.crm_lead_mining.company.types import Company, Contact, Provenance

from ..importer import ended
from .common import DirectoryCase

SIREN, VAT = "552100554", "FR96552100554"
SOURCE = Provenance("synthetic")


class EndedCase(DirectoryCase):
    HEADER = "name,register,registration number,lei,vat,domain,country,status"

    def _with_status(self, *rows, dataset=None):
        return self._import("\n".join((self.HEADER, *rows)), dataset)

    def _ended(self, dataset=None):
        """Return key -> (status, whose it is) of a dataset."""
        self.env["lead.directory.ended"].invalidate_model()  # imports write with SQL
        rows = self.env["lead.directory.ended"].search(
            [("dataset_id", "=", (dataset or self.dataset).id)]
        )
        return {row.key: (row.status, row.of_identity or "") for row in rows}


@tagged("post_install", "-at_install")
class TestEndedKept(EndedCase):
    def test_users_are_told_each_status_that_keeps_a_company_away(self):
        told = dict(self.env["lead.directory.ended"]._fields["status"].selection)
        self.assertEqual(set(told), set(STATUSES))

    def test_who_has_ended_is_kept_by_all_keys_whether_the_directory_has_the_company_or_not(self):
        self._with_status(
            "Known,FR-SIRENE,552 100 554,,,known.example,FR,",
            f"By VAT,,,,{VAT},,FR,insolvent",
            "Unknown,FR-SIRENE,542 065 479,,,unknown.example,FR,ceased",
        )
        self._with_status("Known,FR-SIRENE,552 100 554,,,known.example,FR,no advertising")
        self.assertEqual(
            self._ended(),
            {
                f"reg:FR-SIRENE:{SIREN}": ("protected", ""),
                "domain:known.example": ("protected", f"reg:FR-SIRENE:{SIREN}"),
                f"vat:{VAT}": ("insolvent", ""),
                "reg:FR-SIRENE:542065479": ("ceased", ""),
                "domain:unknown.example": ("ceased", "reg:FR-SIRENE:542065479"),
            },
        )

    def test_a_later_edition_that_tells_a_company_to_be_alive_takes_all_its_keys_away(self):
        row = f"A,FR-SIRENE,{SIREN},,{VAT},a.example,FR,"
        self._with_status(row + "ceased")
        self.assertEqual(len(self._ended()), 3)
        self._import("name,register,registration number,country\nA,FR-SIRENE,552100554,FR")
        self.assertEqual(len(self._ended()), 3, "a file without a status revives nobody")
        self._with_status(row)
        self.assertEqual(self._ended(), {})

    def test_a_file_about_others_does_not_revive_who_ended_before_it_was_known(self):
        self._with_status(f"A,FR-SIRENE,{SIREN},,,,FR,no advertising")
        self._import(f"name,register,registration number,country\nA,FR-SIRENE,{SIREN},FR")
        told = self._ended()
        self._with_status("Other,FR-SIRENE,404833048,,,,FR,")
        self.assertEqual(self._ended(), told)
        self._with_status(f"A,FR-SIRENE,{SIREN},,,,FR,")
        self.assertEqual(self._ended(), {})

    def test_a_closed_branch_does_not_end_a_company_that_the_file_tells_to_be_alive(self):
        alive, closed = (f"A,FR-SIRENE,{SIREN},,,,FR,{status}" for status in ("", "closed"))
        for rows in ((alive, closed), (closed, alive)):
            self._with_status(*rows)
            self.assertEqual(self._ended(), {})

    def test_a_status_that_changes_is_kept_as_it_is_now(self):
        for status in ("insolvent", "ceased"):
            self._with_status(f"A,FR-SIRENE,{SIREN},,,,FR,{status}")
            self.assertEqual(self._ended(), {f"reg:FR-SIRENE:{SIREN}": (status, "")})

    def test_companies_that_are_marked_in_the_directory_are_kept_by_the_same_keys(self):
        rows = (
            f"A,FR-SIRENE,{SIREN},,,a.example,FR,{{}}",
            "B,,,529900T8BM49AURSDO55,FR83404833048,b.example,FR,{}",
        )
        self._with_status(*(row.format("ceased") for row in rows))
        told = self._ended()
        self.assertEqual(len(told), 6)
        self._with_status(*(row.format("") for row in rows))
        self.assertEqual(self._ended(), {})
        company = self.env["lead.directory.company"].search([("dataset_id", "=", self.dataset.id)])
        company.status = "ceased"
        company.flush_recordset()
        ended.record_marked(self.env.cr, self.dataset.id, SQL("company.id = ANY(%s)", company.ids))
        self.assertEqual(self._ended(), told)

    def test_undoing_an_import_takes_away_what_it_told_and_not_what_was_told_before(self):
        told = {
            number: (f"A,FR-SIRENE,{number},,,,FR,ceased", f"reg:FR-SIRENE:{number}")
            for number in (SIREN, "404833048")
        }
        first, second = (self._with_status(row) for row, _key in told.values())
        with self.assertRaisesRegex(UserError, "Undo the later imports"):
            first.action_undo()
        second.action_undo()
        self.assertEqual(self._ended(), {told[SIREN][1]: ("ceased", "")})
        first.action_undo()
        self.assertEqual(self._ended(), {})

    def test_the_planner_knows_how_many_have_ended_before_the_first_search(self):
        """Else each company that is searched is compared with all that have ended."""
        self._with_status(
            *(f"A{number},,,,,a{number}.example,FR,ceased" for number in range(100, 121))
        )
        counts = "SELECT (SELECT count(*) FROM lead_directory_ended), reltuples FROM pg_class"
        self.env.cr.execute(f"{counts} WHERE relname = 'lead_directory_ended'")
        count, estimate = self.env.cr.fetchone()
        self.assertEqual(estimate, count)

    def test_what_a_dataset_tells_goes_with_it(self):
        self._with_status(f"A,FR-SIRENE,{SIREN},,,,FR,ceased")
        self.dataset.unlink()
        self.assertFalse(self.env["lead.directory.ended"].search([("key", "like", SIREN)]))


@tagged("post_install", "-at_install")
class TestEndedElsewhere(EndedCase):
    """One dataset tells the end, another one has the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["lead.directory.dataset"].create({"name": "Another source"})

    def _found(self, **values):
        """Return the names that are found, having compared all ways of the provider."""
        provider, query = self._provider(), self._query(**values)
        names = sorted(company.name for company in provider.search(query).companies)
        shuffled = provider.search(self._query(order="shuffled", **values)).companies
        self.assertEqual(sorted(company.name for company in shuffled), names)
        self.assertEqual(provider.count(query), len(names))
        return names

    def test_who_has_ended_is_found_in_no_dataset_by_whatever_key_it_is_known_there(self):
        self._with_status(
            f"A,FR-SIRENE,{SIREN},529900T8BM49AURSDO55,,a.example,FR,ceased",
            ",FR-SIRENE,404833048,,,,FR,do not contact",
            "C,,,,FR82542065479,,FR,insolvent",
        )
        cases = {
            "number": f"A,FR-SIRENE,{SIREN},,,,FR,",
            "LEI": "A,,,529900T8BM49AURSDO55,,,FR,",
            "domain": "A,,,,,a.example,FR,",
            "number within the VAT number": "B,,,,FR83404833048,,FR,",
            "number that the register's VAT number holds": "C,FR-SIRENE,542065479,,,,FR,",
        }
        for case, row in cases.items():
            with self.subTest(case), self.env.cr.savepoint() as savepoint:
                self._with_status(row, "Alive,,,,,alive.example,FR,", dataset=self.other)
                self.assertEqual(self._found(), ["Alive"])
                savepoint.rollback()

    def test_a_company_with_another_number_is_not_taken_for_the_one_whose_site_it_shares(self):
        self._with_status(f"Subsidiary,FR-SIRENE,{SIREN},,,group.example,FR,insolvent")
        self._with_status("Parent,FR-SIRENE,404833048,,,group.example,FR,", dataset=self.other)
        self.assertEqual(self._found(), ["Parent"])

    def test_a_site_is_not_dead_while_the_dataset_knows_somebody_alive_of_it(self):
        self._with_status(
            f"Subsidiary,FR-SIRENE,{SIREN},,,group.example,FR,insolvent",
            "Parent,FR-SIRENE,404833048,,,group.example,FR,",
        )
        self._with_status("By site,,,,,group.example,FR,", dataset=self.other)
        self.assertEqual(self._found(), ["By site", "Parent"])

    def test_a_number_is_answered_about_by_no_dataset_and_its_status_is_told(self):
        self._with_status(f"A,FR-SIRENE,{SIREN},,,a.example,FR,ceased")
        self._with_status(f"A,FR-SIRENE,{SIREN},,,a.example,FR,", dataset=self.other)
        provider = self._provider()
        for asked in ({"registry_id": f"FR-SIRENE:{SIREN}"}, {"domain": "a.example"}):
            self.assertIsNone(provider.enrich(**asked))
            self.assertEqual(provider.status_of(**asked), "ceased")
        self.assertIsNone(provider.find(f"reg:FR-SIRENE:{SIREN}"))

    def test_a_company_s_own_dataset_binds_that_company_only_and_an_archived_one_still_binds(self):
        ours, theirs = self.env.company, self.env["res.company"].create({"name": "Second"})
        self._with_status(f"A,FR-SIRENE,{SIREN},,,,FR,ceased")
        self._with_status(f"A,FR-SIRENE,{SIREN},,,,FR,", dataset=self.other)
        Dataset = self.env["lead.directory.dataset"]
        for owner, bound in ((ours, [ours]), (theirs, [theirs]), (False, [ours, theirs])):
            for active in (True, False):
                self.dataset.write({"company_id": owner and owner.id, "active": active})
                for company in (ours, theirs):
                    found = Dataset._directory_provider(company).search(self._query()).companies
                    self.assertEqual(bool(found), company not in bound, (owner, company, active))

    def test_the_gate_asks_for_the_company_that_the_data_come_to(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.dataset.company_id = self.env.company
        self._with_status(f"A,FR-SIRENE,{SIREN},,,a.example,FR,no advertising")
        Suppression = self.env["lead.mining.suppression"]
        for company in (
            Company("A", registry="FR-SIRENE", registry_id=SIREN),
            Company("A", vat=VAT), Company("Other name", website="https://www.a.example/x"),
        ):  # fmt: skip
            [kind] = Suppression._refusals([company], self.env.company)
            sentence = Suppression._refusal_sentence(kind)
            self.assertRegex(sentence, "R123-232-1.*Told by “Test register”")
            self.assertEqual(Suppression._refusals([company], second), [""])
            self.assertEqual(Suppression._refusals([company], self.env["res.company"]), [""])

    def test_the_gate_asks_for_who_may_not_read_the_datasets(self):
        user = new_test_user(self.env, "reader", groups="base.group_user")
        self._with_status(f"A,FR-SIRENE,{SIREN},,,a.example,FR,no advertising")
        with self.assertRaises(AccessError):
            self.dataset.with_user(user).check_access("read")
        Suppression = self.env["lead.mining.suppression"].with_user(user)
        [kind] = Suppression._refusals([Company("A", vat=VAT)], self.env.company)
        self.assertIn("Told by “Test register”", Suppression._refusal_sentence(kind))

    def test_no_contact_is_made_of_a_person_of_a_company_that_is_protected_by_now(self):
        for status, kept_away in (("no advertising", True), ("ceased", False)):
            with self.subTest(status), self.env.cr.savepoint() as savepoint:
                lead = self.env["crm.lead"].create({"name": "A", "website": "https://a.example"})
                lead._add_mined_contacts([Contact("Anna Muster", email="anna@a.example")], SOURCE)
                self._with_status(f"A,FR-SIRENE,{SIREN},,,a.example,FR,{status}")
                told = lead.mining_contact_ids.action_create_partner()
                self.assertEqual(not lead.mining_contact_ids.partner_id, kept_away)
                self.assertEqual("Anna Muster" in str(told), kept_away)
                savepoint.rollback()
                self.env.invalidate_all()
