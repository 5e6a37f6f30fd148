"""Run SQL statements given as JSON on standard input; print the rows of the last as JSON.

Started with the environment's Python, which has psycopg2; the launcher itself needs only the
standard library. What runs on that Python already, as tests do, calls `run`.
Input: {"dsn": {…}, "statements": [[text, [parameters]], …]}.
"""

import contextlib
import json
import sys

import psycopg2


def run(text: str) -> str:
    """Do what is asked for in JSON; return the rows as JSON."""
    job = json.loads(text)
    # `with connection` would open a transaction, in which no database can be made or dropped.
    with contextlib.closing(psycopg2.connect(**job["dsn"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for text, parameters in job["statements"]:
                cursor.execute(text, parameters or None)
            rows = cursor.fetchall() if cursor.description else []
    return json.dumps(rows, default=str)


if __name__ == "__main__":
    print(run(sys.stdin.read()))
