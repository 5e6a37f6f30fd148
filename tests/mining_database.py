"""A database with companies and credits, on which real schedulers mine leads."""

import json
import time

import psycopg2

COMPANIES = 600
PATIENCE = 120

#: Makes invented companies of a directory in an Odoo shell.
SYNTHETIC = """
def synthetic_companies(numbers, **more):
    dataset = env["lead.directory.dataset"].create({"name": "Synthetic", "licence": "CC0-1.0"})
    return env["lead.directory.company"].create([
        {
            "dataset_id": dataset.id,
            "identity": f"reg:XX-TEST:{number:06d}",
            "name": f"Synthetic {number}",
            "registry": "XX-TEST",
            "registry_id": f"{number:06d}",
            "domain": f"synthetic{number}.example",
            "country_code": "BE",
            "industry": "62",
            "industries": "62",
            "employees": 10 + number,
            "employees_min": 10 + number,
            "employees_max": 10 + number,
            **{
                name: value.format(number) if isinstance(value, str) else value
                for name, value in more.items()
            },
        }
        for number in numbers
    ])

"""

PREPARE = """
belgium = env.ref("base.be")
env["ir.config_parameter"].set_param("crm_lead_mining.lease_seconds", "{lease_seconds}")
env["ir.cron"].search([("code", "not like", "_run_lane")]).active = False
# Websites of invented companies are nobody's.
env["lead.mining.provider"].search([("completes", "=", True)]).completes = False
synthetic_companies(range({companies}))
account = env["iap.account"]._get_local("reveal")
env.cr.commit()
account.adjust({credits} - account.credits_available, reason="Test", idempotency_key="prepare")
env.cr.commit()
"""

ASK = """
import json
requests = env["lead.mining.request"].create([
    {{"lead_number": {leads}, "country_ids": [(6, 0, env.ref("base.be").ids)], {more}}}
    for number in range({count})
])
for request in requests:
    request.action_generate()
env.cr.commit()
print(json.dumps(requests.ids))
"""


def prepare(host, name: str, *, lease_seconds: int, credits: int = COMPANIES) -> None:
    """Give the database COMPANIES companies, and credits to the account.

    :param lease_seconds: short, so that a dead lane's request is taken over while a test waits
    """
    script = SYNTHETIC + PREPARE.format(
        lease_seconds=lease_seconds, companies=COMPANIES, credits=credits
    )
    host.shell(name, script)


class Database:
    """Plain SQL on a database that Odoo processes work on."""

    def __init__(self, host, name):
        self.host, self.name = host, name
        self.connection = psycopg2.connect(**host.dsn(name))
        self.connection.autocommit = True
        # Odoo's schedulers listen on this database.
        self.schedulers = psycopg2.connect(**host.dsn("postgres"))
        self.schedulers.autocommit = True

    def close(self):
        self.connection.close()
        self.schedulers.close()

    def execute(self, query, *parameters):
        with self.connection.cursor() as cr:
            cr.execute(query, parameters)

    def value(self, query, *parameters):
        with self.connection.cursor() as cr:
            cr.execute(query, parameters)
            return cr.fetchone()[0]

    def ask(self, leads, count=1, more=""):
        """Queue requests in a process that ends before anybody works on them."""
        output = self.host.shell(self.name, ASK.format(leads=leads, count=count, more=more))
        return json.loads(output.splitlines()[-1])

    def state(self, request):
        return self.value(
            "SELECT n.state FROM lead_mining_request q JOIN lead_mining_run n ON n.id = q.run_id"
            " WHERE q.id = %s",
            request,
        )

    def created(self, request):
        return self.value(
            "SELECT COALESCE(n.created_count, 0) FROM lead_mining_request q"
            " JOIN lead_mining_run n ON n.id = q.run_id WHERE q.id = %s",
            request,
        )

    def wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "the worker did not get there in time"
            self.wake_schedulers()
            time.sleep(0.05)

    def wake_schedulers(self):
        """Spare the minute that an idle scheduler of Odoo sleeps."""
        with self.schedulers.cursor() as cr:
            cr.execute("SELECT pg_notify('cron_trigger', %s)", [self.name])

    def trigger_lanes(self):
        """Spare the minute until a lane looks again for what a dead one has left."""
        self.execute(
            """
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT id, timezone('UTC', now()) FROM ir_cron lane
             WHERE active AND NOT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = lane.id)
            """
        )

    def wait_for_end(self, *requests):
        self.wait(lambda: self._have_ended(requests))

    def wait_for_end_of_killed(self, *requests):
        """Wait, and have the lanes look again for what a dead one has left."""

        def ended():
            self.trigger_lanes()
            return self._have_ended(requests)

        self.wait(ended)

    def _have_ended(self, requests):
        return all(self.state(r) not in ("queued", "running") for r in requests)

    def assert_sound(self, leads, contacts=0, credits=COMPANIES):
        """So many leads of so many companies, each paid once, and nothing is set aside."""
        made = "SELECT count(*) FROM crm_lead WHERE mining_request_id IS NOT NULL"
        assert self.value(made) == leads
        assert self.value(made.replace("*", "DISTINCT reveal_id")) == leads
        assert self.value("SELECT count(*) FROM lead_mining_contact") == contacts
        captured = "SELECT COALESCE(sum(amount), 0) FROM iap_credit_entry WHERE kind = 'capture'"
        assert self.value(captured) == leads + contacts
        left = credits - leads - contacts
        assert self.value("SELECT sum(available) FROM iap_credit_balance") == left
        assert self.value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'") == 0
