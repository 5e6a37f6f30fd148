"""In an Odoo shell: import the companies, make a salesperson, have a request of theirs done."""

import time
from typing import Any

END_STATES = ("done", "partial", "failed", "cancelled", "waiting_credits")
PAUSE = 0.5  # seconds


def main(env: Any, job: dict) -> dict:
    """Fill the demo database; the request itself is done by a cron process.

    :param env: Odoo's environment, of the administrator.
    :param job: csv, version, already_dropped, login, password, leads, industries (NACE codes),
        patience (seconds).
    :return: companies_imported, rows_dropped, import_seconds, request, request_state, leads,
        credits_before, credits_after, holds_open.
    :raise RuntimeError: when the import or the request does not come to its end.
    """
    done, seconds = _import_companies(env, job)
    env.company.country_id = env.ref("base.us")
    salesperson = _make_salesperson(env, job)
    env.cr.commit()  # The ledger's own cursors see only what is committed.
    request = _queue_request(env, salesperson, job)
    # The price is held by the worker only, so this is the balance before the request.
    credits_before = env["iap.account"]._get_local("reveal").credits_available
    env.cr.commit()
    _wait(env, request, job["patience"])
    return {
        "companies_imported": done.companies_created,
        "rows_dropped": done.rows_dropped + job["already_dropped"],
        "import_seconds": round(seconds, 2),
        "request": request.name,
        "request_state": request.state,
        "leads": request.lead_count,
        "credits_before": credits_before,
        "credits_after": env["iap.account"]._get_local("reveal").credits_available,
        "holds_open": env["iap.credit.hold"].search_count([("state", "=", "open")]),
    }


def _import_companies(env: Any, job: dict) -> tuple[Any, float]:
    dataset = env["lead.directory.dataset"].create(
        {
            "name": "Listed companies",
            "source": "pytickersymbols",
            "version": job["version"],
            "licence": "MIT",
            "url": "https://pypi.org/project/pytickersymbols/",
        }
    )
    started = time.monotonic()
    done = env["lead.directory.import"]._import_path(dataset, job["csv"], version=job["version"])
    if done.state != "done":
        raise RuntimeError(done.failure or f"The import ended in the state {done.state}.")
    return done, time.monotonic() - started


def _make_salesperson(env: Any, job: dict) -> Any:
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


def _wait(env: Any, request: Any, patience: float) -> None:
    deadline = time.monotonic() + patience
    while request.state not in END_STATES:
        if time.monotonic() > deadline:
            raise RuntimeError(f"The request {request.name} did not end.")
        # A scheduler looks for work by itself only once a minute, and may have begun to listen
        # after the request was queued.
        env["ir.cron"]._notifydb()
        time.sleep(PAUSE)
        env.cr.rollback()  # for the state of now
        env.invalidate_all()
