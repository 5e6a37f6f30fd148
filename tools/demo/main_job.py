"""In an Odoo shell: import the companies, make a salesperson, have a request of theirs done."""

import time
from collections.abc import Callable
from typing import Any

from odoo.service.model import retrying

from tools.demo import showcase

END_STATES = ("done", "partial", "failed", "cancelled", "waiting_credits")
PAUSE = 0.5  # seconds


def main(env: Any, job: dict) -> dict:
    """Fill the demo database; the request itself is done by a cron process.

    :param env: Odoo's environment, of the administrator.
    :param job: datasets (csv, already_dropped and their values), login, password, leads, industries
        (NACE codes), patience (seconds).
    :return: datasets (name -> companies), companies_imported, rows_dropped, import_seconds,
        request, request_state, leads, enriched (name of a company), credits_before,
        credits_after, holds_open.
    :raise RuntimeError: when the import or the request does not come to its end.
    """
    started = time.monotonic()
    imports = [_import_companies(env, **dataset) for dataset in job["datasets"]]
    seconds = time.monotonic() - started
    salesperson = _done(env, _make_salesperson, job)
    # Before anything is asked for: a scheduled action at work on a request while a language is
    # loaded may leave it to its lease.
    colleague = _done(env, showcase.italian, salesperson)
    credits_before = _done(env, _balance)
    request = _done(env, _queue_request, salesperson, job)
    another = _done(env, showcase.italian_request, colleague)
    _wait(env, request, "state", job["patience"])
    _wait(env, another, "state", job["patience"])
    others = _done(env, showcase.rest_providers)
    enriched = _done(env, showcase.main, salesperson, colleague)
    _wait(env, enriched, "enrichment_state", job["patience"])
    _done(env, showcase.resume_providers, others)
    return {
        "datasets": {done.dataset_id.name: done.companies_created for done in imports},
        "companies_imported": sum(done.companies_created for done in imports),
        "rows_dropped": sum(done.rows_dropped for done in imports)
        + sum(dataset["already_dropped"] for dataset in job["datasets"]),
        "import_seconds": round(seconds, 2),
        "request": request.name,
        "request_state": request.state,
        "leads": request.lead_count,
        "enriched": enriched.partner_name,
        "credits_before": credits_before,
        "credits_after": _balance(env),
        "holds_open": env["iap.credit.hold"].search_count([("state", "=", "open")]),
    }


def _done(env: Any, step: Callable, *given: Any) -> Any:
    """Do and commit a step, again where a scheduled action has changed the same meanwhile."""
    return retrying(lambda: step(env, *given), env)


def _balance(env: Any) -> int:
    """Return the credits that can be spent; the first who asks makes the account."""
    return env["iap.account"]._get_local("reveal").credits_available


def _import_companies(env: Any, csv: str, already_dropped: int, **values: str) -> Any:
    """Import a file into a dataset of these values.

    :param already_dropped: rows that are not even in the file
    """
    dataset = env["lead.directory.dataset"].create(values)
    done = env["lead.directory.import"]._import_path(dataset, csv, version=values["version"])
    if done.state != "done":
        raise RuntimeError(done.failure or f"The import ended in the state {done.state}.")
    return done


def _make_salesperson(env: Any, job: dict) -> Any:
    env.company.country_id = env.ref("base.us")
    salesperson = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Sally Sample",
                "login": job["login"],
                "password": job["password"],
                "email": "sally@company.example",
                "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
            }
        )
    )
    env.ref("sales_team.team_sales_department").member_ids |= salesperson
    return salesperson


def _queue_request(env: Any, salesperson: Any, job: dict) -> Any:
    industries = env["lead.mining.industry"].search([("code", "in", job["industries"])])
    request = (
        env["lead.mining.request"]
        .with_user(salesperson)
        .create(
            {
                "lead_number": job["leads"],
                "country_ids": [(6, 0, env.ref("base.us").ids)],
                "industry_ids": [(6, 0, industries.ids)],
            }
        )
    )
    request.action_generate()
    return request


def _wait(env: Any, record: Any, state: str, patience: float) -> None:
    """Wait until the scheduler has done what a record asks for.

    :param state: the field that tells
    """
    deadline = time.monotonic() + patience
    while record[state] not in END_STATES:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{record.display_name} did not end.")
        # A scheduler looks for work by itself only once a minute, and may have begun to listen
        # after the request was queued.
        env["ir.cron"]._notifydb()
        time.sleep(PAUSE)
        env.cr.rollback()  # for the state of now
        env.invalidate_all()
