"""While a lane works: settings are saved, addons are updated, and what was set up stays."""

import functools
import itertools
import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from installation import differences, take_snapshot
from mining_database import Database
from test_free_features import Session
from test_mining_providers import CREDITS, SETUP, ProviderServer, hunter

from tools import paths
from tools.console import execute

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
env["ir.default"].set("lead.mining.request", "lead_number", 9)
env.company.write({"recipient_policy": True, "recipient_log_days": 11})
env.ref("base.group_system").implied_ids -= (
    env.ref("crm_iap_credits.group_billing_administrator")
    + env.ref("crm_mail_recipients.group_recipient_manager"))
# Odoo's own data switch this one on at each update.
env.ref("payment.cron_post_process_payment_tx").active = True
env.cr.commit()
"""
#: Tables that lanes write while they work, and whoever is told of it.
AT_WORK = {
    *("crm_lead", "iap_credit_allocation", "iap_credit_balance", "iap_credit_entry"),
    *("iap_credit_hold", "iap_credit_lot", "iap_credit_wish"),
    *("lead_mining_answer", "lead_mining_contact", "lead_mining_identity", "lead_mining_rate"),
    *("lead_mining_request", "lead_mining_result", "lead_mining_run", "mail_followers"),
    *("mail_mail", "mail_message", "mail_notification", "mail_tracking_value", "res_partner"),
}
#: What Odoo itself writes when settings are saved for the first time: defaults, and a parameter
#: that it had as 1.
WRITTEN_DOWN = {
    *(("new", "ir_config_parameter"), ("new", "ir_default")),
    ("gone", "mail.restrict.template.rendering"),
}


class Workshop:
    """A running server both of whose lanes wait for a slow provider."""

    def __init__(self, host, database: Database, session: Session, provider):
        self.host, self.database = host, database
        self.session, self.provider = session, provider
        self._numbers = itertools.count()

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

    def changed_by(self, work: Callable[[], object]) -> list:
        """Return the differences that some work makes, but for those that the lanes make."""
        name = self.database.name
        number = next(self._numbers)
        old, new = f"before_{number}", f"after_{number}"
        take_snapshot(self.host, name, old, leave_out=AT_WORK)
        work()
        take_snapshot(self.host, name, new, leave_out=AT_WORK)
        return differences(self.host, name, old, new)

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
    changed = workshop.changed_by(lambda: workshop.save_settings(module))
    assert workshop.busy_lanes() == 2
    for sign, table, row in changed:
        assert {(sign, table), (sign, row.get("key"))} & WRITTEN_DOWN, (sign, table, row)


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


def test_update_of_all_addons_works_and_keeps_what_an_administrator_has_set(workshop):
    workshop.wait_until_busy(2)
    log = paths.LOGS / f"update-{workshop.database.name}.log"
    log.unlink(missing_ok=True)
    options = ["-u", "all", "--stop-after-init", "--no-http"]
    command = workshop.host.odoo_command(workshop.database.name, *options)
    update = functools.partial(
        execute, command, log=log, env=workshop.host.environment(), advice="The update failed"
    )
    assert workshop.changed_by(update) == []
