"""200 leads from the same 200 companies: ours, and stock crm_iap_mine's own code.

Stock is fed by a loopback server that answers as its IAP server does; ours by the directory, and
pays from its ledger. Counted are seconds and all SQL statements, of every cursor, from the moment
the work starts until the leads are committed. A colleague who is assigned to the leads is told of
each: stock sends these mails at once, ours gives them to the mail queue.
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LEADS = 200
#: Each side's best of so many turns, taken alternately: others may use the machine too.
TURNS = 2

MEASURE = """
import json, time
from odoo import sql_db
env.cr.commit()
env.invalidate_all()
statements, start = sql_db.sql_counter, time.perf_counter()
{work}
env.cr.commit()
seconds, statements = time.perf_counter() - start, sql_db.sql_counter - statements
made = env["crm.lead"].search_count([("email_from", "like", "%@synthetic%")])
print(json.dumps([seconds, statements, made]))
"""

# Both as the administrator; the salesperson is the user's own self or a colleague, who is told.
PREPARE = """
user = env.ref("base.user_admin")
env = env(user=user, context={{"lang": "en_US"}})
belgium = env.ref("base.be")
salesperson = user
if {colleague}:
    salesperson = env["res.users"].create({{
        "name": "Colleague", "login": "colleague", "email": "colleague@company.example",
        "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]}})
"""

STOCK = """
env["ir.config_parameter"].sudo().set_param("reveal.endpoint", {endpoint!r})
env["iap.account"].get("reveal")
request = env["crm.iap.lead.mining.request"].create({{
    "lead_number": {leads}, "country_ids": [(6, 0, belgium.ids)], "user_id": salesperson.id}})
"""

OURS = """
companies = json.loads({companies!r})
dataset = env["lead.directory.dataset"].create({{"name": "Synthetic", "licence": "CC0-1.0"}})
env["lead.directory.company"].sudo().create([
    dict(company, dataset_id=dataset.id, registry="XX-TEST", identity="reg:XX-TEST:"
         + company["registry_id"]) for company in companies])
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust({leads} - account.credits_available, reason="Benchmark", idempotency_key="bench")
env.cr.commit()
request = env["lead.mining.request"].create({{
    "lead_number": {leads}, "country_ids": [(6, 0, belgium.ids)], "user_id": salesperson.id}})
request.action_generate()
"""


def run(host):
    """Measure both, with and without a colleague to be told of the assignment."""
    rows = []
    for colleague in (False, True):
        turns = [(_stock(host, colleague), _ours(host, colleague)) for _turn in range(TURNS)]
        stock, ours = (tuple(map(min, *side)) for side in zip(*turns, strict=True))
        who = "a colleague's" if colleague else "one's own"
        for unit, mine, theirs in zip(("s", "SQL statements"), ours, stock, strict=True):
            rows.append(
                {
                    "claim": f"leads mined into {who} pipeline",
                    "unit": unit,
                    "size": LEADS,
                    "ours": mine,
                    "opponent": theirs,
                    "opponent_is": "stock crm_iap_mine, its own code",
                }
            )
    return rows


def _stock(host, colleague):
    with _iap_server() as endpoint, host.database("bench", ours=False) as database:
        prepare = PREPARE + STOCK
        return _measure(
            host.without_ours(),
            database,
            prepare.format(colleague=colleague, endpoint=endpoint, leads=LEADS),
            "request.action_submit()",
        )


def _ours(host, colleague):
    companies = json.dumps([_directory_company(number) for number in range(LEADS)])
    with host.database("bench") as database:
        prepare = "import json\n" + PREPARE + OURS
        return _measure(
            host,
            database,
            prepare.format(colleague=colleague, companies=companies, leads=LEADS),
            "env['lead.mining.worker'].with_user(1)._run_lane()",
        )


def _measure(host, database, prepare, work):
    """Return (seconds, SQL statements) of `work`, which has to make all the leads."""
    output = host.shell(database, prepare + MEASURE.format(work=work))
    seconds, statements, made = json.loads(output.splitlines()[-1])
    assert made == LEADS, f"{made} leads instead of {LEADS}"
    return seconds, statements


# === THE SAME COMPANIES, AS EACH SIDE READS THEM === #


def _directory_company(number):
    return {
        "registry_id": f"{number:06d}",
        "name": f"Synthetic {number}",
        "domain": f"synthetic{number}.example",
        "website": f"https://www.synthetic{number}.example",
        "emails": f"info@synthetic{number}.example",
        "phone": "+32 2 290 34 90",
        "street": "Rue de l'Exemple 1",
        "city": "Bruxelles",
        "zip": "1000",
        "country_code": "BE",
        "employees": 40 + number,
        "employees_min": 40 + number,
        "employees_max": 40 + number,
        "industry": "62",
        "industries": "62",
        "founded": 1999,
        "technologies": "PostgreSQL, Python",
        "timezone": "Europe/Brussels",
    }


def _iap_company(number):
    """Return the company in the shape that the IAP server's search_by_criteria gives."""
    company = _directory_company(number)
    return {
        "duns": company["registry_id"],
        "name": company["name"],
        "domain": company["domain"],
        "website": company["domain"],
        "email": [company["emails"]],
        "phone": company["phone"],
        "street": company["street"],
        "city": company["city"],
        "zip": company["zip"],
        "country_code": company["country_code"],
        "employees": company["employees"],
        "founded_year": company["founded"],
        "industry": "Software",
        "tech": company["technologies"].split(", "),
        "timezone": company["timezone"],
    }


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        data = [_iap_company(number) for number in range(LEADS)]
        result = {"data": data, "credit_error": False}
        body = json.dumps({"jsonrpc": "2.0", "id": None, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def _iap_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
