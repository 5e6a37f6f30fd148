from datetime import timedelta
from itertools import count
from unittest.mock import patch

from odoo.tests import TransactionCase
from odoo.tools import SQL

from ..models.iap_service import IapService


def let_months_pass(env, months: int):
    """Put all that was spent so far, and what counts it, into the past."""
    env.cr.execute(
        SQL(
            """
            UPDATE iap_credit_hold SET date = date - %(time)s;
            UPDATE iap_credit_spending SET since = since - %(time)s, until = until - %(time)s
            """,
            time=timedelta(days=31 * months),
        )
    )


class CreditCase(TransactionCase):
    """Base of the tests that spend credits, for other addons too.

    Lead generation (`reveal`) is kept locally in them, whichever addons are installed. Under tests
    the ledger's own cursor is a savepoint of the test's transaction; what commits, rollbacks and
    concurrency do is tested with real connections instead.

    :cvar account: the local account of the current company, with its trial credits.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        served = patch.object(
            IapService, "_locally_served_services", lambda self: {"reveal", "test"}
        )
        cls.startClassPatcher(served)
        cls.env.ref("iap.iap_service_reveal").kept_by = "local"
        cls.account = cls.env["iap.account"]._get_local("reveal")
        cls._keys = count()
        # The database may have been used before.
        for hold in cls.env["iap.credit.hold"].search([("state", "=", "open")]):
            hold.account_id.release(hold.token, reason="Test")

    @classmethod
    def _key(cls):
        """Give an idempotency key that was not used yet."""
        return f"test-{next(cls._keys)}"

    @classmethod
    def _fund(cls, credits, account=None):
        """Set the available credits of an account, by default the company's."""
        account = account or cls.account
        difference = credits - account.credits_available
        if difference:
            account.adjust(difference, reason="Test", idempotency_key=cls._key())

    @classmethod
    def _hold(cls, credits, account=None, **values):
        """Hold credits with a new key."""
        values = {"reason": "Test", "idempotency_key": cls._key(), **values}
        return (account or cls.account).hold(credits, **values)

    @classmethod
    def _capture(cls, hold, credits, **values):
        """Capture credits of a hold with a new key."""
        values = {"reason": "Test", "idempotency_key": cls._key(), **values}
        return cls.account.browse(hold.account_id).capture(hold.token, credits, **values)

    @classmethod
    def _let_expire(cls, hold):
        """Put the end of a hold's time into the past."""
        cls.env.cr.execute(
            SQL(
                "UPDATE iap_credit_hold SET expires_at = expires_at - %s WHERE token = %s",
                timedelta(days=365),
                hold.token,
            )
        )

    @classmethod
    def _let_months_pass(cls, months):
        let_months_pass(cls.env, months)

    @classmethod
    def _let_lot_expire(cls, entry):
        """Put the end of the lots that an entry gave into the past."""
        cls.env.cr.execute(
            SQL(
                "UPDATE iap_credit_lot SET expires_at = expires_at - %s WHERE entry_id = %s",
                timedelta(days=3650),
                entry.id,
            )
        )
        cls.env.invalidate_all()

    @classmethod
    def _rests(cls, account=None):
        """Read what is left of each lot, in the order in which they are used."""
        lots = cls.env["iap.credit.lot"].search(
            [("account_id", "=", (account or cls.account).id), ("remaining", ">", 0)]
        )
        return lots.mapped("remaining")

    def assertCredits(self, available, held=0, account=None):
        """Check an account's credits, and that its ledger adds up to them line by line."""
        account = account or self.account
        self.assertEqual((account.credits_available, account.credits_held), (available, held))
        self.assertEqual(sum(self._rests(account)), available)
        running = 0
        entries = self.env["iap.credit.entry"].sudo().search([("account_id", "=", account.id)])
        for entry in entries.sorted("id"):
            running += entry.available_delta
            self.assertEqual(entry.balance_after, running, entry.kind)
        self.assertEqual(running, available)
        self.assertEqual(sum(entries.mapped("held_delta")), held)
