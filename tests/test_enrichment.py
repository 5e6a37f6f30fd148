"""Enrichment by real servers: two users at once, power cuts, a mail add-in, stock's own clients."""

import json
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import mining_database
import pytest
from mail_plugin_client import SET_UP, Addin

COMPANIES = 40
CREDITS = 1000
#: Short, so that a dead lane's attempt is taken over while the test waits.
LEASE_SECONDS = 4

PREPARE = f"""{mining_database.SYNTHETIC}
from odoo.tests.common import new_test_user
env["ir.config_parameter"].set_param("crm_lead_enrichment.lease_seconds", "{LEASE_SECONDS}")
env["ir.config_parameter"].set_param("crm_mail_plugin.enrichment", "open")
env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
synthetic_companies(range({COMPANIES}), city="Bruxelles")
for number in range(4):
    new_test_user(env, login=f"seller{{number}}", password=f"seller{{number}}-secret",
                  groups="sales_team.group_sale_salesman_all_leads")
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust({CREDITS} - account.credits_available, reason="Test", idempotency_key="prepare")
env.cr.commit()
"""

LEADS = """
import json
leads = env["crm.lead"].create([
    {{"name": f"Question {{number}}", "email_from": f"jane@synthetic{{number}}.example"}}
    for number in range({count})
])
{then}
env.cr.commit()
print(json.dumps(leads.ids))
"""


class Database(mining_database.Database):
    """A database whose leads are enriched."""

    def leads(self, count, then=""):
        output = self.host.shell(self.name, LEADS.format(count=count, then=then))
        return json.loads(output.splitlines()[-1])

    def count(self, *states):
        return self.value(
            "SELECT count(*) FROM lead_enrichment WHERE state = ANY(%s)", list(states)
        )

    def wait_for_end(self):
        def is_over():
            self.trigger_lanes()
            return not self.count("queued", "running")

        self.wait(is_over)

    def assert_sound(self, enriched):
        """So many leads are enriched, each paid and noted once, and nothing is set aside."""
        assert self.count("done") == enriched
        assert self.value("SELECT count(*) FROM crm_lead WHERE city = 'Bruxelles'") == enriched
        captured = "SELECT COALESCE(sum(amount), 0) FROM iap_credit_entry WHERE kind = 'capture'"
        assert self.value(captured) == enriched
        assert self.value("SELECT sum(available) FROM iap_credit_balance") == CREDITS - enriched
        assert self.value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'") == 0
        cards = "SELECT count(*) FROM mail_message WHERE body LIKE '%%o_lead_mining_card%%'"
        assert self.value(cards + " AND model = 'crm.lead'") == enriched


@pytest.fixture(scope="module")
def prepared(host):
    with host.database("enrichment_prepared") as name:
        host.shell(name, PREPARE)
        yield name


@pytest.fixture
def database(host, prepared):
    with host.database("enrichment", source=prepared) as name:
        database = Database(host, name)
        with closing(database):
            yield database


def enrich(server, database, number, leads):
    """Press Enrich as one of the users, and return what is said to them."""
    login = f"seller{number}"
    password = f"{login}-secret"
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    user = common.authenticate(database.name, login, password, {})
    models = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object", allow_none=True)
    try:
        return models.execute_kw(
            database.name, user, password, "crm.lead", "action_enrich", [leads]
        )
    except xmlrpc.client.Fault as fault:
        return fault.faultString


def test_users_who_press_enrich_at_once_pay_once(database):
    leads = database.leads(10)
    with (
        database.host.server(database.name, cron=0) as server,
        ThreadPoolExecutor(4) as pool,
    ):
        said = list(pool.map(lambda n: enrich(server, database, n, leads), range(4)))
    with database.host.server(database.name, cron=2, http=False):
        database.wait_for_end()
    assert any(isinstance(answer, dict) for answer in said), said
    assert all(isinstance(a, dict) or "already being enriched" in a for a in said), said
    assert database.value("SELECT count(*) FROM lead_enrichment") == 10
    database.assert_sound(10)


def test_leads_of_one_company_on_two_lanes_pay_its_answer_once(database):
    database.leads(
        1,
        "twins = env['crm.lead'].create([{'name': 'Twin', 'email_from': 'x@synthetic0.example'}"
        " for _number in range(20)]); (leads + twins)._queue_enrichment()",
    )
    with (
        database.host.server(database.name, cron=2, http=False),
        database.host.server(database.name, cron=2, http=False),
    ):
        database.wait_for_end()
    assert database.count("done") == 21
    assert database.value("SELECT sum(credits) FROM lead_enrichment") == 1
    assert database.value("SELECT sum(available) FROM iap_credit_balance") == CREDITS - 1
    assert database.value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'") == 0


def test_power_cuts_lose_and_repeat_nothing(database):
    database.leads(COMPANIES, "leads._queue_enrichment()")
    for done in (3, 12, 24):
        with database.host.server(database.name, cron=2, http=False) as server:
            database.wait(lambda done=done: database.count("done") >= done)
            server.kill()
    with database.host.server(database.name, cron=2, http=False):
        database.wait_for_end()
    database.assert_sound(COMPANIES)


def test_mail_add_in_gets_a_company_for_one_credit_and_again_for_none(database):
    output = database.host.shell(database.name, SET_UP)
    token = json.loads(output.splitlines()[-1])["token"]
    with database.host.server(database.name, cron=0) as server:
        addin = Addin(server.url, token)
        question = {"email": "jane@synthetic7.example", "name": "Jane"}
        answer = addin.call("/mail_plugin/partner/get", question)
        company = answer["partner"]["company"]
        assert company["name"] == "Synthetic 7", answer
        assert company["address"]["city"] == "Bruxelles"
        assert company["additionalInfo"]["employees"] == 17
        credits = "SELECT sum(available) FROM iap_credit_balance"
        assert database.value(credits) == CREDITS - 1
        database.host.sql(
            f"UPDATE res_partner SET active = false WHERE id = {company['id']};"
            "DELETE FROM res_partner_iap",
            database=database.name,
        )
        addin.call("/mail_plugin/partner/get", question)
        assert database.value(credits) == CREDITS - 1
        addin.call("/mail_plugin/partner/get", {"email": "x@unknown.example", "name": "X"})
        assert database.value(credits) == CREDITS - 1
    assert database.value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'") == 0
