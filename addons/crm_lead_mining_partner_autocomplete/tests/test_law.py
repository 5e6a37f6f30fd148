"""Nothing protected, ceased, insolvent or personal becomes a lead or a charge, by any way in.

Companies whose numbers are by chance are told by every open register, and by a file by hand, to
have ended; then everybody offers them.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_lead_directory.registers.recipes import RECIPES
from odoo.addons.crm_lead_enrichment.tests.common import EnrichmentCase, PaidProvider
from odoo.addons.crm_lead_mining.company.status import STATUSES
from odoo.addons.crm_lead_mining.company.types import Contact

from .registers import ALIVE, ENDED, PERSONS, REGISTERS, WITHOUT_PERSONS, subjects, write

HEADER = "name,register,registration number,lei,domain,country,status"


class LawCase(EnrichmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.mining.provider"].search([("completes", "=", True)]).completes = False
        cls.classPatch(
            cls.registry["ir.cron"], "_commit_progress", lambda *_args, **_kwargs: float("inf")
        )
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.directory = (
            cls.env["lead.mining.provider"]
            .with_context(active_test=False)
            .search([("code", "=", "directory")])
        )
        cls.Import = cls.env["lead.directory.import"]
        cls.subjects = subjects(seed=cls.seed)
        cls.ended = [one for one in cls.subjects if one.kind in STATUSES]
        cls.countries = cls.env["res.country"].search(
            [("code", "in", [one.company.country_code for one in cls.subjects])]
        )

    seed = 1

    def dataset(self, name):
        return self.env["lead.directory.dataset"].create({"name": name})

    def by_hand(self, dataset, rows):
        """Import (subject, status) as a file that somebody has made."""
        lines = [
            ",".join((one.name, one.registry, one.registry_id, one.lei, one.domain,
                      one.country_code, status))
            for one, status in ((subject.company, status) for subject, status in rows)
        ]  # fmt: skip
        path = self.folder / "by_hand.csv"
        path.write_text("\n".join((HEADER, *lines)), "utf-8")
        record = self.Import._import_path(dataset, str(path))
        self.assertEqual((record.state, record.rows_dropped), ("done", 0), record.failure)
        return record

    def by_register(self, code, of):
        """Import companies of a register into a dataset of its own."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        write(folder, code, of)
        record = self.Import._import_path(
            self.dataset(RECIPES[code].title), str(folder), recipe=code
        )
        self.assertEqual((record.state, record.rows_dropped), ("done", 0), record.failure)
        return record

    def all_registers(self, of):
        return [
            self.by_register(code, own)
            for code in REGISTERS
            if (own := [one for one in of if one.code == code])
        ]

    def mine_all(self, provider, **values):
        return self.mine(
            lead_number=len(self.subjects) + 1,
            country_ids=[Command.set(self.countries.ids)],
            provider_id=provider.id,
            **values,
        )

    def use_directory(self):
        self.directory.write({"active": True, "sequence": 0})


@tagged("post_install", "-at_install")
class TestLaw(LawCase):
    def setUp(self):
        super().setUp()
        self.all_registers(self.subjects)
        self.companies = [
            replace(one, contacts=(Contact("Anna Muster", email=f"anna@{one.domain}"),))
            for one in (subject.company for subject in self.ended)
        ]
        self.alive = next(one.company for one in self.subjects if one.kind == "alive")

    def test_every_register_is_tried_with_all_that_it_tells(self):
        self.assertEqual(ALIVE.keys(), REGISTERS.keys())
        self.assertEqual(ENDED.keys(), REGISTERS.keys())
        self.assertEqual(PERSONS.keys() | WITHOUT_PERSONS, REGISTERS.keys())

    def test_registers_have_who_is_alive_and_keep_of_the_others_what_keeps_them_away(self):
        found = {
            company.identity: company.dataset_id.name
            for company in self.env["lead.directory.company"].search([])
            if company.dataset_id.name in {one.title for one in RECIPES.values()}
        }
        told = {row.key: row.status for row in self.env["lead.directory.ended"].search([])}
        for one in self.subjects:
            company = one.company
            key = f"reg:{company.registry}:{company.registry_id}"
            key = f"lei:{company.lei}" if company.lei else key
            with self.subTest(one.code, kind=one.kind):
                self.assertEqual(key in found, one.kind == "alive")
                self.assertEqual(told.get(key, ""), one.kind if one in self.ended else "")

    def test_no_provider_s_answer_becomes_a_lead_or_a_charge_and_each_reason_is_told(self):
        self.provide(*self.companies, self.alive)
        request = self.mine_all(self.provider)
        self.assertEqual(request.lead_ids.mapped("partner_name"), [self.alive.name])
        self.assertPaid(request.lead_ids.mining_result_ids.credits)
        reasons = {
            result.name: result.reason
            for result in request.result_ids
            if result.outcome == "skipped"
        }
        self.assertEqual(reasons.keys(), {one.company.name for one in self.ended})
        for one in self.ended:
            reason = reasons[one.company.name]
            self.assertIn(f"Told by “{RECIPES[one.code].title}”.", reason)
            if one.kind == "protected":
                self.assertRegex(reason, "article R123-232-1|Reklamspärr")

    def test_no_contact_is_bought_for_a_lead_that_has_ended_since(self):
        Lead = self.env["crm.lead"].with_user(self.salesperson)
        leads = Lead.create([{"name": one.name, "website": one.website} for one in self.companies])
        self.provide(*self.companies)
        request = self.mine_all(
            self.provider, target="contacts", contact_number=1, known_policy="update"
        )
        self.assertEqual((request.created_count, request.updated_count), (0, 0))
        self.assertFalse(leads.sudo().mining_contact_ids)
        self.assertPaid(0)

    def test_no_sample_shows_them(self):
        self.provide(*self.companies)
        preview = self.env["lead.mining.request"].get_preview(
            {"country_ids": self.countries.ids, "lead_number": 5, "provider_id": self.provider.id}
        )
        self.assertEqual(preview["sample"], [])

    def test_no_other_dataset_finds_them_and_the_preview_counts_as_many_as_are_delivered(self):
        self.use_directory()
        self.by_hand(self.dataset("By hand"), [(one, "") for one in self.ended])
        alive = {one.code for one in self.subjects if one.kind == "alive"}
        query = self.request(country_ids=[Command.set(self.countries.ids)])._to_query()
        self.assertEqual(self.directory._build_adapter().count(query), len(alive))
        request = self.mine_all(self.directory)
        self.assertEqual(request.created_count, len(alive))
        self.assertFalse(
            set(request.lead_ids.mapped("partner_name")) & {one.name for one in self.companies}
        )

    def test_nobody_completes_enriches_or_suggests_them(self):
        self.by_hand(self.dataset("By hand"), [(one, "") for one in self.ended])
        self.knows(*self.companies)
        for one in self.companies:
            with self.subTest(one.name):
                Partner = self.env["res.partner"].with_user(self.salesperson)
                self.assertFalse(Partner.autocomplete_by_name(one.name, 0))
                key = f"reg:{one.registry}:{one.registry_id}" if one.registry else f"lei:{one.lei}"
                self.assertTrue(Partner.enrich_by_duns(key)["error"])
                self.assertTrue(Partner.enrich_by_domain(one.domain)["error"])
        answers = self.env["iap.enrich.api"]._request_enrich(
            {str(place): one.domain for place, one in enumerate(self.companies)}
        )
        self.assertFalse(any(answers.values()), answers)
        leads = self.env["crm.lead"].create(
            [{"name": one.domain, "email_from": f"info@{one.domain}"} for one in self.companies]
        )
        numbered = self.env["crm.lead"].create(
            [
                {
                    "name": one.name, "website": f"https://other-{one.domain}",
                    "company_register": one.registry, "company_registry_id": one.registry_id,
                    "company_lei": one.lei,
                }
                for one in self.companies
            ]
        )  # fmt: skip
        PaidProvider.asked.clear()
        numbered._queue_enrichment()
        self.work()
        self.assertEqual(PaidProvider.asked, [], "nobody is asked about who is known to have ended")
        leads._enrich(())
        self.work()
        self.assertFalse(leads.filtered("partner_name"))
        self.assertNotIn("done", self.attempts(leads | numbered).mapped("state"))
        self.assertPaid(0)

    def test_stock_s_own_mining_gets_none_of_them(self):
        self.provide(*self.companies)
        request = self.env["crm.iap.lead.mining.request"].create(
            {"lead_number": 30, "country_ids": [Command.set(self.countries.ids)]}
        )
        request.action_submit()
        self.assertFalse(request.lead_ids)
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.assertPaid(0)


@tagged("post_install", "-at_install")
class TestLawOfAFile(LawCase):
    """A file by hand tells the end of companies that registers have."""

    seed = 2

    def test_no_register_finds_who_has_ended_in_a_file(self):
        alive = [one for one in self.subjects if one.kind == "alive"]
        self.all_registers(alive)
        for status in ("dissolved", "bankrupt", "do not contact"):
            with self.subTest(status), self.env.cr.savepoint() as savepoint:
                self.by_hand(self.dataset("By hand"), [(one, status) for one in alive])
                self.use_directory()
                request = self.mine_all(self.directory)
                self.assertEqual(request.created_count, 0)
                self.assertPaid(0)
                savepoint.rollback()
                self.env.invalidate_all()
