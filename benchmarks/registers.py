"""Whole registers: their import, a second edition, France's join, and the search in all of them.

Files are made up in the registers' own layouts, 5.7 million companies of the United Kingdom, and of
France a tenth of 30 million units and 44 million establishments. The opponents see the same rows in
the same run: PostgreSQL's COPY of the finished rows with the same indexes, and DuckDB alone, which
reads the unzipped file into a table of its own.

`--part` measures one of import, edition, join and search, `--rows` another size. Each size below it
shows how the cost grows.
"""

import json
import os
import resource
import tempfile
import time
import zipfile
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import duckdb

from benchmarks import _registers_files as files
from benchmarks import _registers_search as search
from tools.console import Failure

#: Rows of each part; the join's are France's units.
ROWS = {"import": 5_700_000, "edition": 5_700_000, "join": 3_000_000, "search": 20_000_000}
#: The first size that tells how the cost grows.
SMALL = 200_000

SCRIPT = """
import json, resource, time
datasets = env["lead.directory.dataset"]
dataset = datasets.search([("name", "=", "Register")]) or datasets.create({{"name": "Register"}})
env["ir.config_parameter"].set_param("crm_lead_directory.join_memory", {memory})
env.cr.commit()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
record = env["lead.directory.import"]._import_path(dataset, {path!r}, recipe={recipe!r})
env.cr.commit()
seconds = time.perf_counter() - start
assert record.state == "done", record.read()
print(json.dumps([
    seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    record.companies_created, record.companies_updated, record.companies_marked,
]))
"""
#: MiB that the join may take.
JOIN_MEMORY = 64

# What the import takes of a row, as DuckDB reads it.
_GB_TABLE = r"""
CREATE TABLE company AS
SELECT trim(CompanyName) AS name, "CompanyNumber" AS number,
       trim("RegAddress.AddressLine1") AS street,
       trim("RegAddress.AddressLine2") AS street2, trim("RegAddress.PostTown") AS city,
       "RegAddress.County" AS state, "RegAddress.PostCode" AS zip, CompanyCategory AS legal_form,
       regexp_extract("SICCode.SicText_1", '(\d\d)\d{{3}} ', 1) AS industry,
       list_distinct([regexp_extract(one, '(\d\d)\d{{3}} ', 1) FOR one IN
           ["SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4"]
           IF one <> '']) AS industries,
       IncorporationDate[-4:] AS founded
  FROM read_csv('{path}', header = true, all_varchar = true, normalize_names = false)
 WHERE CompanyStatus = 'Active' AND CompanyCategory <> 'Limited Partnership'
"""
_GB_INDEXES = (
    "CREATE UNIQUE INDEX number_unique ON company (number)",
    "CREATE INDEX industry ON company (industry)",
)
_FR_TABLE = """
CREATE TABLE company AS
SELECT units.siren AS number, units.denominationUniteLegale AS name,
       concat_ws(' ', seat.numeroVoieEtablissement, seat.typeVoieEtablissement,
                 seat.libelleVoieEtablissement) AS street,
       seat.codePostalEtablissement AS zip, seat.libelleCommuneEtablissement AS city,
       units.trancheEffectifsUniteLegale AS employees,
       units.activitePrincipaleUniteLegale[:2] AS industry,
       units.dateCreationUniteLegale[:4] AS founded
  FROM read_csv('{units}', header = true, all_varchar = true) AS units
  LEFT JOIN read_csv('{seat}', header = true, all_varchar = true) AS seat
    ON seat.siren = units.siren AND seat.etablissementSiege = 'true'
   AND seat.etatAdministratifEtablissement = 'A'
 WHERE units.etatAdministratifUniteLegale = 'A'
   AND left(units.categorieJuridiqueUniteLegale, 1) NOT IN ('1', '2')
   AND units.categorieJuridiqueUniteLegale NOT IN
       ('', '9110', '9210', '9220', '9221', '9222', '9260')
"""


def run(host):
    """Measure the parts of `OPEN_CRM_BENCH_PART`, all by default, on `OPEN_CRM_BENCH_ROWS`."""
    part = os.environ.get("OPEN_CRM_BENCH_PART") or ""
    if part and part not in ROWS:
        raise Failure(f"There is no part {part}: choose from {', '.join(ROWS)}.")
    rows = []
    for name, measure in (("import", _import), ("edition", _edition), ("join", _join)):
        if part in ("", name):
            rows += measure(host, _size(name))
    if part in ("", "search"):
        rows += search.measure(host, _sizes(_size("search")))
    return rows


def _size(part):
    return int(os.environ.get("OPEN_CRM_BENCH_ROWS") or ROWS[part])


def _sizes(size):
    """Return the sizes that show how the cost grows: tenfold each, and the last."""
    sizes = [one for one in (SMALL, 10 * SMALL) if 2 * one <= size]
    return [*sizes, size]


def _row(claim, unit, size, ours, opponent, opponent_is):
    return {
        "claim": claim,
        "unit": unit,
        "size": size,
        "ours": ours,
        "opponent": opponent,
        "opponent_is": opponent_is,
    }


# === THE UNITED KINGDOM === #


def _import(host, size):
    rows, first_memory = [], None
    for step in _sizes(size):
        path = files.united_kingdom(step)
        with host.database("bench_registers") as database, _folder() as folder:
            seconds, memory, *_counts = _load(host, database, path, "gb_companies_house")
            raw = import_module("benchmarks.import")._copy(host, database, folder)
        alone, duck_memory = _duck(_GB_TABLE, _GB_INDEXES, path=path)
        rows += [
            _row(
                "register imported", "rows/s", step, round(step / seconds), round(step / raw),
                "raw COPY of the finished rows and CREATE INDEX",
            ),
            _row(
                "register imported", "rows/s", step, round(step / seconds), round(step / alone),
                "DuckDB alone, with unzipping",
            ),
        ]  # fmt: skip
        if first_memory:
            opponent = f"the import of {_sizes(size)[0]} rows"
            memories = round(memory), round(first_memory)
            rows.append(_row("memory of the import, at most", "MiB", step, *memories, opponent))
        first_memory = first_memory or memory
    return rows


def _edition(host, size):
    first, second = files.united_kingdom(size), files.united_kingdom(size, 2)
    with host.database("bench_registers") as database:
        before, *_rest = _load(host, database, first, "gb_companies_house")
        after, _memory, *counts = _load(host, database, second, "gb_companies_house")
    _created, updated, _marked = counts
    # One in twenty is a partnership, one in 33 insolvent: neither is a company to be changed.
    assert abs(updated / size * 1000 - files.CHANGED) < files.CHANGED / 4, counts
    opponent = "the first edition"
    return [_row("second edition", "s", size, round(after, 1), round(before, 1), opponent)]


# === FRANCE === #


def _join(host, size):
    """Import half of the units and all of them: who grows linearly takes twice as long."""
    rows, half = [], None
    for units in (size // 2, size):
        folder = files.france(units)
        seats = units * files.SEATS // 30
        with host.database("bench_registers") as database:
            seconds, memory, *_counts = _load(host, database, folder, "fr_sirene")
        alone, _memory = _duck(_FR_TABLE, (), units=folder / "units", seat=folder / "seat")
        read = units + seats
        rows.append(
            _row(
                "register joined while reading", "rows/s", read, round(read / seconds),
                round(read / alone), "DuckDB alone, with unzipping",
            )
        )  # fmt: skip
        if half:
            rows += [
                _row(
                    "the join, twice as many rows", "s", read, round(seconds, 1),
                    round(2 * half[0], 1), "twice the time of half of them",
                ),
                _row(
                    f"memory of the join, {JOIN_MEMORY} MiB allowed", "MiB", read, round(memory),
                    round(half[1]), "half of the rows",
                ),
            ]  # fmt: skip
        half = seconds, memory
    return rows


# === EACH ONE === #


def _load(host, database, path, recipe):
    """Return (seconds, MiB, companies created, updated, marked) of an import."""
    script = SCRIPT.format(path=str(path), recipe=recipe, memory=JOIN_MEMORY)
    return json.loads(host.shell(database, script).splitlines()[-1])


def _duck(table, indexes, **zips):
    """Return how many seconds DuckDB takes to read zipped files into a table, and MiB."""
    with _folder() as folder:
        start = time.perf_counter()
        paths = {}
        for name, path in zips.items():
            with zipfile.ZipFile(path) as archive:
                paths[name] = archive.extract(archive.namelist()[0], folder)
        with duckdb.connect(str(folder / "duck.db")) as connection:
            connection.execute("SET threads = 2")
            connection.execute(f"SET temp_directory = '{folder}'")
            connection.execute(table.format(**paths))
            for index in indexes:
                connection.execute(index)
            connection.execute("CHECKPOINT")
        seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _folder():
    """Yield a folder on the cache's disk: the one of temporary files may be small."""
    with tempfile.TemporaryDirectory(dir=files.folder()) as folder:
        yield Path(folder)
