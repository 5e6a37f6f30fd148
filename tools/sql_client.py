"""Run SQL statements given as JSON on standard input; print the rows of the last as JSON.

Started with the environment's Python, which has psycopg2; the launcher itself needs only the
standard library. Input: {"dsn": {…}, "statements": [[text, [parameters]], …]}.
"""

import contextlib
import json
import sys

import psycopg2


def main() -> None:
    job = json.load(sys.stdin)
    # `with connection` would open a transaction, in which no database can be made or dropped.
    with contextlib.closing(psycopg2.connect(**job["dsn"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for text, parameters in job["statements"]:
                cursor.execute(text, parameters or None)
            rows = cursor.fetchall() if cursor.description else []
    json.dump(rows, sys.stdout, default=str)


if __name__ == "__main__":
    main()
