"""Rules that all our views keep, whatever they show."""

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged

from .screens import Search, our_views

ALL = (
    "base.group_system", "sales_team.group_sale_manager", "account.group_account_manager",
    "crm_lead_mining.group_lead_mining_privacy",
)  # fmt: skip
SEVERAL = "base.group_multi_company,base.group_multi_currency,crm.group_use_lead,base.group_no_one"


@tagged("post_install", "-at_install")
class TestScreens(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ",".join(one for one in ALL if cls.env.ref(one, raise_if_not_found=False))
        several = ",".join(
            one for one in SEVERAL.split(",") if cls.env.ref(one, raise_if_not_found=False)
        )
        cls.one = new_test_user(cls.env, "t_one", groups)
        # Other addons, and defaults of new users, may give more than was asked for.
        cls.one.group_ids -= cls.env["res.groups"].union(*map(cls.env.ref, several.split(",")))
        companies = cls.env.company | cls.env["res.company"].create({"name": "Other"})
        cls.several = new_test_user(
            cls.env, "t_several", f"{groups},{several}", company_ids=[(6, 0, companies.ids)]
        )

    def nodes(self, user, *kinds):
        """Yield (view, node) of fields and filters that a user is given."""
        for view in our_views(self.env, *kinds):
            model = self.env[view.model].with_user(user)
            arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
            yield from ((view.xml_id, node) for node in arch.iter("field", "filter"))

    def test_every_filter_narrows_or_groups_what_is_found(self):
        for view in our_views(self.env, "search"):
            search = Search(self.env, view, self.several)
            with self.subTest(view=view.xml_id):
                self.assertEqual(search.idle, [])
                self.assertEqual(len({*search.groups.values()}), len(search.groups))

    def _naming(self, user, field):
        """Return the views that show `field`, or group or filter by it, to a user."""
        return {
            view
            for view, node in self.nodes(user, "form", "list", "kanban", "search")
            if node.get("invisible") not in ("1", "True")
            if node.get("column_invisible") not in ("1", "True")
            if field in (node.get("name"), _grouped_by(node), _asked(node))
        }

    def test_a_company_is_named_only_to_who_works_with_several(self):
        # Whoever transfers credits chooses another company.
        chosen = {"crm_iap_credits.iap_credit_transfer_view_form"}
        self.assertEqual(self._naming(self.one, "company_id") - chosen, set())
        self.assertTrue(self._naming(self.several, "company_id"))

    def test_leads_and_opportunities_are_told_apart_only_where_leads_are_used(self):
        self.assertEqual(self._naming(self.one, "lead_type"), set())

    def test_currencies_are_chosen_only_where_there_are_several(self):
        self.assertEqual(self._naming(self.one, "currency_id"), set())

    def test_a_field_that_only_other_cells_need_is_no_column(self):
        for view, node in self.nodes(self.several, "list"):
            if node.get("name") in ("currency_id", "mail_message_id", "can_refund", "is_single"):
                with self.subTest(view=view, field=node.get("name")):
                    self.assertIn(node.get("column_invisible"), ("1", "True"))


def _grouped_by(node):
    context = node.get("context") or ""
    return context.split("'")[3] if "group_by" in context else ""


def _asked(node):
    domain = node.get("domain") or ""
    return domain.split("'")[1] if node.tag == "filter" and "'" in domain else ""
