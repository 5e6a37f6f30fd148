"""The import of a companies file, beside PostgreSQL's own COPY of the finished rows.

Ours reads the CSV file, converts and checks every cell, recognises companies by identity and keeps
the indexes up to date, batch by batch. The opponent gets the finished rows of the same import in
PostgreSQL's own format and only stores them: COPY into a table without indexes, then the same
indexes. The memory is the most that the process ever had, compared with a file of 10,000 rows.
"""

import json
import os
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2

ROWS = 200_000
SMALL = 10_000
#: Companies of a register, in the order that their numbers were given.
HEADER = (
    "company number,name,country,website,street,city,zip,phone,email,employees,industry,founded\n"
)
DIVISIONS = ("62", "41", "47", "10", "25", "28", "46", "49", "56", "68", "69", "70", "71", "86")

SCRIPT = """
import json, resource, time
dataset = env["lead.directory.dataset"].create({{"name": "Register"}})
env.cr.commit()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
record = env["lead.directory.import"]._import_path(dataset, {path!r}, registry="XX-TEST")
env.cr.commit()
seconds = time.perf_counter() - start
assert (record.state, record.companies_created) == ("done", {rows}), record.read()
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""

# An index of the same definition; its name and whether it belongs to a constraint say nothing.
INDEXES = """
SELECT regexp_replace(pg_get_indexdef(indexrelid), 'INDEX \\S+ ON \\S+', 'INDEX ON raw_company')
  FROM pg_index WHERE indrelid = 'lead_directory_company'::regclass
"""


def run(host):
    """Import `OPEN_CRM_BENCH_ROWS` rows and, for the memory, 10,000."""
    size = int(os.environ.get("OPEN_CRM_BENCH_ROWS") or ROWS)
    with tempfile.TemporaryDirectory() as folder:
        with host.database("bench_import") as database:
            _seconds, small_memory = _import(host, database, folder, SMALL)
        with host.database("bench_import") as database:
            seconds, memory = _import(host, database, folder, size)
            raw = _copy(host, database, folder)
    return [
        {
            "claim": "companies imported",
            "unit": "rows/s",
            "size": size,
            "ours": round(size / seconds),
            "opponent": round(size / raw),
            "opponent_is": "raw COPY of the finished rows and CREATE INDEX",
        },
        {
            "claim": "memory of the import, at most",
            "unit": "MiB",
            "size": size,
            "ours": round(memory),
            "opponent": round(small_memory),
            "opponent_is": f"the import of {SMALL} rows",
        },
    ]


def _import(host, database, folder, rows):
    """Return (seconds, MiB) of the import of so many rows."""
    path = Path(folder) / "companies.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(map(_line, range(rows)))
    output = host.shell(database, SCRIPT.format(path=str(path), rows=rows))
    path.unlink()
    return json.loads(output.splitlines()[-1])


def _line(number):
    domain = f"synthetic{number}.example"
    division = DIVISIONS[number * 7919 % 97 * number % len(DIVISIONS)]
    country = ("FR", "FR", "FR", "BE", "DE")[number % 5]
    return (
        f"{number:09d},Synthetic {number * 2654435761 % 4294967296:x},{country},{domain},"
        f"{number % 300} Example Street,City {number % 5000},{number % 99999:05d},"
        f"+33 1 23 45 67 89,info@{domain},{number * 31 % 977 % 200 + 1},{division},"
        f"{1950 + number % 75}\n"
    )


def _copy(host, database, folder):
    """Return how many seconds PostgreSQL takes to store the rows that we have imported."""
    path = Path(folder) / "companies.copy"
    with closing(psycopg2.connect(**host.dsn(database))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE raw_company (LIKE lead_directory_company INCLUDING DEFAULTS)")
        cursor.execute(INDEXES)
        indexes = [definition for (definition,) in cursor.fetchall()]
        with path.open("w", encoding="utf-8") as file:
            cursor.copy_expert("COPY lead_directory_company TO STDOUT", file)
        start = time.perf_counter()
        with path.open(encoding="utf-8") as file:
            cursor.copy_expert("COPY raw_company FROM STDIN", file)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("ANALYZE raw_company")
        return time.perf_counter() - start
