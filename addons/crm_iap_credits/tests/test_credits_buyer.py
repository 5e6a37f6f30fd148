"""The pages where credits are bought ask who is invoiced, check it, and tell nobody else's data."""

from unittest.mock import patch

from lxml import html

from odoo.fields import Command
from odoo.tests import tagged

from .test_credits_page import CreditsPageCase

LINK = {"name": "Ada", "email": "ada@customer.example"}


@tagged("post_install", "-at_install")
class TestCreditsBuyer(CreditsPageCase):
    def asked(self, **values):
        """Fill in the form that the link leads to; return the page that follows."""
        page = self.get(self.link())
        return html.fromstring(self.choose(page, **{**LINK, **values}).content)

    def problems(self, page):
        return {
            one.get("id").removeprefix("credits_problem_"): self.text(one)
            for one in page.xpath("//*[contains(@class, 'invalid-feedback')]")
        }

    def contacts(self):
        return self.env["res.partner"].with_context(active_test=False).search_count([])

    def test_who_comes_by_the_link_tells_the_company_that_is_invoiced(self):
        self.asked()
        order = self.last_order()
        company, person = order.invoiced_partner_id, order.partner_id
        self.assertTrue(company.is_company)
        self.assertEqual(
            (company.name, company.vat, company.street, company.zip, company.city),
            tuple(self.COMPANY[name] for name in ("company", "vat", "street", "zip", "city")),
        )
        self.assertEqual(company.country_id, self.country_belgium)
        self.assertEqual((person.name, person.commercial_partner_id), ("Ada", company))
        self.assertEqual(person.country_id, self.country_belgium)

    def test_what_is_known_is_shown_and_not_asked_again(self):
        self.asked()
        company = self.last_order().invoiced_partner_id
        before = self.contacts()
        page = self.get(self.link())
        [known] = self.has(page, name="known_buyer")
        for text in ("Customer SRL", "BE0477472701", "Rue du Trône 1", "1000", "Belgium"):
            self.assertIn(text, self.text(known))
        self.assertNotIn("ada@customer.example", self.text(page))
        self.choose(page, **LINK, pack=self._pack(name="Big"))
        self.assertEqual(self.last_order().invoiced_partner_id, company)
        self.assertEqual(self.contacts(), before)

    def test_each_error_is_one_sentence_beside_its_field_and_nothing_is_made(self):
        before = self.contacts()
        usa = self.env.ref("base.us")
        for values, field, text in (
            ({"company": " "}, "company", "name of the company"),
            ({"street": ""}, "street", "street"),
            ({"zip": ""}, "zip", "postal code"),
            ({"city": "\x00"}, "city", "town"),
            ({"country_id": ""}, "country_id", "country"),
            ({"country_id": "99999999"}, "country_id", "country"),
            ({"country_id": "1' OR 1"}, "country_id", "country"),
            ({"vat": "BE0477472702"}, "vat", "no VAT number of Belgium"),
            ({"vat": "BE"}, "vat", "no VAT number of Belgium"),
            ({"country_id": str(usa.id), "vat": ""}, "state_id", "state"),
            ({"country_id": str(usa.id), "vat": "", "state_id": "1"}, "state_id", "state"),
        ):
            with self.subTest(values):
                page = self.asked(**values)
                problems = self.problems(page)
                self.assertEqual([*problems], [field])
                self.assertIn(text, problems[field])
                self.assertEqual(problems[field].count("."), 1)
                [box] = page.xpath(f"//*[@name='{field}'][contains(@class, 'is-invalid')]")
                self.assertEqual(box.get("aria-describedby"), f"credits_problem_{field}")
                # On a phone it lies below what the page begins with.
                self.assertEqual(page.xpath("//*[@autofocus]"), [box])
                # What was right is not typed again.
                self.assertEqual(page.xpath("//input[@name='name']")[0].get("value"), "Ada")
        self.assertFalse(self.last_order())
        self.assertEqual(self.contacts(), before)

    def test_the_state_is_asked_where_a_country_needs_one(self):
        usa, texas = self.env.ref("base.us"), self.env.ref("base.state_us_44")
        page = self.asked(country_id=str(usa.id), vat="")
        self.assertIn("Texas", self.text(page.xpath("//select[@name='state_id']")[0]))
        self.choose(page, **LINK, state_id=str(texas.id))
        self.assertEqual(self.last_order().invoiced_partner_id.state_id, texas)

    def test_a_state_of_another_country_is_left_out(self):
        texas = self.env.ref("base.state_us_44")
        self.asked(state_id=str(texas.id))
        self.assertFalse(self.last_order().invoiced_partner_id.state_id)

    def test_without_a_vat_number_a_company_buys_too(self):
        self.asked(vat="")
        self.assertFalse(self.last_order().invoiced_partner_id.vat)

    def test_what_is_changed_makes_another_contact_and_leaves_the_first(self):
        self.asked()
        first = self.last_order().invoiced_partner_id
        self.asked(street="Avenue Louise 2", company="Customer SRL")
        second = self.last_order().invoiced_partner_id
        self.assertNotEqual(first, second)
        self.assertEqual((first.street, second.street), ("Rue du Trône 1", "Avenue Louise 2"))

    def test_nobody_s_company_is_found_or_changed_by_its_name_or_number(self):
        stranger = self.env["res.partner"].create(
            {"name": "Customer SRL", "vat": "BE0477472701", "is_company": True, "comment": "Ours"}
        )
        page = self.get(self.link())
        self.assertFalse(self.has(page, name="known_buyer"))
        self.asked(id=str(stranger.id), partner_id=str(stranger.id), parent_id=str(stranger.id))
        order = self.last_order()
        self.assertNotIn(stranger, order.invoiced_partner_id | order.partner_id.parent_id)
        self.assertFalse(stranger.child_ids)
        self.assertFalse(stranger.street)

    def test_the_company_of_a_colleague_s_order_is_not_told_by_the_link(self):
        secret = self.env["res.partner"].create(
            {"name": "Secret Holding", "is_company": True, "street": "Hidden 1", "zip": "1",
             "city": "Nowhere", "country_id": self.country_belgium.id}
        )  # fmt: skip
        order = self._order()
        order.invoiced_partner_id = secret
        self.assertNotIn("Secret Holding", self.text(self.get(self.link())))
        self.login("portal")
        self.assertNotIn("Secret Holding", self.text(self.get(self.link())))

    def test_a_portal_user_s_own_company_is_known_and_stays_as_it_is(self):
        partner = self.users["portal"].partner_id
        acme = self.env["res.partner"].create(
            {"name": "Acme Portal", "is_company": True, "city": "Gent"}
        )
        partner.parent_id = acme
        self.login("portal")
        page = self.get(self.link())
        self.assertEqual(page.xpath("//input[@name='company']")[0].get("value"), "Acme Portal")
        self.choose(page, street="Veldstraat 1", zip="9000", country_id=self.country_belgium.id)
        order = self.last_order()
        self.assertEqual(order.partner_id, partner)
        self.assertEqual(order.invoiced_partner_id.street, "Veldstraat 1")
        self.assertFalse(acme.street)
        self.assertNotEqual(order.invoiced_partner_id, acme)

    def test_colleagues_have_the_company_invoiced_that_they_work_for(self):
        acme = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "city": "Gent", "vat": "/"}
        )
        self.users["billing"].partner_id.parent_id = acme
        self.login("billing")
        page = self.get(self.page_url)
        self.assertFalse(page.xpath("//input[@name='email']"))
        values = {"street": "Veldstraat 1", "zip": "9000", "country_id": self.country_belgium.id,
                  "company": "ACME", "city": "gent"}  # fmt: skip
        self.users["billing"].group_ids = [
            Command.link(self.env.ref("base.group_partner_manager").id)
        ]
        self.choose(page, **values)
        # Who may write contacts completes what was missing.
        self.assertEqual(self.last_order().invoiced_partner_id, acme)
        self.assertEqual(acme.street, "Veldstraat 1")
        # And nothing else: not even the spelling of what was there.
        self.assertEqual((acme.name, acme.city, acme.vat), ("Acme", "Gent", "/"))

    def test_who_may_not_write_contacts_completes_none(self):
        acme = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        billing = self.users["billing"]
        billing.partner_id.parent_id = acme
        billing.group_ids = [Command.set(
            (self.env.ref("base.group_user")
             | self.env.ref("crm_iap_credits.group_billing_administrator")).ids
        )]  # fmt: skip
        self.assertFalse(acme.with_user(billing).has_access("write"))
        self.login("billing")
        self.choose(
            self.get(self.page_url), street="Veldstraat 1", zip="9000", city="Gent",
            country_id=self.country_belgium.id,
        )  # fmt: skip
        self.assertFalse(acme.street)
        self.assertEqual(self.last_order().invoiced_partner_id.name, "Acme")

    def test_a_colleague_without_a_company_has_that_of_the_credits_invoiced(self):
        self.login("billing")
        page = self.get(self.page_url)
        company = self.account._get_ledger_company()
        self.assertIn(company.name, self.text(self.has(page, name="known_buyer")[0]))
        self.choose(page)
        self.assertEqual(self.last_order().invoiced_partner_id, company.partner_id)
        page = self.get(self.last_order()._get_page_url())
        self.assertIn(company.name, self.text(self.has(page, name="invoiced")[0]))

    def test_archived_companies_are_asked_for_anew(self):
        self.asked()
        self.last_order().invoiced_partner_id.active = False
        self.assertFalse(self.has(self.get(self.link()), name="known_buyer"))
        customer = self.env["res.partner"].create(
            {"name": "Gone", "is_company": True, "active": False}
        )
        with patch.object(type(self.account), "_get_customer", lambda account: customer):
            self.assertFalse(self.has(self.get(self.link()), name="known_buyer"))

    def test_the_form_is_italian_for_italians(self):
        italian = self.env["res.lang"]._activate_lang("it_IT")
        if "website" in self.env:  # which has languages of its own
            self.env["website"].search([]).language_ids += italian
        self.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        self.users["billing"].lang = "it_IT"
        self.users["billing"].partner_id.parent_id = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True}
        )
        self.login("billing")
        self.opener.cookies["frontend_lang"] = "it_IT"
        page = self.get(self.page_url)
        text = self.text(self.has(page, name="payer")[0])
        for word in ("Partita IVA", "Azienda", "Fatturare a"):
            self.assertIn(word, text)
        answer = html.fromstring(self.choose(page, company="Acme", vat="IT1").content)
        self.assertIn("Inserisci", self.problems(answer)["street"])

    def test_receipt_names_the_company_and_its_number(self):
        self.asked()
        order = self.last_order()
        self._confirm(self._payment(order))
        mail = self.env["mail.mail"].search(
            [("model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertIn("Customer SRL", mail.body_html)
        self.assertIn("BE0477472701", mail.body_html)
