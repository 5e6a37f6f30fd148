import uuid
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..exceptions import BudgetExceeded
from ..tools.ledger import Wish, fingerprint
from .test_iap_credit_budget import BudgetCase

# What a hold says of who spends for what; its time and its key are others each time.
SAID = (
    *("account_id", "company_id", "credits", "captured", "state", "user_id", "reason"),
    *("document_model", "document_id", "document_name", "team_id", "campaign_id"),
)


@tagged("post_install", "-at_install")
class TestIapCreditWish(BudgetCase):
    """What those get who wait: here without waiting, over real connections in the house's tests."""

    def leave(self, credits, user=None, document=None):
        """Leave a wish, as a process does that has to wait."""
        account = self.account.with_user(user or self.sally).sudo()
        named = account._name_document(document)
        wish = Wish(
            account_id=account.id,
            credits=credits,
            token=uuid.uuid4().hex,
            reason="Test",
            idempotency_key=self._key(),
            request_hash=fingerprint("hold", credits, document=named.key),
            document=named,
            expires_in=timedelta(days=1),
        )
        self.env.cr.execute(account.env["iap.credit.wish"]._get_insertion(wish))
        return account, wish

    def make(self, *left):
        """Make the holds of all who wait, the last of whom has the turn."""
        self.env.flush_all()
        account, wish = left[-1]
        result = account.env["iap.credit.wish"]._lead(self.env.cr, account, wish)
        self.env.invalidate_all()
        return result

    def said(self, token):
        hold = self.env["iap.credit.hold"].search([("token", "=", token)])
        entry = hold.entry_ids
        return [
            *(hold[name] for name in SAID),
            hold.expires_at - hold.date,
            *(entry[name] for name in ("kind", "amount", "available_delta", "held_delta")),
            *(entry[name] for name in ("user_id", "team_id", "document_name", "request_hash")),
            [(part.lot_id, part.credits) for part in entry.allocation_ids],
        ]

    def test_who_waits_gets_the_same_hold_as_who_is_alone(self):
        manager = new_test_user(self.env, "max", "sales_team.group_sale_manager", name="Max")
        farmers = self.env["crm.team"].create({"name": "Farmers"})
        for user, team in ((self.sam, farmers), (manager, farmers)):
            self.env["crm.team.member"].create({"user_id": user.id, "crm_team_id": team.id})
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        self.lead.campaign_id = campaign
        cases = [(user, self.lead) for user in (self.sally, self.sam, manager)]
        cases += [(self.sally, None), (self.sam, None)]
        alone = [self.spend(7, user, document=document) for user, document in cases]
        left = [self.leave(7, user, document) for user, document in cases]
        self.make(*left)
        self.assertEqual(
            [self.said(wish.token) for _account, wish in left],
            [self.said(hold.token) for hold in alone],
        )
        self.assertCredits(1000 - 70, held=70)

    def test_who_waits_counts_in_budgets_as_who_is_alone(self):
        for values in ({}, {"scope": "user"}, {"scope": "team"}):
            self.budget(hard_limit=500, **values)
        self.spend(1, document=self.lead)
        self.spend(1, self.sam, document=self.lead)
        self.make(*(self.leave(10, user, self.lead) for user in (self.sally, self.sam, self.sam)))
        spending = self.env["iap.credit.spending"]
        counted = spending.search([("account_id", "=", self.account.id), ("until", ">", "now")])
        self.assertEqual(sorted(counted.mapped("credits")), [11, 21, 32, 32])
        self.assertFalse(spending._find_wrong(self.account))

    def test_those_who_wait_spend_no_more_on_a_request_than_it_may_cost(self):
        self.budget(period="request", hard_limit=25)
        left = [self.leave(10, document=self.lead) for _number in range(4)]
        verdicts = self.make(*left)
        self.assertEqual([verdict.level for verdict in verdicts], ["exceeded"])
        self.assertCredits(980, held=20)
        with self.assertRaises(BudgetExceeded):
            self.spend(6, document=self.lead)

    def test_who_asks_for_too_much_does_not_stop_those_who_came_before(self):
        left = [self.leave(credits) for credits in (600, 600, 300)]
        self.make(*left)  # the last one, who is judged alone after those who came before
        self.assertCredits(100, held=900)
