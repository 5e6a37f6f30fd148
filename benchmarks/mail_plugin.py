"""What opening an e-mail costs the server: of an unknown sender by the published add-ins, against
stock's addon; and in the add-ins that the database serves itself, against what it may take.

All serve the same database, stock's addon first; ours are then installed over it. The cost of a
call is what it takes longer than a route that does nothing but the same authentication, called in
turn with it. Google is on loopback: its keys are known, and its own time is not counted.
"""

import json
import os
import subprocess
import time

from tests.gmail_client import Gmail, fake_google, google, link
from tests.mail_plugin_client import Addin

CONTACTS = 200_000
CALLS = 400
STOCK_CALLS = 15
EMPTY = "/mail_client_extension/modules/get"
SEARCH, GET = "/mail_plugin/partner/search", "/mail_plugin/partner/get"
OUTLOOK = "/mail_plugin/outlook/"
#: Milliseconds that opening an e-mail may take above the empty route.
MAY_TAKE = 10
OWN_ADDONS = ["crm_mail_plugin_google", "crm_mail_plugin_outlook"]
ACCOUNT, MAILBOX = "1001", "bench@ours.test"

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
# One e-mail in two is of a contact, to another one and to somebody who is none.
MAIL = """From: Person <{sender}>
To: {mailbox}, Other <{other}>
Cc: Stranger <stranger{number}@elsewhere{number}.test>
Subject: Offer {number}
Date: Tue, 14 Nov 2023 22:13:20 +0000
Message-ID: {message_id}
Content-Type: text/plain

Please send an offer.
"""
# The user's own add-ins: a Google account, and answers as the pane reads them.
OWN = """
user = env["res.users"].search([("login", "=", "bench")])
user.email = {mailbox!r}
env["ir.config_parameter"].set_param("crm_mail_plugin.generation", "2")
{link}
env.cr.commit()
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
        host.install(database, OWN_ADDONS)
        own = _measure_own(host, database, size)
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
    names = {"card": "Gmail's card opened", "pane": "Outlook's pane opened"}
    rows += [
        _row(f"{claim}, above the empty route", size, own[name], MAY_TAKE, "what it may take")
        for name, claim in names.items()
    ]
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


def _measure_own(host, database, size):
    """Return the p95 of opening an e-mail in the add-ins of one's own above the empty route."""
    host.sql("VACUUM ANALYZE res_partner", database=database)
    with google(host) as (fake, extra), host.server(database, cron=0, extra=extra) as server:
        script = OWN.format(mailbox=MAILBOX, link=link(server.url, ACCOUNT))
        host.shell(database, script)
        addin = Addin(server.url, json.loads(host.shell(database, TOKEN).splitlines()[-1]))
        gmail = Gmail(server.url, ACCOUNT, MAILBOX)
        times = {"empty": [], "card": [], "pane": []}
        for number in range(-3, CALLS):
            people, message_id = _people(number, size), f"<offer{number}@bench.test>"
            fake.mails[fake_google.OPEN_ID] = MAIL.format(
                number=number, mailbox=MAILBOX, sender=people[0], other=people[1],
                message_id=message_id,
            ).encode()  # fmt: skip
            empty = _time(addin, EMPTY, {})
            card = _time_card(gmail, fake)
            # All that a pane asks that has just opened: whose it is, the e-mail, its first person.
            pane = _time(addin, OUTLOOK + "session", {})
            pane += _time(addin, OUTLOOK + "email", {"people": people, "message_id": message_id})
            pane += _time(addin, OUTLOOK + "contact", {"email": people[0], "name": "Person"})
            if number >= 0:
                for name, value in (("empty", empty), ("card", card), ("pane", pane)):
                    times[name].append(value)
    p95 = {name: sorted(values)[int(len(values) * 0.95)] for name, values in times.items()}
    return {"card": p95["card"] - p95["empty"], "pane": p95["pane"] - 3 * p95["empty"]}


def _people(number, size):
    """Return addresses of an e-mail: its sender is known every other time."""
    places = [(number * 7919 + step) % size + 1 for step in (0, size // 2)]
    known = [f"person{place}@company{place // 10}.test" for place in places]
    sender = known[0] if number % 2 else f"nobody{number}@nowhere{number}.test"
    return [sender, known[1], f"stranger{number}@elsewhere{number}.test"]


def _time_card(gmail, fake):
    """Return how long a card takes, in milliseconds, without Google's own time."""
    before, start = fake.seconds, time.perf_counter()
    answer = gmail.post()
    elapsed = time.perf_counter() - start - (fake.seconds - before)
    assert "Search" in answer.text, answer.text
    return elapsed * 1000


def _time(addin, route, params):
    """Return how long a call takes, in milliseconds; it must succeed."""
    start = time.perf_counter()
    answer = addin.post(route, params)
    elapsed = (time.perf_counter() - start) * 1000
    assert "result" in answer.json(), answer.text
    return elapsed
