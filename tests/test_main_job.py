"""The main job as a new user meets it: `./run demo --once --json`, checked by separate SQL."""

import json
import os
import subprocess
import sys
import time

import pytest

from tools import paths
from tools.commands import demo
from tools.demo.main_job import END_STATES
from tools.host import STATE_VARIABLE

AGAIN = """
request = env["lead.mining.request"].search([("name", "=", {name!r})])
again = request.with_user(request.create_uid).copy()
again.action_generate()
env.cr.commit()
print(again.name)
"""

STATE = """
    SELECT run.state FROM lead_mining_request AS request
      JOIN lead_mining_run AS run ON run.id = request.run_id
     WHERE request.name = %s
"""

LEADS = """
    SELECT lead.id, company.id, country.code, company.industries
      FROM crm_lead AS lead
      JOIN lead_mining_request AS request ON request.id = lead.mining_request_id
      JOIN lead_directory_company AS company ON company.name = lead.partner_name
      JOIN res_country AS country ON country.id = lead.country_id
     WHERE request.name = %s
"""


@pytest.fixture(scope="module")
def facts():
    """What the demo printed, once for all tests here."""
    of_odoo = ("PYTHONPATH", STATE_VARIABLE)
    done = subprocess.run(
        # The Python that a user would start it with, not that of Odoo's environment.
        [sys._base_executable, str(paths.REPO / "run"), "demo", "--once", "--json"],
        env={name: value for name, value in os.environ.items() if name not in of_odoo},
        capture_output=True,
        text=True,
        timeout=900,
    )
    log = paths.LOGS / "shell.log"  # which says where; whoever reads this may not have it
    assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def database(host, facts):
    return host.name(demo.ONCE_LABEL)


def wait(host, database, request):
    deadline = time.monotonic() + demo.REQUEST_SECONDS
    while time.monotonic() < deadline:
        if host.sql(STATE, database=database, parameters=[request])[0][0] in END_STATES:
            return
        time.sleep(0.5)
    pytest.fail(f"The request {request} did not end.")


def query(host, database, text, *parameters):
    return host.sql(text, database=database, parameters=parameters)


class TestMainJob:
    def test_the_facts_are_complete_and_add_up(self, facts):
        assert set(facts) == {
            *("companies_imported", "rows_dropped", "import_seconds", "request", "request_state"),
            "datasets",
            *("leads", "enriched", "credits_before", "credits_after", "holds_open", "login"),
            "total_seconds",
        }
        assert facts["request_state"] == "done"
        assert facts["leads"] == demo.LEADS
        assert facts["enriched"]
        assert facts["credits_before"] - facts["credits_after"] > demo.LEADS
        assert facts["holds_open"] == 0

    def test_real_companies_are_in_the_directory(self, host, database, facts):
        rows = query(
            host,
            database,
            "SELECT count(*), count(DISTINCT lower(name)) FROM lead_directory_company",
        )
        ((companies, names),) = rows
        assert companies == facts["companies_imported"]
        assert companies > 1500
        assert names > companies * 0.98

    def test_they_are_of_many_countries_with_and_without_websites(self, host, database, facts):
        rows = query(
            host,
            database,
            """
            SELECT dataset.name, count(*), count(DISTINCT country_code), count(website),
                   count(lei), count(dataset.attribution)
              FROM lead_directory_company AS company
              JOIN lead_directory_dataset AS dataset ON dataset.id = company.dataset_id
          GROUP BY dataset.name
            """,
        )
        assert {name: count for name, count, *_rest in rows} == facts["datasets"]
        assert sum(websites for *_name, websites, _leis, _told in rows) > 1000
        assert sum(count - websites for _, count, _, websites, *_rest in rows) > 5000
        assert max(countries for _name, _count, countries, *_rest in rows) > 20
        assert all(count == told for _name, count, *_rest, told in rows)

    def test_nobody_there_is_a_real_person(self, host, database, facts):
        contacts = query(host, database, "SELECT name, email FROM lead_directory_contact")
        assert len(contacts) > 1000
        for name, email in contacts:
            assert name.startswith("Synthetic Contact ")
            assert email.endswith(".example")

    def test_the_leads_are_distinct_imported_companies_that_match(self, host, database, facts):
        leads = query(host, database, LEADS, facts["request"])
        assert len({lead for lead, *_rest in leads}) == demo.LEADS
        assert len({company for _lead, company, *_rest in leads}) == demo.LEADS
        assert {country for *_rest, country, _industries in leads} == {"US"}
        for *_rest, industries in leads:
            assert set(industries.split(",")) & set(demo.INDUSTRIES)

    def test_each_lead_has_firmographics_and_a_note_in_the_chatter(self, host, database, facts):
        rows = query(
            host,
            database,
            """
            SELECT lead.id, lead.company_employees, lead.company_industry_id, lead.website,
                   count(message.id) FILTER (WHERE message.body LIKE '%%lead_mining_card%%')
              FROM crm_lead AS lead
              JOIN lead_mining_request AS request ON request.id = lead.mining_request_id
         LEFT JOIN mail_message AS message
                ON message.model = 'crm.lead' AND message.res_id = lead.id
             WHERE request.name = %s
          GROUP BY lead.id
            """,
            facts["request"],
        )
        assert len(rows) == demo.LEADS
        assert all(notes == 1 for *_fields, notes in rows)
        assert all(industry for _id, _employees, industry, *_rest in rows)
        # The source knows the size of nearly all of them, and the website of most.
        assert sum(bool(employees) for _id, employees, *_rest in rows) > demo.LEADS * 0.8
        assert sum(bool(website) for *_fields, website, _notes in rows) > demo.LEADS * 0.8

    def test_the_other_addons_are_shown_too(self, host, database, facts):
        counts = query(
            host,
            database,
            """
            SELECT (SELECT count(*) FROM iap_credit_pack),
                   (SELECT count(*) FROM lead_mining_search),
                   (SELECT count(*) FROM mail_plugin_connection),
                   (SELECT count(*) FROM crm_lead WHERE name LIKE 'Try me%%'),
                   (SELECT count(*) FROM crm_lead WHERE name LIKE 'Enrich me%%'),
                   (SELECT count(*) FROM lead_enrichment WHERE state = 'done'),
                   (SELECT count(*) FROM payment_provider WHERE state = 'test'),
                   (SELECT count(*) FROM res_company WHERE recipient_policy),
                   (SELECT count(*) FROM res_users JOIN res_partner AS partner
                        ON partner.id = partner_id WHERE partner.lang = 'it_IT'),
                   (SELECT count(*) FROM res_users WHERE action_id IS NOT NULL)
            """,
        )
        assert counts == [[2, 2, 1, 3, 1, 1, 1, 1, 1, 3]]

    def test_who_reads_italian_finds_a_request_leads_a_search_and_deals(self, host, database):
        counts = query(
            host,
            database,
            """
            SELECT (SELECT count(*) FROM lead_mining_request AS request
                      JOIN lead_mining_run AS run ON run.id = request.run_id
                     WHERE request.create_uid = sara.id AND run.state = 'done'),
                   (SELECT count(*) FROM crm_lead
                     WHERE user_id = sara.id AND mining_request_id IS NOT NULL),
                   (SELECT count(*) FROM lead_mining_search WHERE user_id = sara.id),
                   (SELECT count(*) FROM crm_lead
                     WHERE user_id = sara.id AND name LIKE 'Provami%%')
              FROM res_users AS sara WHERE login = 'sara'
            """,
        )
        assert counts == [[1, 5, 1, 3]]

    def test_the_ledger_says_the_same(self, host, database, facts):
        ((balance, available, held),) = query(
            host,
            database,
            """
            SELECT (SELECT available FROM iap_credit_balance),
                   sum(available_delta), sum(held_delta)
              FROM iap_credit_entry
            """,
        )
        assert (balance, int(available), int(held)) == (facts["credits_after"],) * 2 + (0,)
        captured = query(
            host, database, "SELECT sum(amount) FROM iap_credit_entry WHERE kind = 'capture'"
        )
        assert int(captured[0][0]) == facts["credits_before"] - facts["credits_after"]

    def test_the_same_request_again_brings_only_others(self, host, database, facts):
        before = {
            company for _lead, company, *_rest in query(host, database, LEADS, facts["request"])
        }
        with host.server(database, cron=1, http=False):
            again = host.shell(database, AGAIN.format(name=facts["request"])).split()[-1]
            wait(host, database, again)
        after = {company for _lead, company, *_rest in query(host, database, LEADS, again)}
        assert len(after) == demo.LEADS
        assert not before & after
        balance = query(host, database, "SELECT available FROM iap_credit_balance")
        assert balance == [[facts["credits_after"] - demo.LEADS]]
