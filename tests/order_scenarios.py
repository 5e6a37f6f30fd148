"""What happens to the payment of one credit order in many processes; run inside an Odoo shell.

Each public function takes the shell's environment and returns what JSON can carry.
"""

import os
import signal
import time
import uuid

from credit_scenarios import (
    FORK,
    _close_idle_connections,
    _in_processes,
    _in_transaction,
    _new_account,
)

from odoo import api
from odoo.exceptions import UserError, ValidationError

PROCESSES = 6
PRICE = 18


# === SCAFFOLDING === #


def _provide(env, send):
    """Have a payment provider that answers requests for refunds in its own way, committed."""
    type(env["payment.provider"])._compute_feature_support_fields = lambda providers: (
        providers.update({"support_refund": "partial", "support_manual_capture": "partial"})
    )
    transactions = type(env["payment.transaction"])
    transactions._send_refund_request = send
    if hasattr(transactions, "_create_payment"):  # not what is played here
        transactions._create_payment = lambda self, **values: None
    method = env.ref("payment.payment_method_unknown")
    method.support_refund = "partial"
    provider = env["payment.provider"].create(
        {"name": "Slow", "code": "none", "state": "test", "payment_method_ids": [(4, method.id)]}
    )
    env.cr.commit()
    return provider


def _order(env, account):
    pack = env["iap.credit.pack"].create(
        {
            "name": "Pack",
            "credits": 180,
            "price": PRICE,
            "company_id": account.company_ids.id,
            "service_id": account.service_id.id,
        }
    )
    order = env["iap.credit.order"]._place(pack, account, env.user.partner_id, user=env.user)
    env.cr.commit()
    return order


def _payment(order, provider):
    return order.env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.env.ref("payment.payment_method_unknown").id,
            "amount": order.price,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "operation": "online_direct",
            "reference": f"{order.name} {uuid.uuid4().hex}",
            "credit_order_id": order.id,
        }
    )


def _buy(env, provider):
    order = _order(env, _new_account(env, 0))
    payment = _payment(order, provider.with_env(env))
    payment._set_done()
    payment._post_process()
    env.cr.commit()
    return order


def _answer_late(refund):
    """Accept the refund after a while, as a bank that tells later whether it could be made."""
    time.sleep(0.3)
    refund._set_pending()


def _attempt(env, ask):
    """Do what a click does, with Odoo's tries.

    :return: what came of it, in one word.
    """
    try:
        _in_transaction(env, ask)
    except UserError:
        env.cr.rollback()
        return "refused"
    return "done"


def _sums(env, order):
    """Add up the order's refunds by SQL of its own."""
    env.cr.commit()
    env.invalidate_all()
    env.cr.execute(
        """
        SELECT COALESCE(SUM(-refund.amount) FILTER (
                   WHERE refund.state NOT IN ('cancel', 'error')), 0),
               COUNT(*)
          FROM payment_transaction AS refund
          JOIN payment_transaction AS payment ON payment.id = refund.source_transaction_id
         WHERE payment.credit_order_id = %s
           AND refund.operation = 'refund'
        """,
        [order.id],
    )
    claimed, count = env.cr.fetchone()
    return {"claimed": float(claimed), "count": count}


# === SCENARIOS === #


def press_refund_at_once(env):
    """All processes press the order's button."""
    order = _buy(env, _provide(env, _answer_late))

    def work(env, _index):
        return _attempt(env, order.with_env(env).action_refund)

    outcomes = _in_processes(env, work, range(PROCESSES))
    return {"outcomes": sorted(outcomes), **_sums(env, order)}


def refund_here_and_in_the_payment_app(env):
    """Some press the order's button, others ask for parts in the payment app."""
    order = _buy(env, _provide(env, _answer_late))

    def work(env, index):
        own = order.with_env(env)
        payment = own.transaction_id
        ask = own.action_refund if index % 2 else lambda: payment.action_refund(6)
        return _attempt(env, ask)

    outcomes = _in_processes(env, work, range(PROCESSES))
    return {"outcomes": sorted(outcomes), **_sums(env, order)}


def refuse_the_first(env):
    """The provider refuses the first of many requests, late: one of the others takes its place."""
    asked = FORK.Value("i", 0)

    def refuse_first(refund):
        with asked.get_lock():
            asked.value += 1
            is_first = asked.value == 1
        time.sleep(0.3)
        if is_first:
            raise ValidationError("Refused")
        refund._set_pending()

    order = _buy(env, _provide(env, refuse_first))

    def work(env, _index):
        own = order.with_env(env)
        for _again in range(3):
            if _attempt(env, own.action_refund) == "done":
                return
            time.sleep(0.3)

    _in_processes(env, work, range(PROCESSES))
    return {"asked": asked.value, **_sums(env, order)}


def die_while_the_provider_is_asked(env):
    """A process is killed when the provider has got its request."""
    order = _buy(env, _provide(env, lambda refund: os.kill(os.getpid(), signal.SIGKILL)))

    def work():
        with env.registry.cursor() as cr:
            own = order.with_env(api.Environment(cr, env.uid, {}))
            own.action_refund()

    _close_idle_connections()
    worker = FORK.Process(target=work)
    worker.start()
    worker.join()
    died = _sums(env, order)
    type(env["payment.transaction"])._send_refund_request = _answer_late
    again = _attempt(env, order.action_refund)
    order.action_fail_refund()
    env.cr.commit()
    after = _attempt(env, order.action_refund)
    return {"died": died, "again": again, "after": after, **_sums(env, order)}


def notify_at_once(env):
    """The provider confirms one refund to all processes at once."""
    order = _buy(env, _provide(env, _answer_late))
    order.action_refund()
    env.cr.commit()
    refund = order.transaction_id.child_transaction_ids

    def work(env, _index):
        own = refund.with_env(env)
        return _attempt(env, lambda: (own._set_done(), own._post_process()))

    _in_processes(env, work, range(PROCESSES))
    sums = _sums(env, order)
    return {
        "state": order.state,
        "taken": order.reversed_credits,
        "left": order.account_id.credits_available,
        **sums,
    }


def press_pay_at_once(env):
    """All processes start a payment of the same order, as the page's button does."""
    provider = _provide(env, _answer_late)
    order = _order(env, _new_account(env, 0))

    def work(env, _index):
        own = order.with_env(env)

        def pay():
            own._lock()
            own._check_payable()
            time.sleep(0.2)
            _payment(own, provider.with_env(env))._set_pending()

        return _attempt(env, pay)

    outcomes = _in_processes(env, work, range(PROCESSES))
    return {"outcomes": sorted(outcomes)}


def post_and_refund_at_once(env):
    """A bookkeeper posts the draft invoice of an order while the refund of a part is confirmed."""
    order = _buy(env, _provide(env, _answer_late))
    company = order.company_id
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    order.invoiced_partner_id = env["res.partner"].create({"name": "Acme", "is_company": True})
    order.invoice_id = order._create_invoice(env.user)
    company.invoices_credits = True
    refund = order.transaction_id._create_child_transaction(PRICE / 2, is_refund=True)
    env.cr.commit()
    ready = FORK.Barrier(2)

    def work(env, index):
        own, given = order.with_env(env), refund.with_env(env)
        waited = []

        def act():
            env.invalidate_all()
            env.cr.execute("SELECT")  # the transaction sees the database as it is now
            if not waited:
                waited.append(True)
                ready.wait()
            if index:
                given._set_done()
                given._post_process()
            else:
                own.invoice_id.action_post()

        return _attempt(env, act)

    outcomes = _in_processes(env, work, range(2))
    env.cr.commit()
    env.invalidate_all()
    notes = order.invoice_id.reversal_move_ids
    return {
        "outcomes": outcomes,
        "invoice": order.invoice_id.state,
        "credited": notes.filtered(lambda note: note.state == "posted").mapped("amount_total"),
    }
