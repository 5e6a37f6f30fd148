"""What one user gets back in many processes at once; run inside an Odoo shell.

Each public function takes the shell's environment and returns what JSON can carry.
"""

from credit_scenarios import (
    FORK,
    _audit,
    _capture,
    _close_idle_connections,
    _hold,
    _in_processes,
    _in_transaction,
    _new_account,
)

from odoo.exceptions import UserError

LIMIT = 2
#: Processes, each of which has a delivery of one credit of its own.
RIVALS = 4


def _deliver(env):
    """Have one request that delivered as many leads as there are rivals, committed.

    :return: its account, its results and as many leads that were there before.
    """
    env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", str(LIMIT))
    account = _new_account(env, RIVALS)
    company = account.company_ids
    env.user.company_ids += company
    known = env["crm.lead"].create(
        [{"name": f"Known {number}", "type": "opportunity"} for number in range(RIVALS)]
    )
    mined = known.create(
        [{"name": f"Mined {number}", "type": "opportunity"} for number in range(RIVALS)]
    )
    request = env["lead.mining.request"].create({"company_id": company.id, "lead_number": RIVALS})
    env.cr.commit()
    hold = _hold(account, RIVALS)
    env.cr.commit()
    entry = _capture(account, hold, RIVALS)
    results = env["lead.mining.result"].create(
        [
            {
                "request_id": request.id,
                "name": lead.name,
                "outcome": "created",
                "lead_id": lead.id,
                "credits": 1,
                "entry_id": entry.id,
            }
            for lead in mined
        ]
    )
    env.cr.commit()
    return account, results, known


def _user(env, name):
    """Return a user of all companies whose month has just begun."""
    group = env.ref("sales_team.group_sale_manager")
    user = env["res.users"].create(
        {
            "name": name,
            "login": name,
            "group_ids": [(4, group.id)],
            "company_ids": [(6, 0, env["res.company"].search([]).ids)],
        }
    )
    env.cr.commit()
    return user


def _race(env, name, works):
    """Let a user do everything at once, each in a transaction that has seen nothing of the others.

    :param works: functions of an environment and of a result with the lead that it duplicates
    """
    account, results, known = _deliver(env)
    user = _user(env, name)
    ready = FORK.Barrier(RIVALS)

    def work(env, index):
        own = env(user=user.id)
        waited = []

        def act():
            own.invalidate_all()
            own.cr.execute("SELECT")  # the transaction sees the database as it is now
            if not waited:
                waited.append(True)
                ready.wait()
            works[index % len(works)](results[index].with_env(own), known[index].with_env(own))

        try:
            _in_transaction(own, act)
        except UserError:
            own.cr.rollback()
            return "refused"
        return "done"

    _close_idle_connections()
    outcomes = _in_processes(env, work, range(RIVALS))
    env.cr.commit()
    env.invalidate_all()
    refunds = env["lead.mining.refund"].search([("user_id", "=", user.id)])
    env["lead.mining.refund"]._cron_post()
    return {
        "outcomes": sorted(outcomes),
        "refunds": sum(refunds.mapped("credits")),
        "merged": len(known) * 2 - len((known | results.lead_id).exists()),
        **_audit(env, account),
    }


def _merge(result, known):
    (known | result.lead_id).merge_opportunity()


def _report(result, _known):
    wizard = result.env["lead.mining.bad.data"]
    wizard.create({"result_ids": result.ids, "flaw": "closed"}).action_confirm()


def merge_at_once(env):
    """One user merges several duplicates in several tabs."""
    return _race(env, "merger", [_merge])


def merge_and_report_at_once(env):
    """One user merges in some tabs and reports bad data in others."""
    return _race(env, "reporter", [_merge, _report])
