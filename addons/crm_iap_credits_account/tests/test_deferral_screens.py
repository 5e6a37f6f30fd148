"""What a bookkeeper sees of deferred credits, and finds."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Search, columns

from .test_iap_credit_order import InvoiceCase

ADDON = "crm_iap_credits_account"


@tagged("post_install", "-at_install")
class TestDeferralScreens(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        account, other = cls.env["account.account"].create(
            [
                {"code": "CR7", "name": "Deferred", "account_type": "liability_current"},
                {"code": "CR8", "name": "Prepaid", "account_type": "asset_prepayments"},
            ]
        )
        move = cls.env["account.move"].create(
            {"move_type": "entry", "journal_id": cls.company_data["default_journal_misc"].id}
        )
        # Sudo: nobody writes these but what books them.
        deferrals_sudo = cls.env["iap.credit.deferral"].sudo()
        cls.booked, cls.unchanged = deferrals_sudo.create(
            [
                {
                    "company_id": company.id,
                    "month": month,
                    "deferred": 142.06,
                    "account_id": one.id,
                    "move_id": entry.id,
                }
                for month, one, entry in (
                    ("2026-09-01", account, move),
                    ("2026-10-01", other, move.browse()),
                )
            ]
        )
        cls.keepers = {
            name: new_test_user(
                cls.env, f"t_{name}", groups=f"account.group_account_{name}",
                company_id=company.id, company_ids=company.ids,
            )
            for name in ("invoice", "readonly")
        }  # fmt: skip

    def test_menu_is_among_the_reports_of_who_may_read_them(self):
        menu = self.env.ref(f"{ADDON}.iap_credit_deferral_menu")
        path = menu | menu.parent_id | menu.parent_id.parent_id
        for keeper in self.keepers.values():
            seen = self.env["ir.ui.menu"].with_user(keeper)._visible_menu_ids()
            self.assertLessEqual({*path.ids}, {*seen})
        seen = self.env["ir.ui.menu"].with_user(self.users["manager"])._visible_menu_ids()
        self.assertNotIn(menu.id, seen)

    def test_list_tells_month_account_amount_and_links_the_entry(self):
        for keeper in self.keepers.values():
            view = f"{ADDON}.iap_credit_deferral_view_list"
            told = {"month", "account_id", "deferred", "move_id"}
            self.assertEqual(columns(self.env, view, keeper), told)
            keeper.group_ids += self.env.ref("base.group_multi_company")
            self.assertEqual(columns(self.env, view, keeper), told | {"company_id"})
            seen = self.booked.with_user(keeper).sudo(False)
            self.assertTrue(seen.move_id.has_access("read"))
            self.assertTrue(seen.account_id.display_name)

    def test_nothing_of_it_can_be_changed(self):
        for keeper in self.keepers.values():
            action = self.env["ir.actions.act_window"].with_user(keeper)._for_xml_id(
                f"{ADDON}.iap_credit_deferral_action"
            )  # fmt: skip
            self.assertEqual(action["view_mode"], "list")
            arch = self.booked.with_user(keeper).sudo(False).get_view(view_type="list")["arch"]
            node = etree.fromstring(arch)
            self.assertEqual([node.get(name) for name in ("create", "edit", "delete")], ["0"] * 3)
            with self.assertRaises(AccessError):
                self.booked.with_user(keeper).sudo(False).deferred = 1

    def test_filters_and_what_is_typed_find_months(self):
        both = self.booked | self.unchanged
        search = Search(
            self.env, f"{ADDON}.iap_credit_deferral_view_search", self.keepers["readonly"]
        )
        self.assertEqual(search.filters.keys(), {"booked", "unchanged", "month"})
        self.assertEqual(search.filtered("booked", both).ids, self.booked.ids)
        self.assertEqual(search.filtered("unchanged", both).ids, self.unchanged.ids)
        self.assertEqual(search.typed("account_id", "CR8", both).ids, self.unchanged.ids)
        self.assertEqual(
            search.groups, {"group_month": "month:month", "group_account": "account_id"}
        )

    def test_amounts_of_several_months_are_not_added_up(self):
        months = self.env["iap.credit.deferral"].with_user(self.keepers["invoice"])
        self.assertFalse(months.fields_get(["deferred"])["deferred"].get("aggregator"))
