"""The number of companies that do business is exact, whatever has been written."""

from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.types import CompanyQuery
from odoo.addons.crm_lead_mining.providers.base import FILTERS

from ..models import lead_directory_count, lead_directory_import_run
from ..providers.conditions import ALIVE, all_of, anywhere, narrowing
from ..providers.counts import KEPT, STARTS
from .common import DirectoryCase

HEADER = "name,domain,country,state,employees,industry,status"
PLACES = (("FR", ""), ("BE", "VLG"), ("BE", ""), ("US", "CA"), ("US", "NY"))
INDUSTRIES = ("62", "62; 47", "47; 62", "58; 47; J", "J", "G", "")
SIZES = ("", "0", "7", "11-50", "20-49", "5-300", "10001+", "3000")
#: Companies that are written about, so that writes meet each other.
COMPANIES = 12

rows = st.lists(
    st.tuples(
        st.integers(0, COMPANIES - 1),
        st.sampled_from(PLACES),
        st.sampled_from(SIZES),
        st.sampled_from(INDUSTRIES),
        st.sampled_from(("", "", "", "dissolved")),
    ),
    min_size=1,
    max_size=COMPANIES,
    unique_by=lambda row: row[0],
)
numbers = st.integers(0, COMPANIES - 1)
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("import"), rows),
        st.tuples(st.just("import_elsewhere"), rows),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("merge"), st.tuples(numbers, numbers)),
        st.tuples(st.just("undo_merge"), st.none()),
        st.tuples(st.just("edit"), st.tuples(numbers, st.sampled_from(INDUSTRIES))),
        st.tuples(st.just("end"), numbers),
        st.tuples(st.just("delete"), numbers),
        st.tuples(st.just("delete_dataset"), st.none()),
        st.tuples(st.just("fold"), st.none()),
    ),
    min_size=1,
    max_size=6,
)
QUERIES = st.builds(
    CompanyQuery,
    countries=st.sets(st.sampled_from(("FR", "BE", "US"))).map(tuple),
    states=st.sets(st.sampled_from((("US", "CA"), ("US", "NY"), ("BE", "VLG")))).map(tuple),
    industries=st.sets(st.sampled_from(("62", "58", "47", "J", "G"))).map(tuple),
    size_min=st.none() | st.sampled_from(STARTS[:12]),
    size_max=st.none() | st.sampled_from([start - 1 for start in STARTS[1:]]),
)


@tagged("post_install", "-at_install")
class TestCounts(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.dataset.copy({"name": "Another list"})
        cls.head = new_test_user(cls.env, "t_counts", "sales_team.group_sale_manager")

    def company(self, number):
        Company = self.env["lead.directory.company"]
        return Company.search([("domain", "=", f"c{number}.example")], limit=1)

    def load(self, rows, dataset):
        lines = [
            f'C{number},c{number}.example,{country},{state},{size},"{industry}",{status}'
            for number, (country, state), size, industry, status in rows
        ]
        return self._import("\n".join((HEADER, *lines)), dataset)

    # What a user or an import does, by the name of the write.

    def do_import(self, rows):
        self.load(rows, self.dataset)

    def do_import_elsewhere(self, rows):
        if self.other.exists():
            self.load(rows, self.other)

    def do_undo(self, _what):
        newest = self.Import.search(
            [("dataset_id", "=", self.dataset.id), ("state", "in", ("done", "partial"))],
            order="id desc",
            limit=1,
        )
        if newest:
            newest.action_undo()

    def do_merge(self, both):
        kept, merged = map(self.company, both)
        if kept and merged and kept != merged and "merged" not in (kept.status, merged.status):
            merging = self.env["lead.directory.merging"].with_user(self.head)
            merging.create({"first_id": kept.id, "second_id": merged.id}).action_merge()

    def do_undo_merge(self, _what):
        self.env["lead.directory.merge"].search([], limit=1).action_undo()

    def do_edit(self, what):
        number, industries = what
        codes = industries.split("; ")
        self.company(number).write(
            {"industry": codes[0], "industries": ",".join(codes), "employees_min": 3}
        )

    def do_end(self, number):
        self.company(number).write({"status": "insolvent"})

    def do_delete(self, number):
        self.company(number).with_user(self.head).unlink()

    def do_delete_dataset(self, _what):
        self.other.exists().unlink()

    def do_fold(self, _what):
        self.env["lead.directory.count"]._fold()

    def kept(self, query):
        return self._provider().count_living(query)

    def counted(self, query):
        """The same as `kept`, counted."""
        datasets = self.env["lead.directory.dataset"]._usable(self.env.company).ids
        found = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM lead_directory_company AS company"
                " WHERE company.dataset_id = ANY(%s) AND %s AND %s AND %s",
                datasets,
                anywhere(query),
                ALIVE,
                all_of(narrowing(query)),
            )
        )
        return found[0][0]

    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(writes=WRITES, queries=st.lists(QUERIES, min_size=5, max_size=15))
    def test_it_is_what_counting_would_tell_after_any_writes(self, writes, queries):
        with self.env.cr.savepoint() as savepoint:
            for name, what in writes:
                getattr(self, f"do_{name}")(what)
                self.env.flush_all()
                self.env.invalidate_all()
                for query in (CompanyQuery(), *queries):
                    self.assertEqual(self.kept(query), self.counted(query), (name, query))
            self.env["lead.directory.count"]._fold()
            for query in queries:
                self.assertEqual(self.kept(query), self.counted(query), query)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_no_exact_number_is_told_of_what_is_not_kept(self):
        self.load([(1, ("FR", ""), "11-50", "62", "")], self.dataset)
        others = {
            "technologies": ("Odoo",), "no_subsidiaries": True, "reach": ("email",),
            "places": ("Paris",), "words": ("organic",), "legal_form": "SA",
            "revenue_from": "from_2", "dataset": "Synthetic",
        }  # fmt: skip
        self.assertEqual(KEPT | others.keys() | {"founded"}, {*FILTERS})
        self.assertIsNone(self.kept(self._query(founded_min=1990)))
        left_out = {"exclude": frozenset({"domain:a.example"}), "not_called": ("alpha",)}
        for name, value in (others | left_out).items():
            with self.subTest(name):
                self.assertIsNone(self.kept(self._query(**{name: value})))
        for least, most, number in ((11, 50, 1), (11, None, 1), (None, 50, 1), (12, 50, None)):
            with self.subTest(least=least, most=most):
                query = self._query(size_min=least, size_max=most)
                self.assertEqual(self.kept(query), number)

    def test_a_company_in_several_wanted_industries_is_counted_once(self):
        self.load([(1, ("FR", ""), "", "62; 47", ""), (2, ("FR", ""), "", "47", "")], self.dataset)
        wanted = self._query(industries=("62", "47"))
        self.assertEqual(self.kept(wanted), self.counted(wanted))
        self.assertEqual(self.kept(self._query(industries=("G", "J"))), 2)
        self.assertEqual(self.kept(self._query(industries=("62",))), 1)

    def test_what_is_no_sum_of_whole_bands_is_not_told(self):
        self.load([(1, ("FR", ""), "20", "62", "")], self.dataset)
        self.assertEqual(self.kept(self._query(size_min=11, size_max=200)), 1)
        for narrow in (
            {"size_min": 12},
            {"size_max": 123},
            {"technologies": ("Odoo",)},
            {"no_subsidiaries": True},
        ):
            with self.subTest(narrow=narrow):
                self.assertIsNone(self.kept(self._query(**narrow)))

    def test_emptying_the_table_of_companies_leaves_none(self):
        self.load([(1, ("FR", ""), "20", "62", "")], self.dataset)
        self.env.cr.execute("TRUNCATE lead_directory_company CASCADE")
        self.assertEqual(self.kept(self._query()), 0)

    def test_an_import_leaves_one_number_of_each_kind(self):
        for number in range(3):
            self.load([(number, ("FR", ""), "20", "62", "")], self.dataset)
        self.env.cr.execute(
            "SELECT number FROM lead_directory_count WHERE dataset_id = %s", [self.dataset.id]
        )
        # The country and its state, of the industry and of all.
        self.assertEqual([number for (number,) in self.env.cr.fetchall()], [3] * 4)

    def test_who_has_gone_leaves_no_number_behind(self):
        self.load([(1, ("FR", ""), "20", "62; 47", "")], self.other)
        dataset_id = self.other.id
        self.other.unlink()
        self.env["lead.directory.count"]._fold()
        self.env.cr.execute(
            "SELECT count(*) FROM lead_directory_count WHERE dataset_id = %s", [dataset_id]
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_companies_that_were_there_before_the_numbers_are_counted(self):
        self.env.cr.execute("DROP FUNCTION lead_directory_company_count() CASCADE")
        rows = [(1, ("FR", ""), "20", "62; 47", ""), (2, ("FR", ""), "", "62", "")]
        self.load(rows, self.dataset)
        self.assertEqual(self.kept(self._query()), 0)
        for _time in range(2):
            self.env["lead.directory.company"].init()
            self.env["lead.directory.count"].init()
            self.assertEqual(self.kept(self._query()), 2)
            self.assertEqual(self.kept(self._query(industries=("47",))), 1)

    def large(self):
        """Have files of any size be loaded as large ones are, one row a batch."""
        self.patch(lead_directory_import_run, "LARGE_FILE", 1)
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)

    def test_a_large_first_import_is_counted_at_its_end(self):
        self.large()
        during, original = [], lead_directory_import_run.load

        def load(*args, **options):
            loaded = original(*args, **options)
            during.append(self.kept(self._query()))
            return loaded

        rows = [(1, ("FR", ""), "20", "62; 47", ""), (2, ("FR", ""), "", "62", "")]
        with patch.object(lead_directory_import_run, "load", load):
            self.load(rows, self.dataset)
        # No number is better than one that is not true yet.
        self.assertEqual(during, [None, None])
        self.assertEqual(self.kept(self._query()), 2)
        self.assertEqual(self.kept(self._query(industries=("47",))), 1)
        self.env.cr.execute("SELECT count(*), sum(number) FROM lead_directory_count")
        self.assertEqual(self.env.cr.fetchone(), (10, 10), "nothing is left to be added up")
        # From now on each statement notes what it changes again.
        self.do_end(1)
        self.env.flush_all()
        self.assertEqual(self.kept(self._query()), 1)
        self.load([(3, ("FR", ""), "", "62", "")], self.dataset)
        self.assertEqual(self.kept(self._query()), 2)

    def test_a_large_first_import_that_nobody_finishes_is_counted_all_the_same(self):
        for name, finish in (
            ("cron", self.Import._cron_import),
            ("update", self.env["lead.directory.count"].init),
        ):
            with self.subTest(by=name), self.env.cr.savepoint() as savepoint:
                self.assertTrue(self.env["lead.directory.company"]._prepare_bulk_load())
                with patch.object(self.registry["lead.directory.company"], "_complete_bulk_load"):
                    self.load([(1, ("FR", ""), "20", "62; 47", "")], self.dataset)
                self.assertIsNone(self.kept(self._query()))
                finish()
                self.assertEqual(self.kept(self._query()), 1)
                savepoint.rollback()

    def test_an_import_goes_on_where_somebody_else_adds_up(self):
        for code in ("40001", "40P01"):  # a serialization failure, a deadlock
            with self.subTest(code=code):
                statement = SQL("DO %s", f"BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END")
                with patch.object(lead_directory_count, "folded", lambda _ids, one=statement: one):
                    self.load([(1, ("FR", ""), "20", "62", "")], self.dataset)
                self.assertEqual(self.kept(self._query()), 1)
