"""What users see of movements, holds, lots, budgets and packs, and find by the filters of each."""

from datetime import datetime

from lxml import etree

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search, columns

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLedgerScreens(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(100)
        cls.billing = new_test_user(
            cls.env, "t_billing", "crm_iap_credits.group_billing_administrator"
        )
        cls.seller = new_test_user(cls.env, "t_seller", "sales_team.group_sale_salesman")

    def spend(self, user=None, document=None):
        """Return the hold and the entry of a credit that a user has spent."""
        account = self.account.with_user(user or self.billing).sudo()
        values = {"document": document} if document else {}
        hold = self._hold(2, account=account, **values)
        entry = account.capture(hold.token, 1, reason="T", idempotency_key=self._key(), **values)
        holds = self.env["iap.credit.hold"].search([("token", "=", hold.token)])
        return holds, self.env["iap.credit.entry"].browse(entry.id)

    def found(self, view, records, user=None):
        """Return {filter: which of the records it shows}."""
        self.env.flush_all()
        search = Search(self.env, f"crm_iap_credits.{view}", user or self.billing)
        names = {name for name in search.filters if search.filters[name].startswith("[")}
        return {name: search.filtered(name, records.sudo(False)) for name in names}

    def test_a_movement_tells_its_document_and_hold_where_it_has_them(self):
        told = {"document_name", "hold_id"}
        _hold, entry = self.spend(document=self.env.company.partner_id)
        screen = Screen(entry, self.billing)
        self.assertEqual(screen.fields & (told | {"undoes_id", "allocation_ids"}), told)
        self.assertIn("action_open_document", screen.buttons)
        grant = self.account.grant(1, reason="T", idempotency_key=self._key())
        screen = Screen(self.env["iap.credit.entry"].browse(grant.id), self.billing)
        self.assertFalse(screen.fields & {"document_name", "hold_id", "undoes_id"})
        self.assertNotIn("action_open_document", screen.buttons)

    def test_lots_of_a_movement_are_for_managers_and_billing(self):
        hold, _entry = self.spend(self.seller)
        entry = hold.entry_ids.filtered("allocation_ids")
        self.assertIn("allocation_ids", Screen(entry, self.billing).fields)
        self.assertNotIn("allocation_ids", Screen(entry, self.seller).fields)

    def test_the_key_of_a_movement_is_for_developers(self):
        _hold, entry = self.spend()
        self.assertNotIn("idempotency_key", Screen(entry, self.billing).fields)

    def test_filters_find_the_movements_that_they_name(self):
        _hold, mine = self.spend()
        _hold, theirs = self.spend(self.seller)
        grant = self.account.grant(1, reason="T", idempotency_key=self._key())
        grant = self.env["iap.credit.entry"].browse(grant.id)
        found = self.found("iap_credit_entry_view_search", mine | theirs | grant)
        expected = {"spent": mine | theirs, "received": grant, "mine": mine}
        self.assertEqual({name: {*one.ids} for name, one in found.items()},
                         {name: {*one.ids} for name, one in expected.items()})  # fmt: skip

    def test_a_hold_tells_its_end_while_it_is_open_and_its_document(self):
        told = {"document_name", "closed_at"}
        for document in (None, self.env.company.partner_id):
            hold, _entry = self.spend(document=document)
            screen = Screen(hold, self.billing)
            with self.subTest(document=document):
                self.assertEqual(screen.fields & told, {"document_name"} if document else set())
                self.assertIs("action_open_document" in screen.buttons, bool(document))
                self.assertIn("entry_ids", screen.readonly)
                self.account.release(hold.token, reason="T")
                hold.invalidate_recordset()
                self.assertIn("closed_at", Screen(hold, self.billing).fields)

    def test_filters_find_the_holds_that_they_name(self):
        mine, _entry = self.spend()
        theirs, _entry = self.spend(self.seller)
        self.account.release(mine.token, reason="T")
        found = self.found("iap_credit_hold_view_search", mine | theirs)
        self.assertEqual(found, {"open": theirs, "mine": mine})

    def test_filters_find_the_lots_that_they_name(self):
        self._fund(0)
        kept = self.account.grant(5, reason="T", idempotency_key=self._key())
        ending = self.account.grant(
            5, reason="T", idempotency_key=self._key(), expires_at=datetime(2099, 1, 1)
        )
        lots = self.env["iap.credit.lot"].search([("entry_id", "in", [kept.id, ending.id])])
        by_entry = {lot.entry_id.id: lot for lot in lots}
        hold = self._hold(5)
        found = self.found("iap_credit_lot_view_search", lots)
        # The lot that ends first was used first.
        self.assertEqual(found, {"left": by_entry[kept.id], "ends": by_entry[ending.id]})
        self.account.release(hold.token, reason="T")

    def test_filters_find_the_spending_that_they_name(self):
        _hold, mine = self.spend()
        _hold, theirs = self.spend(self.seller)
        rows = self.env["iap.credit.consumption"].browse((mine | theirs).ids)
        found = self.found("iap_credit_consumption_view_search", rows)
        self.assertEqual(found["mine"].ids, mine.ids)
        self.assertFalse(found["refunds"])
        refund = self.account.refund(theirs, 1, reason="T", idempotency_key=self._key())
        rows += rows.browse(refund.id)
        found = self.found("iap_credit_consumption_view_search", rows)
        self.assertEqual(found["refunds"].ids, [refund.id])

    def test_filters_find_the_budgets_that_they_name(self):
        month, request = self.env["iap.credit.budget"].create(
            [{"soft_limit": 5, "period": period} for period in ("month", "request")]
        )
        found = self.found("iap_credit_budget_view_search", month | request)
        none = self.env["iap.credit.budget"]
        self.assertEqual(found, {"month": month, "request": request, "archived": none})
        self.assertNotIn("web_ribbon", Screen(month, self.billing).parts)
        month.active = False
        self.assertIn("web_ribbon", Screen(month, self.billing).parts)
        self.assertFalse({"active", "is_single"} & Screen(month, self.billing).fields)
        self.assertEqual(
            self.found("iap_credit_budget_view_search", month | request)["archived"], month
        )
        view = "crm_iap_credits.iap_credit_budget_view_list"
        self.assertNotIn("is_single", columns(self.env, view, self.billing))

    def test_a_pack_that_cannot_be_sold_says_why(self):
        pack = self.env["iap.credit.pack"].create({"name": "P", "credits": 5, "price": 1})
        other = self.env["iap.credit.pack"].create({"name": "Q", "credits": 5, "price": 1})
        for problem in (False, "No currency rate"):
            self.patch(type(pack), "_compute_problem", _problem(problem))
            pack.invalidate_recordset()
            screen = Screen(pack, self.billing)
            with self.subTest(problem=problem):
                self.assertIs("warning" in screen.alerts, bool(problem))
                self.assertNotIn("active", screen.fields)
                self.assertNotIn("web_ribbon", screen.parts)
        pack.active = False
        self.assertIn("web_ribbon", Screen(pack, self.billing).parts)
        found = self.found("iap_credit_pack_view_search", pack | other)
        self.assertEqual(found, {"archived": pack})

    def test_an_account_counts_its_own_movements_holds_and_orders(self):
        other = self.env["res.company"].create({"name": "Other"})
        empty = self.env["iap.account"].create(
            {"service_id": self.account.service_id.id, "company_ids": [(6, 0, other.ids)]}
        )
        self.spend()
        counted = {
            "credit_entry_count": ("iap.credit.entry", []),
            "credit_hold_count": ("iap.credit.hold", [("state", "=", "open")]),
            "credit_order_count": ("iap.credit.order", []),
        }
        self.env.invalidate_all()
        for account in empty | self.account:
            for field, (model, domain) in counted.items():
                own = [("account_id", "=", account.id), *domain]
                with self.subTest(account=account, field=field):
                    self.assertEqual(account[field], self.env[model].search_count(own))
        self.assertGreater(self.account.credit_entry_count, empty.credit_entry_count)

    def test_a_budget_counts_what_was_spent_from_it_alone(self):
        teams = self.env["crm.team"].create([{"name": "A"}, {"name": "B"}])
        self.env["iap.credit.budget"].search([]).active = False
        teams[0].member_ids = self.seller
        budgets = self.env["iap.credit.budget"].create(
            [{"scope": "team", "team_id": team.id, "soft_limit": 9} for team in teams]
        )
        before = budgets.mapped("spent")
        self.spend(self.seller)
        budgets.invalidate_recordset()
        # Two credits are set aside, one of which was spent.
        self.assertEqual((before, budgets.mapped("spent")), ([0, 0], [2, 0]))

    def test_services_are_listed_and_only_who_keeps_them_is_chosen(self):
        admin = new_test_user(self.env, "t_admin", "base.group_system")
        arch = self.env["iap.service"].with_user(admin).get_view(
            self.env.ref("crm_iap_credits.iap_service_view_list").id, "list"
        )["arch"]  # fmt: skip
        readonly = {
            node.get("name"): node.get("readonly") in ("1", "True")
            for node in etree.fromstring(arch).iter("field")
        }
        self.assertTrue(readonly["name"] and readonly["description"])
        self.assertFalse(readonly["kept_by"])


def _problem(text):
    def compute(self):
        self.problem = text

    return compute
