"""Searching a directory of millions, beside DuckDB and ClickHouse on the same rows.

The sample is what the preview of a request asks: how many companies fit, up to where it stops
counting, and some of them, without those that are known. The exact number is that of all living
companies of any countries, states, divisions and bands of sizes. Who is known is marked in the
opponents' rows beforehand; ours looks it up.
"""

import csv
import json
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg2

from benchmarks import _companies
from benchmarks import _registers_files as files
from tools import python_env
from tools.console import Failure

#: One of so many companies was mined before.
KNOWN_SHARE = 50
#: Companies that are in several divisions.
SEVERAL = 0.25
QUESTIONS = 100
CHDB = ("chdb==4.4.0", "chdb-core==26.9.0")

ADD_KNOWN = """
INSERT INTO lead_mining_identity (key)
SELECT identity FROM lead_directory_company
 WHERE registry_id::int %% %s = 0 AND registry_id::int > %s
"""
EXPORT = """
COPY (
    SELECT identity, name, city, country_code, coalesce(state_code, '') AS state_code, industries,
           employees_min, employees_max, (registry_id::int % {share} = 0)::int AS is_known
      FROM lead_directory_company ORDER BY id
) TO STDOUT (FORMAT csv, HEADER)
"""

SCRIPT = """
import json, random, time
from odoo.addons.crm_lead_mining.company.bands import LINKEDIN
from odoo.addons.crm_lead_mining.company.nace import SECTIONS, expand
from odoo.addons.crm_lead_mining.company.types import CompanyQuery
from odoo.addons.crm_lead_mining.models.providers import lead_mining_provider_preview
from odoo.addons.crm_lead_mining.providers.base import COUNT_LIMIT

env["lead.directory.count"]._fold()
env.cr.commit()
draw = random.Random(7)
countries = ["FR", "GB", "DE", "IT", "ES", "BE"]
states = [("DE", "BY"), ("DE", "NW"), ("IT", "MI"), ("IT", "RM"), ("ES", "M"), ("ES", "B")]
divisions = sorted(one for section in SECTIONS.values() for one in section)
codes = divisions + sorted(SECTIONS)
starts = [least for least, most in LINKEDIN.values()]
ends = [most for least, most in LINKEDIN.values() if most]

def sampled():
    return CompanyQuery(
        countries=tuple(draw.sample(countries, draw.choice([1, 1, 2]))),
        industries=tuple(draw.sample(divisions, draw.choice([1, 2, 3]))),
        size_min=draw.choice([1, 2, 5, 10, 50, 100]),
        size_max=draw.choice([200, 500, 1000, 10000]),
    )

def exact():
    least = draw.choice([None, *starts[:4]])
    most = draw.choice([None, *(one for one in ends if one > (least or 0))])
    return CompanyQuery(
        countries=tuple(draw.sample(countries, draw.choice([1, 1, 2, 3, 6]))),
        states=tuple(draw.sample(states, draw.choice([0, 0, 1, 3]))),
        industries=tuple(draw.sample(codes, draw.choice([0, 1, 2, 3, 5]))),
        size_min=least,
        size_max=most,
    )

provider = env["lead.mining.provider"].search([("code", "=", "directory")])

def ask_sample(query):
    lead_mining_provider_preview._previews.clear()
    env.cr.rollback()
    env.invalidate_all()
    start = time.perf_counter()
    preview = provider._previews_of(query)
    elapsed = time.perf_counter() - start
    return elapsed, [min(preview["count"], COUNT_LIMIT + 1), len(preview["sample"])]

def ask_exact(query):
    env.cr.rollback()
    adapter = provider._build_adapter()
    start = time.perf_counter()
    number = adapter.count_living(query)
    return time.perf_counter() - start, [number]

answers = {{}}
for name, draw_one, ask in (("sample", sampled, ask_sample), ("exact", exact, ask_exact)):
    questions = [draw_one() for _number in range({questions})]
    for query in questions:  # warm the caches
        ask(query)
    answers[name] = [
        {{
            "countries": query.countries,
            "states": query.states,
            "industries": expand(query.industries),
            "size_min": query.size_min,
            "size_max": query.size_max,
            "asked": ask(query),
        }}
        for query in questions
    ]
env.cr.execute("SELECT count(*) FROM lead_directory_count")
answers["kept"] = env.cr.fetchone()[0]
answers["limits"] = COUNT_LIMIT + 1, lead_mining_provider_preview.SAMPLE_SIZE
print(json.dumps(answers))
"""


def measure(host, sizes):
    """Return the rows of the table, for each number of companies in turn."""
    rows, known = [], 0
    clickhouse, why_not = _clickhouse()
    with host.database("bench_registers") as database:
        for size in sizes:
            _companies.fill(host, database, size, known=known, several=SEVERAL)
            host.sql(ADD_KNOWN, database=database, parameters=[KNOWN_SHARE, known])
            host.sql("VACUUM ANALYZE lead_mining_identity", database=database)
            known = size
            script = SCRIPT.format(questions=QUESTIONS)
            answers = json.loads(host.shell(database, script).splitlines()[-1])
            with tempfile.TemporaryDirectory(dir=files.folder()) as folder:
                path = _export(host, database, Path(folder))
                others = [("DuckDB", _ask(_Duck(path, Path(folder)), answers))]
                if clickhouse:
                    house = _House(clickhouse, path, Path(folder))
                    others.append(("ClickHouse (chDB)", _ask(house, answers)))
                else:
                    others.append((f"ClickHouse: {why_not}", {}))
            for kind, claim in (("sample", "count and sample"), ("exact", "exact count")):
                ours = _p95([one["asked"][0] for one in answers[kind]])
                rows += [
                    {
                        "claim": f"{claim}, p95",
                        "unit": "ms",
                        "size": size,
                        "ours": ours,
                        "opponent": told.get(kind),
                        "opponent_is": opponent,
                    }
                    for opponent, told in others
                ]
            rows.append(
                {
                    "claim": "rows that hold the exact counts",
                    "unit": "rows",
                    "size": size,
                    "ours": answers["kept"],
                    "opponent": size,
                    "opponent_is": "companies",
                }
            )
    return rows


def _p95(seconds):
    return round(sorted(seconds)[int(len(seconds) * 0.95)] * 1000, 2)


def _export(host, database, folder):
    path = folder / "companies.csv"
    with (
        closing(psycopg2.connect(**host.dsn(database))) as connection,
        path.open("w", encoding="utf-8") as file,
        connection.cursor() as cursor,
    ):
        cursor.copy_expert(EXPORT.format(share=KNOWN_SHARE), file)
    return path


def _ask(opponent, answers):
    """Return kind -> p95 of an opponent's answers, which must be ours."""
    found, limits = {}, answers["limits"]
    with closing(opponent):
        for kind in ("sample", "exact"):
            condition = {json.dumps(one): opponent.condition(one) for one in answers[kind]}
            times = []
            for is_warm in (False, True):
                for one in answers[kind]:
                    where = condition[json.dumps(one)]
                    start = time.perf_counter()
                    if kind == "sample":
                        told = opponent.sample(where, *limits)
                    else:
                        told = opponent.exact(where)
                    elapsed = time.perf_counter() - start
                    assert told == one["asked"][1], (type(opponent), one, told)
                    if is_warm:
                        times.append(elapsed)
            found[kind] = _p95(times)
    return found


class _Opponent:
    """Asks the same by SQL that two databases understand; each says how lists meet."""

    lists_meet = ""

    def rows(self, statement):
        raise NotImplementedError

    def condition(self, asked):
        terms = [f"country_code IN ({_texts(asked['countries'])})"]
        if asked["states"]:
            narrowed = sorted({country for country, _state in asked["states"]})
            places = " OR ".join(
                f"(country_code = '{country}' AND state_code = '{state}')"
                for country, state in asked["states"]
            )
            terms.append(f"(country_code NOT IN ({_texts(narrowed)}) OR {places})")
        if asked["industries"]:
            terms.append(f"{self.lists_meet}(industries, [{_texts(asked['industries'])}])")
        if asked["size_min"] is not None:
            terms.append(f"employees_min >= {asked['size_min']}")
        if asked["size_max"] is not None:
            terms.append(f"employees_max <= {asked['size_max']}")
        return " AND ".join(terms)

    def exact(self, where):
        return [int(self.rows(f"SELECT count(*) FROM company WHERE {where}")[0][0])]

    def sample(self, where, most_counted, most_shown):
        where = f"{where} AND is_known = 0"
        few = f"SELECT 1 AS one FROM company WHERE {where} LIMIT {most_counted}"
        count = self.rows(f"SELECT count(*) FROM ({few}) AS few")
        columns = "name, city, country_code, employees_min"
        sample = self.rows(f"SELECT {columns} FROM company WHERE {where} LIMIT {most_shown}")
        return [int(count[0][0]), len(sample)]


class _Duck(_Opponent):
    lists_meet = "list_has_any"

    def __init__(self, path, folder):
        self._connection = duckdb.connect(str(folder / "duck.db"))
        self._connection.execute("SET threads = 2")
        self._connection.execute(
            "CREATE TABLE company AS SELECT * REPLACE (string_split(industries, ',') AS industries)"
            f" FROM read_csv('{path}', header = true, types = {{'state_code': 'VARCHAR',"
            " 'industries': 'VARCHAR'}, nullstr = 'NULL')"
        )
        self._connection.execute("CHECKPOINT")

    def close(self):
        self._connection.close()

    def rows(self, statement):
        return self._connection.execute(statement).fetchall()


class _House(_Opponent):
    lists_meet = "hasAny"

    def __init__(self, session, path, folder):
        self._session = session.Session(str(folder / "house"))
        self._session.query("CREATE DATABASE bench ENGINE = Atomic")
        self._session.query("USE bench")
        self._session.query(
            "CREATE TABLE company (identity String, name String, city String,"
            " country_code LowCardinality(String), state_code LowCardinality(String),"
            " industries Array(LowCardinality(String)), employees_min Int32, employees_max Int32,"
            " is_known UInt8) ENGINE = MergeTree ORDER BY (country_code, industries)"
        )
        self._session.query(
            "INSERT INTO company SELECT identity, name, city, country_code, state_code,"
            " splitByChar(',', industries), employees_min, employees_max, is_known"
            f" FROM file('{path}', 'CSVWithNames', 'identity String, name String, city String,"
            " country_code String, state_code String, industries String, employees_min Int32,"
            " employees_max Int32, is_known UInt8') SETTINGS max_threads = 2"
        )
        self._session.query("OPTIMIZE TABLE company FINAL")

    def close(self):
        self._session.close()

    def rows(self, statement):
        told = str(self._session.query(f"{statement} SETTINGS max_threads = 2", "CSV"))
        return list(csv.reader(told.splitlines()))


def _texts(values):
    return ", ".join(f"'{value}'" for value in values)


def _clickhouse():
    """Return chDB's sessions, and why they cannot be had if not."""
    try:
        folder = python_env.ensure_target("bench-chdb", *CHDB)
    except Failure as failure:
        return None, str(failure)
    sys.path.append(str(folder))
    try:
        from chdb import session  # noqa: PLC0415  # only here, for this one opponent
    except ImportError as error:
        return None, f"chDB cannot be loaded ({error})"
    return session, ""
