"""What many processes do to the list of what is never mined; run inside an Odoo shell.

Each public function takes the shell's environment and returns what JSON can carry.
"""

import multiprocessing
import signal
import time

from odoo import api, sql_db
from odoo.service.model import retrying

PROCESSES = 6
ENTRIES = 300
SECONDS = 60


def add_the_same_at_once(env):
    """Several processes put the same entries on the list; each ends well and none is doubled."""
    keys = env["lead.mining.suppression"]._keys()
    entries = [keys.entry("domain", f"never{number}.example") for number in range(ENTRIES)]

    def add(fresh, place):
        # Each in another order: the statement's own order keeps them from waiting in a circle.
        ordered = entries[place:] + entries[:place]
        return retrying(lambda: fresh["lead.mining.suppression"]._add(ordered), fresh)

    added = _at_once(env, add, range(PROCESSES))
    env.cr.commit()
    rows = env["lead.mining.suppression"].search_count([("key", "like", "never%.example")])
    return {"added": sorted(added), "rows": rows}


def erase_while_it_is_delivered(env):
    """A person is erased while a lane has read the answer and not yet made the lead."""
    request = _request(env)
    worker, released = multiprocessing.Event(), multiprocessing.Event()

    def deliver(fresh, _argument):
        Worker = type(fresh["lead.mining.worker"])
        judge = Worker._judge

        def judge_slowly(lane, job, companies):
            rows = judge(lane, job, companies)
            if not worker.is_set():
                worker.set()
                released.wait(SECONDS)
            return rows

        Worker._judge = judge_slowly
        fresh["lead.mining.worker"]._run_lane()
        return "delivered"

    def erase(fresh, _argument):
        worker.wait(SECONDS)
        wizard = fresh["lead.mining.privacy"].create({"email": "ada@late.example"})
        retrying(wizard.action_search, fresh)
        retrying(wizard.action_erase, fresh)
        fresh.cr.commit()
        released.set()
        return "erased"

    answers = _at_once(env, lambda fresh, work: work(fresh, None), [deliver, erase])
    env.cr.commit()
    contacts = env["lead.mining.contact"].search([("lead_id.mining_request_id", "=", request.id)])
    stored = env["lead.mining.answer"].search([("request_id", "=", request.id)])
    return {
        "answers": sorted(answers),
        "state": env["lead.mining.request"].browse(request.id).state,
        "leads": len(env["crm.lead"].search([("mining_request_id", "=", request.id)])),
        "contacts": contacts.mapped("name"),
        "stored": "ada@late.example" in str(stored.mapped("companies")),
    }


def _request(env):
    """Queue a request for one company of the directory with two persons, committed."""
    dataset = env["lead.directory.dataset"].create({"name": "Late", "licence": "CC0-1.0"})
    company = env["lead.directory.company"].create(
        {
            "dataset_id": dataset.id,
            "identity": "domain:late.example",
            "name": "Late",
            "domain": "late.example",
            "country_code": "BE",
            "industry": "62",
        }
    )
    env["lead.directory.contact"].create(
        [
            {
                "directory_company_id": company.id,
                "identity": f"{name}@late.example",
                "name": name.title(),
                "email": f"{name}@late.example",
            }
            for name in ("ada", "bob")
        ]
    )
    request = env["lead.mining.request"].create(
        {
            "lead_number": 1,
            "target": "contacts",
            "contact_number": 2,
            "country_ids": [(6, 0, env.ref("base.be").ids)],
        }
    )
    env.cr.commit()
    account = env["iap.account"]._get_local("reveal")
    env.cr.commit()
    account.adjust(10, reason="Test", idempotency_key=f"late-{time.time()}")
    env.cr.commit()
    request.action_generate()
    env.cr.commit()
    return request


def _at_once(env, work, arguments):
    """Run `work(env, argument)` in one forked process per argument, all starting at once."""
    for connection in sql_db._Pool._connections:
        if not connection._pool_in_use:
            connection.close()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(len(arguments)), context.Queue()

    def run(argument):
        signal.alarm(SECONDS)
        with env.registry.cursor() as cr:
            fresh = api.Environment(cr, env.uid, {})
            barrier.wait()
            results.put(work(fresh, argument))

    workers = [context.Process(target=run, args=(argument,)) for argument in arguments]
    for worker in workers:
        worker.start()
    answers = [results.get(timeout=SECONDS) for _worker in workers]
    for worker in workers:
        worker.join()
    return answers
