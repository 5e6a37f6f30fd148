"""While a lane works: settings are saved, addons are updated, and what was set up stays."""

import threading
from contextlib import closing

import pytest
from mining_database import Database
from test_free_features import Session
from test_mining_providers import CREDITS, SETUP, ProviderServer, hunter

from tools import paths
from tools.console import execute
from tools.host import our_modules

#: Seconds that an answer takes, less than the pipeline waits for one.
SLOW = 15
LEASE_SECONDS = 300
#: What an administrator has changed before the lanes work.
CHANGES = """
lane = env.ref("crm_lead_mining.ir_cron_lane")
lane.write({"name": "Night lane", "interval_number": 7, "priority": 3})
env.ref("crm_lead_enrichment.ir_cron_enrichment_lane").write({"active": False, "priority": 2})
env.ref("crm_lead_mining.sequence_lead_mining_request").prefix = "ASK"
env.ref("crm_lead_mining.mail_activity_type_notice").write({"name": "Tell Them", "delay_count": 3})
env.ref("crm_lead_mining.industry_62").write({"name": "Software", "industry_id": False})
env.ref("crm_lead_mining.provider_website").write({"name": "Their Sites", "sequence": 99})
env.ref("crm_lead_mining.provider_hunter").write({"sequence": 1, "note": "Ours"})
env.ref("crm_lead_mining.provider_gleif").unlink()
env.ref("crm_iap_credits.ir_cron_expire_lots").write({"interval_number": 3})
env["mail.template"].search([("model", "=", "iap.credit.order")], limit=1).subject = "Thanks"
env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", "3")
env.cr.commit()
"""
#: Rows that an update must leave as they are, in one list that can be compared.
KEPT = """
SELECT 'cron', id::text, cron_name, active::text, interval_number::text, priority::text
  FROM ir_cron
 UNION ALL
SELECT 'sequence', id::text, name, prefix, padding::text, active::text FROM ir_sequence
 UNION ALL
SELECT 'activity', id::text, name::text, delay_count::text, active::text, sequence::text
  FROM mail_activity_type
 UNION ALL
SELECT 'template', id::text, name::text, subject::text, body_html::text, email_from
  FROM mail_template
 UNION ALL
SELECT 'industry', id::text, code, name::text, industry_id::text, '' FROM lead_mining_industry
 UNION ALL
SELECT 'role', id::text, code, name::text, '', '' FROM lead_mining_role
 UNION ALL
SELECT 'provider', id::text, name::text, active::text, sequence::text, note::text
  FROM lead_mining_provider
 UNION ALL
SELECT 'parameter', key, value, '', '', '' FROM ir_config_parameter
 WHERE key ~ '^(crm|iap|database)'
 UNION ALL
SELECT 'group', gid::text, hid::text, '', '', '' FROM res_groups_implied_rel
 ORDER BY 1, 2, 3, 4, 5, 6
"""


class Workshop:
    """A running server both of whose lanes wait for a slow provider."""

    def __init__(self, host, database: Database, session: Session, provider):
        self.host, self.database = host, database
        self.session, self.provider = session, provider

    def save_settings(self, module: str, **changes: object) -> None:
        """Save the page of an app as the web client does, with all fields of the form."""
        context = {"module": module}
        names = list(self.session.call("res.config.settings", "fields_get", [], ["type"]))
        values = self.session.call("res.config.settings", "default_get", names, context=context)
        values = {name: value for name, value in values.items() if value != []}
        [settings] = self.session.call(
            "res.config.settings", "create", [values | changes], context=context
        )
        self.session.call("res.config.settings", "execute", [settings], context=context)

    def setting(self, name: str) -> object:
        return self.session.call("res.config.settings", "default_get", [name])[name]

    def kept(self) -> list:
        return self.host.sql(KEPT, database=self.database.name)

    def busy_lanes(self) -> int:
        """Return how many lanes a scheduler has locked."""
        return self.database.value(
            """
            SELECT (SELECT count(*) FROM ir_cron AS lane JOIN ir_act_server AS action
                        ON action.id = lane.ir_actions_server_id WHERE code LIKE '%%_run_lane%%')
                 - count(*)
              FROM (SELECT lane.id FROM ir_cron AS lane JOIN ir_act_server AS action
                        ON action.id = lane.ir_actions_server_id WHERE code LIKE '%%_run_lane%%'
                       FOR NO KEY UPDATE OF lane SKIP LOCKED) AS free
            """
        )

    def wait_until_busy(self, lanes: int) -> None:
        self.database.wait(lambda: self.busy_lanes() >= lanes)


@pytest.fixture(scope="module")
def workshop(host):
    let_go = threading.Event()

    def slowly(path, body):
        let_go.wait(SLOW)
        return hunter(path, body)

    with host.database("atwork") as name, closing(ProviderServer(slowly)) as provider:
        host.shell(name, SETUP.format(url=provider.url, lease=LEASE_SECONDS, credits=CREDITS))
        host.shell(name, CHANGES)
        with closing(Database(host, name)) as database, host.server(name, cron=2) as server:
            session = Session(server.url, name, "admin", "admin")
            database.ask(40, count=2, more="'target': 'contacts', 'contact_number': 1,")
            workshop = Workshop(host, database, session, provider)
            workshop.wait_until_busy(2)
            yield workshop
            let_go.set()


@pytest.mark.parametrize("module", ["general_settings", "crm", "project"])
def test_settings_of_every_app_are_saved(workshop, module):
    workshop.wait_until_busy(2)
    before = workshop.kept()
    workshop.save_settings(module)
    assert workshop.busy_lanes() == 2
    # Odoo itself writes down a parameter's default when settings are saved for the first time.
    new = [row for row in workshop.kept() if row not in before]
    assert {row[0] for row in new} <= {"parameter"}
    assert [row for row in before if row not in workshop.kept()] == []


def test_number_of_lanes_grows_and_shrinks_as_far_as_lanes_are_idle(workshop):
    workshop.wait_until_busy(2)
    workshop.save_settings("crm", lead_mining_lanes=3)
    assert workshop.setting("lead_mining_lanes") == 3
    workshop.save_settings("crm", lead_mining_lanes=2)
    assert workshop.setting("lead_mining_lanes") == 2
    workshop.wait_until_busy(2)
    with pytest.raises(AssertionError, match="are running"):
        workshop.save_settings("crm", lead_mining_lanes=1)
    assert workshop.setting("lead_mining_lanes") == 2


def test_update_of_our_addons_works_and_keeps_what_an_administrator_has_set(workshop):
    workshop.wait_until_busy(2)
    before = workshop.kept()
    log = paths.LOGS / f"update-{workshop.database.name}.log"
    log.unlink(missing_ok=True)
    options = ["-u", ",".join(our_modules()), "--stop-after-init", "--no-http"]
    command = workshop.host.odoo_command(workshop.database.name, *options)
    execute(command, log=log, env=workshop.host.environment(), advice="The update failed")
    assert workshop.kept() == before
