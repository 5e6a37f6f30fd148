"""Everything but leads, contacts and enrichment costs nothing: walked with an empty account."""

import base64
import json

import mail_plugin_client
import mining_database
import pytest
import requests

LEDGER = """
SELECT (SELECT count(*) FROM iap_credit_entry), (SELECT count(*) FROM iap_credit_hold),
       (SELECT sum(available)::int FROM iap_credit_balance)
"""
COMPANIES = b"name;domain;country\nAcme;acme.example;BE\nBrick;brick.example;BE\n"


class Session:
    """A user of the web client."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url = url
        self._http = requests.Session()
        self._post(
            "/web/session/authenticate", {"db": database, "login": login, "password": password}
        )

    def _post(self, route: str, params: dict) -> object:
        answer = self._http.post(self.url + route, json={"params": params}, timeout=120).json()
        assert "error" not in answer, answer["error"]["data"]["debug"]
        return answer.get("result")  # Odoo leaves out a None

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> object:
        """Return what a public method of a model answers."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def create(self, model: str, **values: object) -> int:
        """Return the id of a new record."""
        [record_id] = self.call(model, "create", [values])
        return record_id

    def run(self, action_id: int, **context: object) -> object:
        """Choose an action among those of a list or form."""
        return self._post("/web/action/run", {"action_id": action_id, "context": context})

    def get(self, path: str) -> bytes:
        """Return what a page or a file contains."""
        answer = self._http.get(self.url + path, timeout=120)
        answer.raise_for_status()
        return answer.content


class Office:
    """A running database whose account is empty, and who works in it."""

    def __init__(self, host, database: str, server, known: dict):
        self.database, self.known = database, known
        self._host = host
        self.admin = Session(server.url, database, "admin", "admin")
        self.sally = Session(server.url, database, "sally", "sally-secret")
        self.addin = mail_plugin_client.Addin(server.url, known["token"])
        [self.belgium] = self.sally.call("res.country", "search", [("code", "=", "BE")])
        self.criteria = {"country_ids": [(6, 0, [self.belgium])], "lead_number": 5}

    def ledger(self) -> list:
        """Return how many entries and holds there are, and what is available."""
        return self._host.sql(LEDGER, database=self.database)[0]


@pytest.fixture(scope="module")
def office(host):
    with host.database("free") as database:
        known = json.loads(host.shell(database, mail_plugin_client.SET_UP).splitlines()[-1])
        mining_database.prepare(host, database, lease_seconds=60, credits=0)
        with host.server(database, cron=0) as server:
            office = Office(host, database, server, known)
            assert office.ledger()[2] == 0
            yield office


def preview(office):
    values = {"country_ids": [office.belgium], "lead_number": 5}
    found = office.sally.call("lead.mining.request", "get_preview", values)
    assert (found["count"], len(found["sample"])) == (mining_database.COMPANIES, 5)


def saved_searches(office):
    search = office.sally.create("lead.mining.search", name="Belgium", **office.criteria)
    action = office.sally.call("lead.mining.search", "action_export", [search])
    content = office.sally.get(action["url"])
    wizard = office.sally.create(
        "lead.mining.search.import", file=base64.b64encode(content).decode()
    )
    office.sally.call("lead.mining.search.import", "action_import", [wizard])
    assert office.sally.call("lead.mining.search", "search_count", [("name", "ilike", "Belg")]) == 2


def own_directory(office):
    dataset = office.admin.create("lead.directory.dataset", name="Ours")
    job = office.admin.create(
        "lead.directory.import",
        dataset_id=dataset,
        file=base64.b64encode(COMPANIES).decode(),
        file_name="companies.csv",
    )
    office.admin.call("lead.directory.import", "action_read_header", [job])
    office.admin.call("lead.directory.import", "action_start", [job])
    [cron] = office.admin.call(
        "ir.cron",
        "search",
        [("model_id.model", "=", "lead.directory.import")],
        context={"active_test": False},
    )
    office.admin.call("ir.cron", "method_direct_trigger", [cron])
    [done] = office.admin.call("lead.directory.import", "read", [job], ["state"])
    assert done["state"] == "done"
    ours = [("dataset_id", "=", dataset)]
    assert office.admin.call("lead.directory.company", "search_count", ours) == 2


def what_is_never_mined(office):
    wizard = office.admin.create(
        "lead.mining.suppression.import",
        file=base64.b64encode(b"domain\nnever.example\n").decode(),
        file_name="never.csv",
    )
    office.admin.call("lead.mining.suppression.import", "action_preview", [wizard])
    office.admin.call("lead.mining.suppression.import", "action_import", [wizard])
    assert office.admin.call("lead.mining.suppression", "search_count", [])


def analyses(office):
    for model in ("lead.mining.report", "iap.credit.consumption"):
        office.admin.call(model, "formatted_read_group", [], [], ["__count"])


def providers(office):
    [directory] = office.admin.call("lead.mining.provider", "search", [("code", "=", "directory")])
    office.admin.call("lead.mining.provider", "action_test_connection", [directory])


def the_credits_administration(office):
    [account] = office.admin.call("iap.account", "search", [("service_id.name", "!=", False)])[:1]
    statement = office.admin.create("iap.credit.statement", account_id=account)
    export = office.admin.call("iap.credit.statement", "action_export", [statement])
    assert office.admin.get(export["url"]).startswith(b"PK")
    proof = office.admin.create("iap.credit.proof", account_id=account)
    [proven] = office.admin.call("iap.credit.proof", "read", [proof], ["is_proven"])
    assert proven["is_proven"]


def the_mailbox(office):
    person = {"email": "zoe@stripes.test", "name": "Zoe"}
    found = office.addin.call("/mail_plugin/partner/get", person)
    assert found["partner"]["id"] == -1
    made = office.addin.call("/mail_plugin/partner/create", {**person, "company": -1})
    lead = office.addin.call(
        "/mail_plugin/lead/create",
        {"partner_id": made["id"], "email_body": "<p>Hi</p>", "email_subject": "Stripes"},
    )
    logged = office.addin.call(
        "/mail_plugin/log_mail_content",
        {"model": "crm.lead", "res_id": lead["lead_id"], "message": "<p>Hi</p>"},
    )
    assert logged is True
    task = office.addin.call(
        "/mail_plugin/task/create",
        {
            "email_subject": "Stripes",
            "email_body": "<p>Hi</p>",
            "project_id": office.known["project"],
            "partner_id": made["id"],
        },
    )
    assert task["task_id"]


def mail_to_who_is_registered(office):
    company = office.admin.call("res.users", "read", [2], ["company_id"])[0]["company_id"][0]
    office.admin.call("res.company", "write", [company], {"recipient_policy": True})
    lead = office.known["lead"]
    office.sally.call(
        "crm.lead", "message_post", [lead], body="Hello", message_type="comment",
        subtype_xmlid="mail.mt_comment", partner_ids=[office.known["contact"]],
    )  # fmt: skip


def access_and_erasure(office):
    wizard = office.admin.create("lead.mining.privacy", email="ann@acme.test")
    office.admin.call("lead.mining.privacy", "action_search", [wizard])
    office.admin.call("lead.mining.privacy", "action_erase", [wizard])
    [done] = office.admin.call("lead.mining.privacy", "read", [wizard], ["state"])
    assert done["state"] == "done"


FEATURES = (
    preview,
    saved_searches,
    own_directory,
    what_is_never_mined,
    analyses,
    providers,
    the_credits_administration,
    the_mailbox,
    mail_to_who_is_registered,
    access_and_erasure,
)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.__name__)
def test_an_empty_account_is_enough_for(office, feature):
    before = office.ledger()
    feature(office)
    assert office.ledger() == before


def test_an_empty_account_is_not_enough_for_leads(office):
    request = office.sally.create("lead.mining.request", **office.criteria)
    office.sally.call("lead.mining.request", "action_generate", [request])
    [waiting] = office.sally.call(
        "lead.mining.request", "read", [request], ["state", "credits_missing"]
    )
    assert (waiting["state"], waiting["credits_missing"]) == ("waiting_credits", 5)
