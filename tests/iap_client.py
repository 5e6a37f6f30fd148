"""An unmodified Odoo as client of our IAP server: its parameters, and what its users do."""

import contextlib
from types import SimpleNamespace

from mining_database import SYNTHETIC
from test_free_features import Session

UUID = "7d1c0f6e-1111-4222-8333-944444444444"

#: On the server: companies, an invited client, and a pack.
_SERVE = """
env.company.country_id = env.ref("base.be")
env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
synthetic_companies(
    range(1, {companies} + 1), emails="info@synthetic{{}}.example", phone="+32 2 290 34 90",
    street="Rue de l'Exemple 1", city="Bruxelles", zip="1000")
client = env["iap.server.client"].create({{"name": "Alfa", "uuid": "{uuid}"}})
env["iap.credit.pack"].create(
    {{"name": "Ten", "credits": 10, "price": 5, "service_id": client.account_id.service_id.id,
      "company_id": False}})
env.cr.commit()
client.account_id.grant({credits}, reason="Test", idempotency_key="test")
env.cr.commit()
print(client.account_id.id)
"""

#: On the client: nothing but parameters.
POINT = """
parameters = env["ir.config_parameter"]
for key in ("iap.endpoint", "reveal.endpoint", "enrich.endpoint",
            "iap.partner_autocomplete.endpoint"):
    parameters.set_param(key, "{url}")
parameters.set_param("database.uuid", "{uuid}")
# Stock enriches each new lead by itself, in the midst of what is tried here.
parameters.set_param("crm.iap.lead.enrich.setting", "manual")
env.company.country_id = env.ref("base.be")
env.ref("base.user_admin").email = "ops@alfa.example"
env.ref("base.group_user").write({{"implied_ids": [(4, env.ref("crm.group_use_lead").id)]}})
env.cr.commit()
"""


def serve(*, companies: int, credits: int, uuid: str) -> str:
    """Return the script that makes a database a server, with one client and its credits."""
    return SYNTHETIC + _SERVE.format(companies=companies, credits=credits, uuid=uuid)


@contextlib.contextmanager
def client_and_server(host, label: str, *, companies: int, credits: int, more: str = ""):
    """Yield a server with ours and a client without, each a process and a database of its own.

    :param label: of their databases
    :param more: what the server's database gets beside, as a script for its shell
    """
    stock = host.without_ours()
    with host.database(f"{label}_server") as server_name, \
            stock.database(f"{label}_client", ours=False) as client_name:  # fmt: skip
        output = host.shell(
            server_name, more + serve(companies=companies, credits=credits, uuid=UUID)
        )
        with host.server(server_name, cron=0) as server:
            stock.shell(client_name, POINT.format(url=server.url, uuid=UUID))
            with stock.server(client_name, cron=0) as running:
                yield SimpleNamespace(
                    account=int(output.splitlines()[-1]),
                    server=server,
                    server_name=server_name,
                    running=running,
                    client=Client(running, client_name),
                    client_name=client_name,
                )


class Client:
    """A database with stock addons alone, and its administrator."""

    def __init__(self, server, database: str):
        self.user = Session(server.url, database, "admin", "admin")
        [self.belgium] = self.user.call("res.country", "search", [["code", "=", "BE"]])

    def balance(self) -> float:
        """Return what the settings page asks for."""
        return self.user.call("iap.account", "get_credits", "reveal")

    def accounts(self) -> dict[str, dict]:
        """Return what the list of accounts shows, by service."""
        rows = self.user.call(
            "iap.account",
            "web_search_read",
            [],
            {"service_name": {}, "balance": {}, "state": {}, "warning_threshold": {}},
        )["records"]
        ids = [row["id"] for row in rows]
        asked = {"service_name": {}, "balance": {}, "state": {}, "warning_threshold": {}}
        rows = self.user.call("iap.account", "web_read", ids, asked)
        return {row["service_name"]: row for row in rows}

    def generate(self, number: int, **values) -> dict:
        """Press *Generate Leads* as its dialog does; return the request."""
        request = self.user.create(
            "crm.iap.lead.mining.request",
            lead_number=number,
            country_ids=[[6, 0, [self.belgium]]],
            **{"lead_type": "opportunity", **values},
        )
        self.user.call("crm.iap.lead.mining.request", "action_submit", [request])
        [row] = self.user.call(
            "crm.iap.lead.mining.request",
            "read",
            [request],
            ["state", "error_type", "lead_count", "lead_ids"],
        )
        return row

    def leads(self, ids: list[int]) -> list[dict]:
        names = ["name", "partner_name", "email_from", "phone", "website", "street", "city",
                 "country_id", "reveal_id"]  # fmt: skip
        return self.user.call("crm.lead", "read", ids, names)

    def enrich(self, **values) -> dict:
        """Make a lead and press *Enrich*."""
        lead = self.user.create("crm.lead", **{"name": "Question", **values})
        self.user.call("crm.lead", "iap_enrich", [lead])
        names = ["partner_name", "city", "country_id", "iap_enrich_done"]
        [row] = self.user.call("crm.lead", "read", [lead], names)
        return row

    def enrich_in_list(self, *emails: str) -> list[dict]:
        """Make a lead of each, and choose *Enrich* among the list's actions for all of them."""
        ids = [self.user.create("crm.lead", name="Question", email_from=email) for email in emails]
        _model, action = self.user.call(
            "ir.model.data", "check_object_reference", "crm_iap_enrich", "action_enrich_mail"
        )
        self.user.run(action, active_model="crm.lead", active_ids=ids, active_id=ids[0])
        return self.user.call("crm.lead", "read", ids, ["partner_name", "iap_enrich_done"])
