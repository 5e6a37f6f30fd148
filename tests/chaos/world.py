"""The database that the play is about, and who works in it."""

import dataclasses
import json

from mining_database import SYNTHETIC
from smtp_loopback import HOST, ONLY_SERVER

from tools.host import Host

#: More than anybody can spend in the time.
CREDITS = 100_000
CLIENT_CREDITS = 50_000
#: What asks for work that a dead process has left is taken over after so long.
LEASE_SECONDS = 2
#: Scheduled actions that have to do with credits, payments and mails; the others rest.
JOBS = (
    "_run_lane",
    "_cron_expire",
    "_cron_wake_waiting",
    "_cron_post",
    "_cron_post_process",
    "process_email_queue",
)
PACK = {"name": "Pack", "credits": 180, "price": 18}

SET_UP = """
import json
parameters = env["ir.config_parameter"]
for name, value in {parameters!r}.items():
    parameters.set_param(name, value)
# Bought credits are booked.
env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
jobs = env["ir.cron"].with_context(active_test=False).search([])
jobs.active = False
jobs.filtered(lambda job: any(f".{{name}}(" in (job.code or "") for name in {jobs!r})).active = True
belgium = env.ref("base.be")
env.company.write({{"email": "office@house.example", "recipient_policy": True}})
# Accounts at work in two companies, between which credits are transferred.
second = env["res.company"].create(
    {{"name": "Second", "currency_id": env.company.currency_id.id}})
env.ref("base.user_admin").write({{"company_ids": [(4, second.id)],
                                   "email": "admin@house.example", "group_ids": [(4, group.id)
    for name in ("crm_iap_credits.group_billing_administrator", "sales_team.group_sale_manager")
    for group in env.ref(name)]}})
env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
env["lead.mining.provider"].search([("completes", "=", True)]).completes = False
synthetic_companies(range(1, {companies} + 1), city="Bruxelles",
                    emails="info@synthetic{{}}.example", phone="+32 2 290 34 90")
env.cr.execute('''
    INSERT INTO lead_directory_contact (directory_company_id, identity, name, email)
    SELECT id, 'ann@' || domain, 'Ann of ' || name, 'ann@' || domain
      FROM lead_directory_company''')
companies = env.company | second
env.cr.commit()
accounts = [env["iap.account"]._get_local("reveal", company) for company in companies]
clients = env["iap.server.client"].create(
    [{{"name": f"Client {{n}}", "uuid": f"chaos-{{n:04d}}"}} for n in range({clients})])
env.cr.commit()
for account in accounts:
    account.adjust({credits} - account.credits_available, reason="Chaos", idempotency_key="begin")
for client in clients:
    client.account_id.grant({client_credits}, reason="Chaos", idempotency_key="begin")
provider = env["payment.provider"].search(
    [("code", "=", "demo"), ("company_id", "=", env.company.id)], limit=1)
provider.write({{"state": "test", "is_published": True}})
method = provider.with_context(active_test=False).payment_method_ids[:1]
method.active = True
pack = env["iap.credit.pack"].create({{**{pack!r}, "service_id": accounts[0].service_id.id,
                                       "company_id": env.company.id,
                                       "currency_id": env.company.currency_id.id}})
customers = env["res.partner"].create(
    [{{"name": f"Customer {{n}}", "email": f"customer{{n}}@rival.example"}} for n in range(20)])
leads = env["crm.lead"].create(
    [{{"name": f"Deal {{n}}", "type": "opportunity", "partner_id": customer.id}}
     for n, customer in enumerate(customers)])
{mail_server}
env.cr.commit()
print(json.dumps({{
    "belgium": belgium.id, "companies": companies.ids, "accounts": [one.id for one in accounts],
    "pack": pack.id, "provider": provider.id, "method": method.id,
    "leads": leads.ids, "customers": customers.ids}}))
"""


@dataclasses.dataclass(frozen=True)
class World:
    """The ids of what is worked with.

    :ivar size: how many companies the directory has
    :ivar clients: how many client databases there are
    """

    belgium: int
    companies: tuple[int, ...]
    accounts: tuple[int, ...]
    pack: int
    provider: int
    method: int
    leads: tuple[int, ...]
    customers: tuple[int, ...]
    size: int
    clients: int


def prepare(host: Host, database: str, *, size: int, clients: int, smtp_port: int) -> World:
    """Make a copy of the template what the play begins with."""
    parameters = {
        "crm_lead_mining.lease_seconds": str(LEASE_SECONDS),
        "crm_lead_enrichment.lease_seconds": str(LEASE_SECONDS),
        "crm_iap_server.lease_seconds": str(LEASE_SECONDS),
        "crm_iap_server.rate": "1000000",
        "crm_lead_mining.refund_monthly_credits": "1000000",
    }
    script = SYNTHETIC + SET_UP.format(
        parameters=parameters,
        jobs=JOBS,
        companies=size,
        clients=clients,
        credits=CREDITS,
        client_credits=CLIENT_CREDITS,
        pack=PACK,
        mail_server=ONLY_SERVER.format(host=HOST, port=smtp_port),
    )
    known = json.loads(host.shell(database, script).splitlines()[-1])
    return World(size=size, clients=clients, **known)
