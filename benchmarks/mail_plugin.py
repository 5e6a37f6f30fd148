"""What opening an e-mail of an unknown sender costs the server, against stock's addon.

Both addons serve the same database, stock's first; ours is then installed over it. The cost of a
call is what it takes longer than a route that does nothing but the same authentication, called in
turn with it.
"""

import json
import os
import subprocess
import time

from tests.mail_plugin_client import Addin

CONTACTS = 200_000
CALLS = 200
STOCK_CALLS = 15
EMPTY = "/mail_client_extension/modules/get"
SEARCH, GET = "/mail_plugin/partner/search", "/mail_plugin/partner/get"

# One in ten is a company; five people work for each. Every contact has an address of its own.
FILL = """
    INSERT INTO res_partner (name, complete_name, email, email_normalized, is_company, active, type,
                             lang, commercial_partner_id, id, autopost_bills)
    SELECT name, name, email, email, number %% 10 = 0, true, 'contact', 'en_US', id, id, 'ask'
      FROM (SELECT number, nextval('res_partner_id_seq') AS id,
                   'Contact ' || md5(number::text) AS name,
                   'person' || number || '@company' || number / 10 || '.test' AS email
              FROM generate_series(1, %s) AS number) AS contacts
"""
# A user with a token. Stock asks a service for every unknown domain; here nobody answers it.
TOKEN = """
import datetime, json
from odoo.tests.common import new_test_user
user = env["res.users"].search([("login", "=", "bench")]) or new_test_user(
    env, login="bench",
    groups="base.group_user,base.group_partner_manager,sales_team.group_sale_salesman_all_leads")
env["ir.config_parameter"].set_param("enrich.endpoint", "http://127.0.0.1:9")
for name in ("token_limit", "address_limit"):
    env["ir.config_parameter"].set_param("crm_mail_plugin." + name, "1000000")
tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
keys = env["res.users.apikeys"].with_user(user).sudo()
key = keys._generate("odoo.plugin.outlook", "x", tomorrow)
env.cr.commit()
print(json.dumps(key))
"""


def run(host) -> list[dict]:
    """Return the rows: milliseconds of server time, p95."""
    size = int(os.environ.get("OPEN_CRM_BENCH_ROWS") or CONTACTS)
    stock_host = host.without_ours()
    with host.database("bench_mail_plugin", ours=False) as database:
        host.sql(FILL, database=database, parameters=[size])
        host.sql("VACUUM ANALYZE res_partner", database=database)
        stock = _measure(stock_host, database, STOCK_CALLS)
        _install_ours(host, database)
        ours = _measure(host, database, CALLS)
    stock_is = "stock's addon on the same database"
    names = {
        "search": "Opening an e-mail of an unknown sender: search",
        "get": "Opening an e-mail of an unknown sender: contact",
        "both": "Opening an e-mail of an unknown sender: both calls",
    }
    rows = [
        _row(f"{claim}, above the empty route", size, ours[name], stock[name], stock_is)
        for name, claim in names.items()
    ]
    rows.append(
        _row("The empty route, authentication", size, ours["empty"], stock["empty"], stock_is)
    )
    return rows


def _row(claim, size, ours, opponent, opponent_is):
    return {
        "claim": f"{claim}, p95",
        "unit": "ms",
        "size": size,
        "ours": round(ours, 1),
        "opponent": round(opponent, 1),
        "opponent_is": opponent_is,
    }


def _install_ours(host, database):
    subprocess.run(
        host.odoo_command(database, "-u", "crm_mail_plugin", "--stop-after-init", "--no-http"),
        env=host.environment(),
        check=True,
        capture_output=True,
    )
    host.sql("VACUUM ANALYZE res_partner", database=database)


def _measure(host, database, calls):
    """Return the p95 of each call in milliseconds; of all but the empty one, what is above it."""
    token = json.loads(host.shell(database, TOKEN).splitlines()[-1])
    with host.server(database, cron=0) as server:
        addin = Addin(server.url, token)
        times = {"empty": [], "search": [], "get": [], "both": []}
        for number in range(-3, calls):
            address = f"nobody{number}@nowhere{number}.test"
            empty = _time(addin, EMPTY, {})
            search = _time(addin, SEARCH, {"search_term": address})
            get = _time(addin, GET, {"email": address, "name": "Nobody"})
            if number >= 0:  # The first ones fill the caches of a new process.
                for name, value in (("empty", empty), ("search", search), ("get", get)):
                    times[name].append(value)
                times["both"].append(search + get)
    p95 = {name: sorted(values)[int(len(values) * 0.95)] for name, values in times.items()}
    return {
        "empty": p95["empty"],
        "search": p95["search"] - p95["empty"],
        "get": p95["get"] - p95["empty"],
        "both": p95["both"] - 2 * p95["empty"],
    }


def _time(addin, route, params):
    """Return how long a call takes, in milliseconds; it must succeed."""
    start = time.perf_counter()
    answer = addin.post(route, params)
    elapsed = (time.perf_counter() - start) * 1000
    assert "result" in answer.json(), answer.text
    return elapsed
