"""What must be true when all has settled, whoever was killed: read from the database by plain SQL.

Only the replay of the ledgers is the addon's own, beside sums of the entries that are not.
"""

import dataclasses
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tools.host import Host

from .client import Journal
from .mailbox import Mailbox
from .traffic import Buyer, Enricher, Miner, Mover, Stage, Writer
from .world import CLIENT_CREDITS

SETTLE_SECONDS = 600
#: Seconds before a death in which what it has killed may have sent.
NOTICED = 1.0
#: What is still under way, by name: a count each.
UNDER_WAY = {
    "requests": "SELECT count(*) FROM lead_mining_run WHERE state IN ('queued', 'running')",
    "enrichments": "SELECT count(*) FROM lead_enrichment WHERE state IN ('queued', 'running')",
    "refunds of credits": "SELECT count(*) FROM lead_mining_refund WHERE state = 'pending'",
    "payments": """
        SELECT count(*) FROM payment_transaction
         WHERE state = 'done' AND NOT COALESCE(is_post_processed AND is_credit_settled, FALSE)
    """,
    "e-mails": "SELECT count(*) FROM mail_mail WHERE state = 'outgoing'",
}
#: Work that has ended needs its holds no more; those of dead processes end with their time.
LET_TIME_PASS = """
    UPDATE iap_credit_hold SET date = date - interval '30 days',
                               expires_at = now() - interval '1 day'
     WHERE state = 'open'
"""
PROOF = """
import json, sys
sys.path.insert(0, {folder!r})
from credit_scenarios import _audit
while env["iap.credit.hold"]._expire_overdue():
    pass
env.cr.commit()
told = []
for account in env["iap.account"].search([("is_kept_locally", "=", True)]):
    proof = env["iap.credit.proof"].new({{"account_id": account.id}})
    told.append([account.id, proof.entry_count, proof.is_proven, _audit(env, account)])
print(json.dumps(told))
"""
OVERDRAWN = """
    SELECT (SELECT count(*) FROM iap_credit_balance WHERE available < 0)
         + (SELECT count(*) FROM iap_credit_lot WHERE remaining < 0)
         + (SELECT count(*) FROM iap_credit_entry WHERE posted_balance < 0)
         + (SELECT count(*) FROM iap_credit_hold WHERE captured > credits OR captured < 0)
"""
CAPTURED = """
    SELECT hold.document_model, sum(entry.amount)::bigint
      FROM iap_credit_entry entry JOIN iap_credit_hold hold ON hold.id = entry.hold_id
     WHERE entry.kind = 'capture' GROUP BY 1
"""
DELIVERED = """
    SELECT (SELECT count(*) FROM crm_lead WHERE mining_request_id IS NOT NULL)
         + (SELECT count(*) FROM lead_mining_contact)
"""
MINED_TWICE = """
    SELECT count(*) FROM (
        SELECT FROM crm_lead WHERE mining_request_id IS NOT NULL
         GROUP BY reveal_id HAVING count(*) > 1) AS twice
"""
RESULT_TWICE = """
    SELECT count(*) FROM (
        SELECT FROM lead_mining_result WHERE outcome = 'created'
         GROUP BY request_id, identity_key HAVING count(*) > 1) AS twice
"""
#: Orders whose credits are not those of exactly one entry, or of a payment that did not come.
ORDERS_WRONG = """
    SELECT count(*) FROM iap_credit_order o
 LEFT JOIN iap_credit_entry e ON e.id = o.entry_id
     WHERE (e.id IS NOT NULL) <> EXISTS (
               SELECT FROM payment_transaction t
                WHERE t.credit_order_id = o.id AND t.state = 'done' AND t.operation <> 'refund')
        OR e.kind <> 'purchase' OR e.amount <> o.credits OR e.account_id <> o.account_id
"""
PURCHASES = """
    SELECT (SELECT count(*) FROM iap_credit_entry WHERE kind = 'purchase'),
           (SELECT count(DISTINCT entry_id) FROM iap_credit_order WHERE entry_id IS NOT NULL)
"""
REFUNDS_WRONG = """
    SELECT count(*) FROM iap_credit_order o,
   LATERAL (SELECT COALESCE(sum(-r.amount) FILTER (WHERE r.state = 'done'), 0) AS back,
                   COALESCE(sum(-r.amount) FILTER (
                       WHERE r.state NOT IN ('cancel', 'error')), 0) AS claimed
              FROM payment_transaction r
              JOIN payment_transaction p ON p.id = r.source_transaction_id
             WHERE p.credit_order_id = o.id AND r.operation = 'refund') AS money,
   LATERAL (SELECT COALESCE(sum(amount), 0) AS taken FROM iap_credit_entry
             WHERE kind = 'reversal' AND undoes_id = o.entry_id) AS credits
     WHERE money.claimed > o.price OR money.back <> COALESCE(o.refunded_amount, 0)
        OR credits.taken <> COALESCE(o.reversed_credits, 0) OR credits.taken > o.credits
        OR credits.taken > round(o.credits * money.back / o.price)
"""
REPORTS_WRONG = """
    SELECT (SELECT count(*) FROM lead_mining_refund r LEFT JOIN iap_credit_entry e
                ON e.id = r.entry_id
             WHERE e.kind IS DISTINCT FROM 'refund' OR e.amount <> r.credits)
         + (SELECT count(*) - count(DISTINCT (result_id, subject)) FROM lead_mining_refund)
         + (SELECT count(*) - count(DISTINCT entry_id) FROM lead_mining_refund)
         + (SELECT abs(count(*) - (SELECT count(*) FROM lead_mining_refund))
              FROM iap_credit_entry WHERE kind = 'refund')
         + (SELECT count(*) FROM iap_credit_entry c,
           LATERAL (SELECT COALESCE(sum(amount), 0) AS back FROM iap_credit_entry
                     WHERE undoes_id = c.id) AS r
             WHERE c.kind = 'capture' AND r.back > c.amount)
"""
TRANSFERS = """
    SELECT idempotency_key, count(*), sum(amount)::bigint FROM iap_credit_entry
     WHERE kind = 'transfer' GROUP BY 1
"""
CLIENTS = """
    SELECT client.uuid, balance.available::bigint,
           (SELECT COALESCE(sum(amount), 0)::bigint FROM iap_credit_entry
             WHERE account_id = client.account_id AND kind = 'capture'),
           (SELECT COALESCE(sum(repeats), 0)::bigint FROM iap_server_answer
             WHERE client_id = client.id)
      FROM iap_server_client client JOIN iap_credit_balance balance USING (account_id)
"""
#: Wishes whose time is not over, and those that have become a hold and are there still.
WISHES = """
    SELECT (SELECT count(*) FROM iap_credit_wish WHERE deadline > timezone('UTC', now())),
           (SELECT count(*) FROM iap_credit_wish JOIN iap_credit_hold USING (token)),
           (SELECT count(*) FROM iap_credit_wish)
"""
#: Holds that no entry opened, or more than one.
HOLDS_WRONG = """
    SELECT count(*) FROM (
        SELECT FROM iap_credit_hold AS hold
     LEFT JOIN iap_credit_entry AS entry ON entry.hold_id = hold.id AND entry.kind = 'hold'
      GROUP BY hold.id HAVING count(entry.id) <> 1) AS wrong
"""
#: Mails that are told not to have left, or not to be known to have.
UNSENT = """
    SELECT message.subject FROM mail_mail mail JOIN mail_message message
        ON message.id = mail.mail_message_id
     WHERE mail.state IN ('exception', 'cancel')
"""


@dataclasses.dataclass(frozen=True)
class Invariant:
    """One thing that must be true.

    :ivar figures: what was counted
    """

    name: str
    holds: bool
    figures: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.holds else 'FAIL'}  {self.name}: {self.figures}"


def settle(stage: Stage, wake: Callable[[], None]) -> dict[str, int]:
    """Wait until nothing is under way; return what is when time is over."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        left = {name: stage.rows(query)[0][0] for name, query in UNDER_WAY.items()}
        left = {name: count for name, count in left.items() if count}
        if not left or time.monotonic() > deadline:
            return left
        wake()
        time.sleep(0.5)


def _twice(arrived: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the first few subjects of e-mails that one reader got under several Message-IDs."""
    counts = Counter((subject, rcpt) for _id, subject, rcpt in arrived)
    return [subject for (subject, _rcpt), times in counts.items() if times > 1][:3]


class Checks:
    """The invariants of one play, after it."""

    def __init__(
        self, host: Host, stage: Stage, mailbox: Mailbox, journals: Path, moments: list[float]
    ):
        self.host, self.stage, self.mailbox, self.journals = host, stage, mailbox, journals
        self.moments = moments

    def all(self, left: dict[str, int], late: list[str]) -> list[Invariant]:
        """Return every invariant with its result.

        :param left: what had not settled
        :param late: clients that came to no end
        """
        return [
            Invariant("the work settles", not left and not late, f"{left or 'nothing'} left"),
            *self._ledgers(),
            *self._deliveries(),
            *self._money(),
            *self._mails(),
            *self._clients(),
        ]

    def _value(self, query: str) -> int:
        return self.stage.rows(query)[0][0]

    # === LEDGER === #

    def _ledgers(self) -> Iterator[Invariant]:
        [(before,)] = self.stage.rows("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'")
        self.stage.rows(LET_TIME_PASS)
        folder = str(Path(__file__).resolve().parent.parent)
        output = self.host.shell(self.stage.database, PROOF.format(folder=folder))
        told = json.loads(output.splitlines()[-1])
        entries = sum(count for _id, count, _proven, _audit in told)
        unproven = [account for account, _count, proven, _audit in told if not proven]
        yield Invariant(
            "every ledger replays to its balance, lots and holds",
            bool(entries) and not unproven,
            f"{len(told)} accounts, {entries} entries, wrong: {unproven or 'none'}",
        )
        wrong = [account for account, _count, _proven, audit in told if not audit["adds_up"]]
        yield Invariant(
            "each balance is the sum of its entries",
            not wrong,
            f"{len(told)} accounts, wrong: {wrong or 'none'}",
        )
        overdrawn = self._value(OVERDRAWN)
        name = "no account or hold is overdrawn at any time"
        yield Invariant(name, not overdrawn, f"{overdrawn}")
        held = sum(audit["held"] for _id, _count, _proven, audit in told)
        after = self._value("SELECT count(*) FROM iap_credit_hold WHERE state = 'open'")
        yield Invariant(
            "no hold is left open",
            not held and not after,
            f"{after} open with {held} credits; {before} of dead processes ended by their time",
        )
        [(waiting, granted, left)] = self.stage.rows(WISHES)
        wrong = self._value(HOLDS_WRONG)
        yield Invariant(
            "nobody waits for a hold any more, and each hold was made once",
            not waiting and not granted and not wrong,
            f"{waiting} wait, {granted} wait for what they have, {wrong} holds wrong; "
            f"{left} wishes of dead processes have ended by their time",
        )

    # === WHAT IS PAID === #

    def _deliveries(self) -> Iterator[Invariant]:
        captured = dict(self.stage.rows(CAPTURED))
        delivered, paid = self._value(DELIVERED), captured.get("lead.mining.request", 0)
        yield Invariant(
            "captured for mining = leads and contacts delivered",
            delivered == paid > 0,
            f"{paid} captured, {delivered} delivered",
        )
        credits = self._value("SELECT COALESCE(sum(credits), 0)::bigint FROM lead_enrichment")
        paid = captured.get("crm.lead", 0)
        yield Invariant(
            "captured for enrichment = enrichments paid",
            credits == paid > 0,
            f"{paid} captured, {credits} noted",
        )
        twice = self._value(MINED_TWICE) + self._value(RESULT_TWICE)
        yield Invariant("no company is delivered twice", not twice, f"{twice}")
        asked = self.stage.told(Miner)
        lost = self.stage.rows(
            "SELECT id FROM unnest(%s) AS told(id) WHERE NOT EXISTS ("
            "SELECT FROM lead_mining_request q JOIN lead_mining_run n ON n.id = q.run_id"
            " WHERE q.id = told.id AND n.state <> 'draft')",
            asked,
        )
        leads = self.stage.told(Enricher)
        lost += self.stage.rows(
            "SELECT id FROM unnest(%s) AS told(id) WHERE NOT EXISTS (SELECT FROM lead_enrichment e"
            " WHERE e.res_model = 'crm.lead' AND e.res_id = told.id)",
            leads,
        )
        yield Invariant(
            "no request or enrichment that was taken is lost",
            not lost and bool(asked) and bool(leads),
            f"{len(asked)} requests and {len(leads)} enrichments taken, {len(lost)} lost",
        )

    def _money(self) -> Iterator[Invariant]:
        wrong, (entries, owned) = self._value(ORDERS_WRONG), self.stage.rows(PURCHASES)[0]
        paid = self.stage.told(Buyer)
        lost = self.stage.rows(
            "SELECT id FROM iap_credit_order WHERE id = ANY(%s) AND entry_id IS NULL", paid
        )
        yield Invariant(
            "each paid order has its credits exactly once",
            not wrong and not lost and entries == owned > 0,
            f"{entries} purchases of {owned} orders, {wrong} wrong, {len(lost)} told and lost",
        )
        refunds = self._value(
            "SELECT count(*) FROM payment_transaction WHERE operation = 'refund' AND state = 'done'"
        )
        wrong = self._value(REFUNDS_WRONG)
        yield Invariant(
            "each refund of an order gives back once, and takes its credits once",
            not wrong,
            f"{refunds} refunds, {wrong} orders wrong",
        )
        reports, wrong = (
            self._value("SELECT count(*) FROM lead_mining_refund"),
            self._value(REPORTS_WRONG),
        )
        yield Invariant(
            "each refund of bad data is one entry",
            not wrong,
            f"{reports} refunds, {wrong} wrong",
        )
        moved = {key: (count, total) for key, count, total in self.stage.rows(TRANSFERS)}
        told = self.stage.told(Mover)
        wrong = [key for key, found in moved.items() if found != (2, 0)]
        lost = [key for key in told if key not in moved]
        yield Invariant(
            "transfers add up to nothing, each is made once",
            not wrong and not lost and bool(moved),
            f"{len(moved)} transfers, {len(wrong)} wrong, {len(lost)} told and lost",
        )

    # === MAILS === #

    def _mails(self) -> Iterator[Invariant]:
        told, arrived = self.stage.told(Writer), self.mailbox.arrived
        subjects = {subject for _id, subject, _rcpt in arrived}
        unsent = {subject for (subject,) in self.stage.rows(UNSENT)}
        lost = [subject for subject in told if subject not in subjects | unsent]
        yield Invariant(
            "no e-mail is lost",
            not lost and bool(told),
            f"{len(told)} written, {len(subjects)} arrived, {len(unsent)} told as failed, "
            f"{len(lost)} lost",
        )
        again = [times for times in arrived.values() if len(times) > 1]
        rows = {(subject, rcpt) for _id, subject, rcpt in arrived}
        unexplained = [
            times
            for times in again
            for first, second in itertools.pairwise(times)
            if not any(first - NOTICED < at < second for at in self.moments)
        ]
        yield Invariant(
            "an e-mail leaves once; one whose process died as it left may leave again, as the same",
            not unexplained and len(rows) == len(arrived),
            f"{len(again)} left again, {len(unexplained)} without a death, "
            f"{len(arrived) - len(rows)} under another Message-ID"
            + "".join(f"; {subject}" for subject in _twice(arrived)),
        )

    # === CLIENTS === #

    def _clients(self) -> Iterator[Invariant]:
        left = {uuid: row for uuid, *row in self.stage.rows(CLIENTS)}
        wrong, twice, unlike = [], 0, 0
        total = paid = repeats = 0
        for path in sorted(self.journals.glob("*.jsonl")):
            journal = Journal(path)
            mined = [one for entry in journal.of("mined") for one in entry["ids"]]
            told = [*journal.of("mined"), *journal.of("enriched")]
            had = {one for entry in told for one in entry["ids"]}
            available, captured, repeated = left[path.stem]
            twice += len(mined) - len(set(mined))
            unlike += sum(not entry["same"] for entry in journal.of("repeated"))
            total, paid, repeats = total + len(had), paid + captured, repeats + repeated
            if captured != len(had) or available != CLIENT_CREDITS - captured:
                wrong.append(f"{path.stem} paid {captured} for {len(had)}")
        yield Invariant(
            "each client has paid each company that it was told of once",
            not wrong and total > 0,
            f"{paid} captured, {total} told, {wrong or 'none wrong'}",
        )
        yield Invariant("no client gets a lead twice", not twice, f"{twice}")
        yield Invariant(
            "a question asked again costs nothing and gets the same answer",
            not unlike and repeats > 0,
            f"{repeats} answers repeated, {unlike} not the same",
        )
