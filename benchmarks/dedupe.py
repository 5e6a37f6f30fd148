"""What a mined lead costs when few and when many companies are known already.

Known are companies mined before, leads made by hand, and contacts, a third each. The directory has
twice the companies that are asked for, and every second one is known in one of the three ways.
The opponent is the same run with 1,000 known companies.
"""

import json
import os

LEADS = 200
FEW = 1_000
MANY = 200_000
#: Each side's best of so many turns, taken alternately.
TURNS = 3

# The known ones have the numbers from 1; those with an N are new.
COMPANIES = """
WITH dataset AS (
    INSERT INTO lead_directory_dataset (name, active, sequence) VALUES ('Synthetic', true, 10)
    RETURNING id
)
INSERT INTO lead_directory_company (
    dataset_id, identity, name, registry, registry_id, domain, website, country_code,
    industry, industries, employees, employees_min, employees_max)
SELECT id, 'reg:XX-TEST:' || number, 'Synthetic ' || number, 'XX-TEST', number,
       'synthetic' || lower(number) || '.example',
       'https://www.synthetic' || lower(number) || '.example',
       'BE', '62', '62', 50, 50, 50
  FROM dataset, generate_series(1, %s) AS position,
       LATERAL (VALUES (position::text), ('N' || position)) AS numbers (number)
"""
MINED = """
INSERT INTO lead_mining_identity (key)
SELECT key FROM generate_series(1, %s) AS number,
       LATERAL (VALUES ('reg:XX-TEST:' || number), ('domain:synthetic' || number || '.example'))
            AS keys (key)
 WHERE number %% 3 = 0
"""
ON_LEADS = """
INSERT INTO crm_lead (name, type, active, website, identity_domain)
SELECT 'Known ' || number, 'lead', true, 'https://synthetic' || number || '.example',
       'synthetic' || number || '.example'
  FROM generate_series(1, %s) AS number WHERE number %% 3 = 1
"""
ON_CONTACTS = """
INSERT INTO res_partner (
    name, complete_name, active, is_company, autopost_bills, website, identity_domain, identity_vat)
SELECT 'Known ' || number, 'Known ' || number, true, true, 'ask',
       'https://synthetic' || number || '.example', 'synthetic' || number || '.example', ''
  FROM generate_series(1, %s) AS number WHERE number %% 3 = 2
"""

SCRIPT = """
import json, time
from odoo import sql_db
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust({leads} - account.credits_available, reason="Benchmark", idempotency_key="bench")
env.cr.commit()
request = env["lead.mining.request"].create({{
    "lead_number": {leads}, "country_ids": [(6, 0, env.ref("base.be").ids)]}})
request.action_generate()
env.cr.commit()
env.invalidate_all()
statements, start = sql_db.sql_counter, time.perf_counter()
env["lead.mining.worker"]._run_lane()
env.cr.commit()
seconds, statements = time.perf_counter() - start, sql_db.sql_counter - statements
run = request.run_id
print(json.dumps([seconds, statements, run.created_count, run.duplicate_count]))
"""


def run(host):
    """Compare `OPEN_CRM_BENCH_ROWS` known companies with 1,000."""
    many = int(os.environ.get("OPEN_CRM_BENCH_ROWS") or MANY)
    turns = [(_mine(host, FEW), _mine(host, many)) for _turn in range(TURNS)]
    few, ours = (tuple(map(min, *side)) for side in zip(*turns, strict=True))
    return [
        {
            "claim": "a mined lead among known companies",
            "unit": unit,
            "size": many,
            "ours": mine / LEADS * factor,
            "opponent": theirs / LEADS * factor,
            "opponent_is": f"{FEW} known companies",
        }
        for unit, factor, mine, theirs in zip(
            ("ms", "SQL statements"), (1000, 1), ours, few, strict=True
        )
    ]


def _mine(host, known):
    """Return (seconds, SQL statements) of a request, which meets as many known as new companies."""
    with host.database("bench_dedupe") as database:
        for statement in (MINED, ON_LEADS, ON_CONTACTS):
            host.sql(statement, database=database, parameters=[known])
        host.sql(COMPANIES, database=database, parameters=[LEADS])
        host.sql("VACUUM ANALYZE", database=database)
        output = host.shell(database, SCRIPT.format(leads=LEADS))
    seconds, statements, created, duplicates = json.loads(output.splitlines()[-1])
    assert created == LEADS and duplicates, f"{created} leads, {duplicates} known companies"
    return seconds, statements
