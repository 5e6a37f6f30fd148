"""Where a lead mining worker dies or waits: in the places that a test names by files.

Never installed: servers load it with `--load` and find the test's folder in MINING_GAPS.
A file `<gap>-<request>` kills the process that comes to this gap with this request, once.
A file `closed-<size>` keeps a provider from answering requests for companies of that size or more;
it leaves a file `asked-<size>-<process>` for each question.
"""

import os
import signal
import time
from functools import wraps
from pathlib import Path

from odoo.addons.crm_iap_credits.models.iap_account_ledger import IapAccount
from odoo.addons.crm_lead_directory.providers.directory import DirectoryProvider
from odoo.addons.crm_lead_mining.models.mining import (
    lead_mining_worker,
    lead_mining_worker_answers,
    lead_mining_worker_batches,
)

GAPS = (
    "held",  # the credits are set aside, and nobody has written down which hold it is
    "hold_noted",
    "answer_stored",
    "leads_made",  # in the middle of the batch's transaction
    "before_capture",
    "captured",  # in the same transaction
    "batch_committed",
    "before_release",
    "released",  # the request still says that it runs
)
FOLDER = Path(os.environ["MINING_GAPS"])
Requests = lead_mining_worker.LeadMiningWorker
Answers = lead_mining_worker_answers.LeadMiningWorker
Batches = lead_mining_worker_batches.LeadMiningWorker

# Small requests have several batches.
lead_mining_worker_answers.BATCH_SIZE = 4

_request = {}


def _die_in(gap):
    try:
        (FOLDER / f"{gap}-{_request['id']}").unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _die_around(owner, method, before=None, after=None):
    original = getattr(owner, method)

    @wraps(original)
    def die_around(*args, **kwargs):
        if before:
            _die_in(before)
        result = original(*args, **kwargs)
        if after:
            _die_in(after)
        return result

    setattr(owner, method, die_around)


def _remember_request():
    original = Requests._owned_request

    @wraps(original)
    def owned_request(self, run):
        request = original(self, run)
        _request["id"] = request.id
        return request

    Requests._owned_request = owned_request


def _wait_at_the_provider():
    original = DirectoryProvider.search

    @wraps(original)
    def search(self, query, *args, **kwargs):
        server = os.getppid()
        (FOLDER / f"asked-{query.size_min}-{os.getpid()}").touch()
        # A worker whose server is gone must not wait on.
        while (FOLDER / f"closed-{query.size_min}").exists() and os.getppid() == server:
            time.sleep(0.02)
        return original(self, query, *args, **kwargs)

    DirectoryProvider.search = search


_remember_request()
_wait_at_the_provider()
_die_around(IapAccount, "hold", after="held")
_die_around(Requests, "_hold", after="hold_noted")
_die_around(Answers, "_ask", after="answer_stored")
_die_around(Batches, "_create_lead_batch", after="leads_made")
_die_around(IapAccount, "capture", before="before_capture", after="captured")
_die_around(Batches, "_deliver_batch", after="batch_committed")
_die_around(IapAccount, "release", before="before_release", after="released")
