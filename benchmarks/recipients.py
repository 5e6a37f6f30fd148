"""What the recipient policy costs: a message on a policed card, and the check of many cards.

The opponent is stock Odoo with the same data, in the same run: the same code with no company under
the policy, where the addon's hooks return at once, and a database without the addon. Of ours only
this addon is installed, with its glue: what the others do with an e-mail is not its price.
"""

import json
import random
import socket
import statistics
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tools.host import Host

CARDS = 1000
#: Each side has a process of its own as often as this: with one each, the same code was told as
#: 1.04 and as 1.11 times stock.
PASSES = 5
#: The first messages of a process fill its caches and are not counted.
ROUNDS, WARM = 100, 20
START_SECONDS = 300

SCRIPT = """
import json, socket, time
from unittest.mock import patch
from odoo.addons.base.models.ir_mail_server import IrMail_Server

class Session:
    def quit(self): pass
    def send_message(self, *args): pass
    from_filter = smtp_from = False

if {policed}:
    env.company.recipient_policy = True
env.company.email = "office@house.test"
user = env["res.users"].create({{
    "name": "s", "login": "bench", "email": "s@house.test",
    "group_ids": [(6, 0, [env.ref("sales_team.group_sale_salesman_all_leads").id])]}})
partners = env["res.partner"].create([
    {{"name": f"p{{i}}", "email": f"p{{i}}@x.test"}} for i in range({cards})])
leads = env["crm.lead"].with_context(mail_create_nosubscribe=True, mail_create_nolog=True).create([
    {{"name": p.name, "type": "opportunity", "partner_id": p.id, "user_id": user.id}}
    for p in partners])
env.flush_all()

def post(lead):
    env.flush_all(); env.invalidate_all()
    lead = lead.with_user(user)
    queries, start = env.cr.sql_log_count, time.perf_counter()
    lead.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment",
                      partner_ids=lead.partner_id.ids, force_send=False)
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries

turns = socket.create_connection(("127.0.0.1", {port}))
turns.sendall({side!r}.encode().ljust(8))
with patch.object(IrMail_Server, "_connect__", lambda *a, **k: Session()):
    for lead in leads[:{rounds}]:
        turns.recv(1)
        turns.sendall(json.dumps(post(lead)).encode().ljust(64))
batches = {{}}
if {policed}:
    for size in (10, {cards}):
        env.invalidate_all()
        before = env.cr.sql_log_count
        leads[:size].with_user(user)._recipient_decisions(user)
        batches[size] = env.cr.sql_log_count - before
env.cr.rollback()
print("BENCH", json.dumps(batches))
"""


def run(host: Host) -> list[dict]:
    """Measure: the sides post message by message in turns, whose order is drawn each time.

    A value is the median of all messages of all processes.
    """
    with (
        host.database("bench", ours=False) as on,
        host.database("bench_off", ours=False) as off,
        host.database("bench_stock", ours=False) as stock,
    ):
        host.install(on, ["crm_mail_recipients"])
        host.copy(on, off)
        sides = {"on": (host, on), "off": (host, off), "stock": (host.without_ours(), stock)}
        posts = {side: [] for side in sides}
        for _pass in range(PASSES):
            found, batches = _take_turns(sides)
            for side, messages in found.items():
                posts[side] += messages
    milliseconds = {
        side: statistics.median(seconds for seconds, _queries in found) * 1e3
        for side, found in posts.items()
    }
    queries = {
        side: statistics.median_low(queries for _seconds, queries in found)
        for side, found in posts.items()
    }
    card = "message_post on a policed card"
    return [
        _row(card, "ms", 1, milliseconds["on"], milliseconds["off"], "policy off"),
        _row(card, "ms", 1, milliseconds["on"], milliseconds["stock"], "stock"),
        _row(card, "queries", 1, queries["on"], queries["stock"], "stock"),
        _row("message_post, policy off", "queries", 1, queries["off"], queries["stock"], "stock"),
        _row(
            "deciding for many cards",
            "queries",
            CARDS,
            batches[str(CARDS)],
            batches["10"],
            "10 cards",
        ),
    ]


def _take_turns(sides) -> tuple[dict[str, list], dict[str, int]]:
    """Return the (seconds, queries) of each side's messages, and what the many cards took.

    :param sides: {side: (host, database)}
    """
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as server,
        ThreadPoolExecutor(len(sides)) as threads,
    ):
        server.settimeout(START_SECONDS)
        values = {"port": server.getsockname()[1], "cards": CARDS, "rounds": ROUNDS + WARM}
        outputs = {
            side: threads.submit(
                host.shell, database, SCRIPT.format(side=side, policed=side == "on", **values)
            )
            for side, (host, database) in sides.items()
        }
        processes = {}
        while len(processes) < len(sides):
            try:
                process, _address = server.accept()
            except TimeoutError:
                for output in outputs.values():  # One of them may tell why it did not come.
                    output.result(timeout=0)
                raise
            processes[process.recv(8, socket.MSG_WAITALL).decode().strip()] = process
        rounds = [
            {side: _turn(processes[side]) for side in random.sample(list(sides), len(sides))}
            for _number in range(ROUNDS + WARM)
        ][WARM:]
        lines = outputs["on"].result().splitlines()
    batches = json.loads(next(line for line in lines if "BENCH" in line).partition("BENCH ")[2])
    return {side: [one[side] for one in rounds] for side in sides}, batches


def _turn(process) -> list:
    process.sendall(b".")
    return json.loads(process.recv(64, socket.MSG_WAITALL))


def _row(claim, unit, size, ours, opponent, opponent_is):
    return {
        "claim": claim,
        "unit": unit,
        "size": size,
        "ours": ours,
        "opponent": opponent,
        "opponent_is": opponent_is,
    }
