"""Files of Parquet, written for tests as the schema of Overture's places describes them."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from ..registers.parquet_rows import SETTINGS

#: Columns of a place, in DuckDB's types; the old ones have `categories`.
PLACE = {
    "id": "VARCHAR",
    "geometry": "BLOB",
    "bbox": "STRUCT(xmin FLOAT, xmax FLOAT, ymin FLOAT, ymax FLOAT)",
    "version": "INTEGER",
    "sources": "STRUCT(property VARCHAR, dataset VARCHAR, license VARCHAR, record_id VARCHAR,"
    " update_time VARCHAR, confidence DOUBLE)[]",
    "names": "STRUCT(\"primary\" VARCHAR, common MAP(VARCHAR, VARCHAR),"
    " rules STRUCT(variant VARCHAR, value VARCHAR)[])",
    "confidence": "DOUBLE",
    "websites": "VARCHAR[]",
    "socials": "VARCHAR[]",
    "emails": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "brand": "STRUCT(wikidata VARCHAR, names STRUCT(\"primary\" VARCHAR))",
    "addresses": "STRUCT(freeform VARCHAR, locality VARCHAR, postcode VARCHAR, region VARCHAR,"
    " country VARCHAR)[]",
    "operating_status": "VARCHAR",
    "basic_category": "VARCHAR",
    "taxonomy": "STRUCT(\"primary\" VARCHAR, hierarchy VARCHAR[], alternates VARCHAR[])",
}  # fmt: skip
OLD = {name: kind for name, kind in PLACE.items() if name not in ("taxonomy", "basic_category")} | {
    "categories": 'STRUCT("primary" VARCHAR, alternate VARCHAR[])'
}
_GEO = '{"version": "1.1.0", "primary_column": "geometry", "columns": {}}'


def parquet(
    rows: Iterable[Mapping[str, Any]],
    columns: Mapping[str, str] | None = None,
    group_rows: int = 2048,
) -> bytes:
    """Return a file of these rows.

    :param columns: name -> type; by default one of texts for each key of the first row, in which a
        dot leads into a structure
    :param group_rows: rows of a group, a multiple of 2048
    """
    rows = list(rows)
    if columns is None:
        rows = [_nested(row) for row in rows]
        columns = {name: _type(value) for name, value in rows[0].items()}
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(config=dict(SETTINGS)) as connection,
    ):
        source, target = Path(folder, "rows.json"), Path(folder, "rows.parquet")
        source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        metadata = f", KV_METADATA {{geo: '{_GEO}'}}" if "geometry" in columns else ""
        connection.execute(
            f"COPY (SELECT * FROM read_json('{source}', format = 'newline_delimited',"
            f" columns = {{{types}}})) TO '{target}'"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group_rows}{metadata})"
        )
        return target.read_bytes()


def _nested(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in row.items():
        *folders, name = path.split(".")
        place = found
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = value
    return found


def _type(value: Any) -> str:
    if not isinstance(value, dict):
        return "VARCHAR"
    fields = ", ".join(f'"{name}" {_type(one)}' for name, one in value.items())
    return f"STRUCT({fields})"
