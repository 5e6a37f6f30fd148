"""The preview of a request: the count and the masked sample, on a directory of millions.

First the count and the sample as the providers give them, masked and without whom nobody may mine;
then the whole answer that the form waits for, with price, balance and budgets. Each question has
three filters (countries, industries, size) and is another one, so that nothing is remembered. The
opponent of both is the best SQL that we could write by hand for the same count and sample, on the
same indexes, by plain psycopg2 in the same process, question by question, each first in turn.
"""

import json
import os

from benchmarks import _companies

ROWS = 200_000
#: One of so many companies was mined before.
KNOWN_SHARE = 50
QUESTIONS = 120

ADD_KNOWN = """
INSERT INTO lead_mining_identity (key)
SELECT identity FROM lead_directory_company WHERE id %% %s = 0
 UNION ALL
SELECT 'domain:' || domain FROM lead_directory_company WHERE id %% %s = 0 AND domain IS NOT NULL
"""

# The count stops where the preview does: "more than 2,000".
SCRIPT = """
import json, random, time
import psycopg2
from odoo.addons.crm_lead_mining.models.providers import lead_mining_provider_preview
from odoo.addons.crm_lead_mining.providers.base import COUNT_LIMIT

COUNT = '''
SELECT count(*) FROM (
    SELECT FROM lead_directory_company c
     WHERE country_code = ANY(%(countries)s) AND industry = ANY(%(industries)s)
       AND employees_min >= %(size_min)s AND employees_max <= %(size_max)s
       AND NOT EXISTS (
           SELECT FROM lead_mining_identity k
            WHERE k.key = ANY(ARRAY[c.identity, 'domain:' || c.domain, 'vat:' || c.vat,
                                    'lei:' || c.lei]))
     LIMIT %(limit)s) matches
'''
SAMPLE = COUNT.replace("SELECT count(*)", "SELECT *").replace(
    "SELECT FROM lead_directory_company", "SELECT * FROM lead_directory_company", 1)

draw = random.Random(7)
countries = env["res.country"].search([("code", "in", ["FR", "GB", "DE", "IT", "ES", "BE"])])
divisions = env["lead.mining.industry"].search([]).filtered(lambda one: one.code.isdigit())
team = env["crm.team"].search([], limit=1)
questions = [
    {{
        "country_ids": draw.sample(countries.ids, draw.choice([1, 1, 2])),
        "industry_ids": draw.sample(divisions.ids, draw.choice([1, 2, 3])),
        "filter_on_size": True,
        "size_min": draw.choice([1, 2, 5, 10, 50, 100]),
        "size_max": draw.choice([200, 500, 1000, 10000]),
        "lead_number": 20,
        "team_id": team.id,
    }}
    for _number in range({questions})
]
env["iap.account"]._get_local("reveal")
env.cr.commit()
plain = psycopg2.connect(**env.cr._cnx.get_dsn_parameters())
plain.autocommit = True
cursor = plain.cursor()
cursor.execute("SET jit = off")

def forget():
    lead_mining_provider_preview._previews.clear()
    env.cr.rollback()
    env.invalidate_all()

def whole(question):
    forget()
    start = time.perf_counter()
    preview = env["lead.mining.request"].get_preview(question)
    return time.perf_counter() - start, preview["count"], len(preview["sample"])

def ours(question):
    forget()
    request = env["lead.mining.request"].new(question)
    query, providers = request._to_query(), request._providers()
    start = time.perf_counter()
    preview = providers._previews_of(query)
    elapsed = time.perf_counter() - start
    return elapsed, min(preview["count"], COUNT_LIMIT), len(preview["sample"])

def opponent(question):
    request = env["lead.mining.request"].new(question)
    query = request._to_query()
    values = {{
        "countries": list(query.countries), "industries": list(query.industries),
        "size_min": query.size_min, "size_max": query.size_max,
    }}
    start = time.perf_counter()
    cursor.execute(COUNT, values | {{"limit": COUNT_LIMIT + 1}})
    count = cursor.fetchone()[0]
    cursor.execute(SAMPLE, values | {{"limit": lead_mining_provider_preview.SAMPLE_SIZE}})
    sample = cursor.fetchall()
    elapsed = time.perf_counter() - start
    return elapsed, min(count, COUNT_LIMIT), len(sample)

def p95(seconds):
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000

def ask(number, question):
    # In turns, as who comes later finds the pages in PostgreSQL's buffers.
    three = [ours, whole, opponent]
    turn = number % 3
    answers = {{asked: asked(question) for asked in three[turn:] + three[:turn]}}
    return [answers[asked] for asked in three]

for number, question in enumerate(questions):  # warm the caches
    ask(number, question)
answers = [ask(number, question) for number, question in enumerate(questions)]
assert all(len({{answer[1:] for answer in three}}) == 1 for three in answers), answers
print(json.dumps([p95([answer[0] for answer in one]) for one in zip(*answers)]))
"""


def run(host):
    """Measure on `OPEN_CRM_BENCH_ROWS` companies."""
    size = int(os.environ.get("OPEN_CRM_BENCH_ROWS") or ROWS)
    with host.database("bench_directory") as database:
        _companies.fill(host, database, size)
        host.sql(ADD_KNOWN, database=database, parameters=[KNOWN_SHARE, KNOWN_SHARE])
        host.sql("VACUUM ANALYZE lead_mining_identity", database=database)
        output = host.shell(database, SCRIPT.format(questions=QUESTIONS))
    ours, whole, opponent = json.loads(output.splitlines()[-1])
    return [
        {
            "claim": claim,
            "unit": "ms",
            "size": size,
            "ours": round(milliseconds, 1),
            "opponent": round(opponent, 1),
            "opponent_is": "the best SQL by hand on the same indexes",
        }
        for claim, milliseconds in (
            ("preview, count and sample, three filters, p95", ours),
            ("the form's whole answer, p95", whole),
        )
    ]
