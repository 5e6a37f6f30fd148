"""What the recipient policy costs: a message on a policed card, and the check of many cards.

The opponent is stock Odoo with the same data, in the same run: the same code with no company under
the policy, where the addon's hooks return at once, and a database without the addon. Of ours only
this addon is installed, with its glue: what the others do with an e-mail is not its price.
"""

import json

from tools.host import Host

CARDS = 1000

SCRIPT = """
import json, time
from unittest.mock import patch
from odoo.addons.base.models.ir_mail_server import IrMail_Server
ROUNDS, WARM = 60, 8

class Session:
    def quit(self): pass
    def send_message(self, *args): pass
    from_filter = smtp_from = False

policed = {policed}
if policed:
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

with patch.object(IrMail_Server, "_connect__", lambda *a, **k: Session()):
    rounds = [post(lead) for lead in leads[:ROUNDS]][WARM:]
seconds = sorted(r[0] for r in rounds)[len(rounds) // 2]
queries = sorted(r[1] for r in rounds)[len(rounds) // 2]
batches = {{}}
if policed:
    for size in (10, {cards}):
        env.invalidate_all()
        before = env.cr.sql_log_count
        leads[:size].with_user(user)._recipient_decisions(user)
        batches[size] = env.cr.sql_log_count - before
env.cr.rollback()
print("BENCH", json.dumps({{"seconds": seconds, "queries": queries, "batches": batches}}))
"""


def _measure(host, database, policed):
    output = host.shell(database, SCRIPT.format(policed=policed, cards=CARDS))
    return json.loads(next(x for x in output.splitlines() if "BENCH" in x).partition("BENCH ")[2])


def run(host: Host) -> list[dict]:
    """Measure, alternating, so that a busy minute meets all sides alike; keep the best of each."""
    with (
        host.database("bench", ours=False) as ours,
        host.database("bench_stock", ours=False) as stock,
    ):
        # Our mail plugin takes the place of stock's, which is installed, so it has to be updated.
        host.install(ours, ["crm_mail_recipients"], "-u", "crm_mail_plugin")
        sides = {
            "on": (host, ours, True),
            "off": (host, ours, False),
            "stock": (host.without_ours(), stock, False),
        }
        found = {name: [] for name in sides}
        for _round in range(3):
            for name, side in sides.items():
                found[name].append(_measure(*side))
    best = {name: min(r["seconds"] for r in runs) for name, runs in found.items()}
    queries = {name: runs[0]["queries"] for name, runs in found.items()}
    batches = found["on"][0]["batches"]
    return [
        _row(
            "message_post on a policed card",
            "ms",
            1,
            best["on"] * 1e3,
            best["off"] * 1e3,
            "policy off",
        ),
        _row(
            "message_post on a policed card",
            "ms",
            1,
            best["on"] * 1e3,
            best["stock"] * 1e3,
            "stock",
        ),
        _row(
            "message_post on a policed card", "queries", 1, queries["on"], queries["stock"], "stock"
        ),
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


def _row(claim, unit, size, ours, opponent, opponent_is):
    return {
        "claim": claim,
        "unit": unit,
        "size": size,
        "ours": ours,
        "opponent": opponent,
        "opponent_is": opponent_is,
    }
