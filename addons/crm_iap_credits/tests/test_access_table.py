"""Who may do what, as a table written by hand and not generated from the code.

The test fails when a model or a public method is added that the table does not have, and when
anybody may do more, or less, than the table says.
"""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..tools.ledger import NO_DOCUMENT, Wish
from .common import CreditCase

WHO = ("public", "portal", "seller", "manager", "billing", "stranger")

# Read, write, create and unlink ("rwcu") of a record of the company; "mine" and "theirs" where it
# matters whether the user or a colleague has spent. A stranger is a sales manager and billing
# administrator of another company, who meets the records of this one. Only methods of the ledger
# write the ledger, so nobody has more than "r" on it.
RECORDS = """
model                    record  public portal seller manager billing stranger
iap.account              ours    -      -      r      r       r       -
iap.service              ours    -      -      r      r       r       r
iap.credit.balance       ours    -      -      r      r       r       -
iap.credit.entry         mine    -      -      r      r       r       -
iap.credit.entry         theirs  -      -      -      r       r       -
iap.credit.hold          mine    -      -      r      r       r       -
iap.credit.hold          theirs  -      -      -      r       r       -
iap.credit.lot           ours    -      -      -      r       r       -
iap.credit.allocation    ours    -      -      -      r       r       -
iap.credit.consumption   mine    -      -      r      r       r       -
iap.credit.consumption   theirs  -      -      -      r       r       -
iap.credit.trial         ours    -      -      -      -       r       -
iap.credit.budget        ours    -      -      -      r       rwcu    -
iap.credit.budget.alert  ours    -      -      -      -       r       -
iap.credit.spending      ours    -      -      -      -       r       -
iap.credit.wish          ours    -      -      -      -       -       -
iap.credit.pack          ours    -      -      r      r       rwcu    -
iap.credit.order         ours    -      -      -      -       r       -
iap.credit.move          new     -      -      -      -       -       -
iap.credit.proof         new     -      -      -      -       rwc     -
iap.credit.refund        new     -      -      -      -       rwc     -
iap.credit.statement     new     -      -      -      -       rwc     -
iap.credit.transfer      new     -      -      -      -       rwc     -
"""

# What is called by RPC: allowed ("x") or refused ("-"). An order that nobody has paid can neither
# be confirmed nor refunded; who may when it is paid is tested with orders. `own` is the user's own
# movement, `theirs` a colleague's. Creating, writing and deleting are above.
METHODS = """
model                    method               record  public portal seller manager billing stranger
iap.account              get                  -       -      -      x      x       x       x
iap.account              get_credits          -       -      -      x      x       x       x
iap.account              get_credits_url      -       -      -      x      x       x       x
iap.account              action_buy_credits   ours    -      -      x      x       x       -
iap.account              action_view_entries  ours    -      -      x      x       x       -
iap.account              action_view_holds    ours    -      -      x      x       x       -
iap.account              action_rotate_token  ours    -      -      -      -       -       -
iap.account              action_view_credit_orders ours -    -      -      -       x       -
iap.credit.order         action_cancel        ours    -      -      -      -       x       -
iap.credit.order         action_view_entries  ours    -      -      -      -       x       -
iap.credit.order         action_view_page     ours    -      -      -      -       x       -
iap.credit.entry         action_open_document mine    -      -      x      x       x       -
iap.credit.entry         action_open_document theirs  -      -      -      x       x       -
iap.credit.hold          action_open_document mine    -      -      x      x       x       -
iap.credit.hold          action_open_document theirs  -      -      -      x       x       -
iap.credit.consumption   action_open_document mine    -      -      x      x       x       -
iap.credit.consumption   action_open_document theirs  -      -      -      x       x       -
iap.credit.order         action_confirm_payment ours  -      -      -      -       -       -
iap.credit.order         action_fail_refund   ours    -      -      -      -       -       -
iap.credit.order         action_open_refund   ours    -      -      -      -       x       -
iap.credit.order         action_refund        ours    -      -      -      -       -       -
iap.credit.move          action_confirm       new     -      -      -      -       -       -
iap.credit.refund        action_confirm       new     -      -      -      -       -       -
iap.credit.statement     action_export        new     -      -      -      -       x       -
iap.credit.statement     action_print         new     -      -      -      -       x       -
iap.credit.transfer      action_confirm       new     -      -      -      -       -       -
res.config.settings      get_values           -       -      -      -      -       -       -
res.config.settings      set_values           new     -      -      -      -       -       -
"""

# Models without records of their own, and what is no call of a client.
ABSTRACT = {
    "iap.account.dialog.mixin",
    "iap.company.mixin",
    "iap.credit.document",
    "iap.credit.ledger",
}
BY_RECORDS = {"create", "write", "unlink"}
# The first of these that a record has is written.
WRITTEN = (
    "active",
    "name",
    "reason",
    "account_id",
    "company_id",
    "order_id",
    "budget_id",
    "lot_id",
)


def rows(table):
    """Return the table's rows as dictionaries."""
    header, *lines = (line.split() for line in table.strip().splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


@tagged("post_install", "-at_install")
class TestAccessTable(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(50)
        other = cls.env["res.company"].create({"name": "Other"})
        theirs = {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        manager = "sales_team.group_sale_manager"
        billing = "crm_iap_credits.group_billing_administrator"
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "portal": new_test_user(cls.env, "t_portal", "base.group_portal"),
            "seller": new_test_user(cls.env, "t_seller", "sales_team.group_sale_salesman"),
            "manager": new_test_user(cls.env, "t_manager", manager),
            "billing": new_test_user(cls.env, "t_billing", billing),
            "stranger": new_test_user(cls.env, "t_stranger", f"{manager},{billing}", **theirs),
        }
        cls.colleague = new_test_user(cls.env, "t_colleague", "sales_team.group_sale_salesman")
        cls.budget = cls.env["iap.credit.budget"].create({"soft_limit": 10**6})
        cls.pack = cls.env["iap.credit.pack"].create({"name": "Pack", "credits": 5, "price": 1})
        cls.order = cls.env["iap.credit.order"]._place(
            cls.pack, cls.account, cls.env.company.partner_id
        )
        cls.entries = {user: cls._spend(user) for user in (*cls.users.values(), cls.colleague)}
        cls.spending = cls.env["iap.credit.spending"].search(
            [("account_id", "=", cls.account.id)], limit=1
        )
        cls.alert = cls.env["iap.credit.budget.alert"].create(
            {"budget_id": cls.budget.id, "spending_id": cls.spending.id, "share": 80}
        )
        cls.wish = cls._wish()

    @classmethod
    def _spend(cls, user):
        """Let a user spend a credit of this company; return the capture's entry."""
        account = cls.account.with_user(user).sudo()
        document = cls.env.company.partner_id
        hold = cls._hold(1, account=account, document=document)
        entry = account.capture(
            hold.token, 1, reason="Test", idempotency_key=cls._key(), document=document
        )
        return cls.env["iap.credit.entry"].browse(entry.id)

    @classmethod
    def _wish(cls):
        """Leave what somebody leaves who has to wait for this company's account."""
        wishes = cls.env["iap.credit.wish"]
        cls.env.cr.execute(
            wishes._get_insertion(
                Wish(
                    account_id=cls.account.id,
                    credits=1,
                    token=cls._key(),
                    reason="Test",
                    idempotency_key=cls._key(),
                    request_hash="",
                    document=NO_DOCUMENT,
                    expires_in=timedelta(days=1),
                )
            )
        )
        return wishes.search([("account_id", "=", cls.account.id)])

    def record(self, model, which, user):
        """Return the record that a row of the table is about, in sudo."""
        entry = self.entries[user if which == "mine" else self.colleague].sudo()
        found = {
            "iap.account": self.account,
            "iap.service": self.account.service_id,
            "iap.credit.balance": self.account.credit_balance_ids,
            "iap.credit.budget": self.budget,
            "iap.credit.budget.alert": self.alert,
            "iap.credit.spending": self.spending,
            "iap.credit.wish": self.wish,
            "iap.credit.order": self.order,
            "iap.credit.pack": self.pack,
            "iap.credit.entry": entry,
            "iap.credit.hold": entry.hold_id,
            "iap.credit.consumption": self.env["iap.credit.consumption"].browse(entry.id),
            "iap.credit.lot": entry.hold_id.entry_ids.allocation_ids.lot_id[:1],
            "iap.credit.allocation": entry.hold_id.entry_ids.allocation_ids[:1],
            "iap.credit.trial": self.env["iap.credit.trial"].search(
                [("company_id", "=", self.env.company.id)], limit=1
            ),
        }
        if which == "new":
            return self.env[model].sudo().create(self.values(model))
        return found[model].sudo()

    def values(self, model):
        """Return what a new record of the model is made of."""
        return {
            "iap.account": {"service_id": self.account.service_id.id},
            "iap.service": {
                "name": "New", "technical_name": "new", "description": "New",
                "unit_name": "Credits", "integer_balance": True,
            },
            "iap.credit.budget": {"hard_limit": 5, "company_id": self.env.company.id},
            "iap.credit.move": {"account_id": self.account.id, "credits": 1, "reason": "Test"},
            "iap.credit.order": {"name": "New", "account_id": self.account.id},
            "iap.credit.pack": {
                "name": "New", "credits": 5, "price": 1, "company_id": self.env.company.id,
            },
            "iap.credit.proof": {"account_id": self.account.id},
            "iap.credit.refund": {"order_id": self.order.id},
            "iap.credit.statement": {"account_id": self.account.id},
            # To the company itself: refused to everybody.
            "iap.credit.transfer": {
                "account_id": self.account.id, "company_id": self.env.company.id, "credits": 1,
                "reason": "Test",
            },
            "res.config.settings": {},
        }.get(model, {"reason": "Test"})  # fmt: skip

    def operations(self, model, which, user):
        """Try the four operations the way a client does; return those that are allowed."""
        record = self.record(model, which, user)
        name = next(name for name in WRITTEN if name in record._fields)
        value = record[name].id if record._fields[name].relational else record[name]
        calls = {
            "r": ("read", record.ids, ["display_name"]),
            "w": ("write", record.ids, {name: value}),
            "c": ("create", [self.values(model)]),
            "u": ("unlink", record.ids),
        }
        return "".join(key for key, call in calls.items() if self.is_allowed(model, user, *call))

    def is_allowed(self, model, user, method, *args):
        """Tell whether a call by RPC goes through; whatever it does is undone."""
        self.env.invalidate_all()  # a client's call meets an empty cache
        try:
            with self.env.cr.savepoint() as savepoint:
                call_kw(self.env[model].with_user(user), method, list(args), {})
                savepoint.rollback()
        except (AccessError, UserError):
            return False
        finally:
            self.env.invalidate_all(flush=False)
        return True

    # === THE TABLE === #

    def test_records(self):
        for row in rows(RECORDS):
            for who in WHO:
                with self.subTest(model=row["model"], record=row["record"], who=who):
                    allowed = self.operations(row["model"], row["record"], self.users[who])
                    self.assertEqual(allowed or "-", row[who])

    def test_methods(self):
        for row in rows(METHODS):
            for who in WHO:
                user, args = self.users[who], []
                if row["record"] != "-":
                    args = [self.record(row["model"], row["record"], user).ids]
                elif row["model"] == "iap.account":
                    args = ["reveal"]
                with self.subTest(model=row["model"], method=row["method"], who=who):
                    allowed = self.is_allowed(row["model"], user, row["method"], *args)
                    self.assertEqual("x" if allowed else "-", row[who])

    # === THE TABLE IS COMPLETE === #

    def test_every_model_is_in_the_table(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "crm_iap_credits"
        }
        self.assertEqual(ours - ABSTRACT, {row["model"] for row in rows(RECORDS)} & ours)

    def test_every_public_method_is_in_the_table(self):
        known = {(row["model"], row["method"]) for row in rows(METHODS)}
        found = {
            (name, method)
            for name, model in self.env.registry.items()
            if name not in ABSTRACT
            for method in self._public_methods(model)
        }
        self.assertEqual(found, known)

    def _public_methods(self, model):
        """Name what this addon adds to a model, or overrides, for clients to call."""
        for cls in model.mro():
            if not cls.__module__.startswith("odoo.addons.crm_iap_credits."):
                continue
            for name, value in vars(cls).items():
                is_method = callable(value) and not isinstance(value, type)
                if is_method and not name.startswith("_") and name not in BY_RECORDS:
                    private = any(
                        getattr(getattr(base, name, None), "_api_private", False)
                        for base in model.mro()
                    )
                    if not private:
                        yield name
