from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo.fields import Command
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from .buying_common import BuyingCase


class CreditsPageCase(BuyingCase, PaymentHttpCommon):
    #: What somebody enters who is asked for a company.
    COMPANY = {
        "company": "Customer SRL",
        "vat": "BE0477472701",
        "street": "Rue du Trône 1",
        "zip": "1000",
        "city": "Bruxelles",
    }

    def setUp(self):
        super().setUp()
        self.page_url = f"/iap/credits/{self.account.id}"

    def login(self, login):
        self.authenticate(f"buy_{login}", f"buy_{login}")

    def get(self, url, status=200):
        response = self.url_open(url)
        self.assertEqual(response.status_code, status, url)
        return html.fromstring(response.content)

    def has(self, page, css_class="", name=""):
        path = f"//*[contains(@class, '{css_class}')]" if css_class else f"//*[@name='{name}']"
        return page.xpath(path)

    def text(self, page):
        return " ".join(page.text_content().split())

    def link(self, account=None, **values):
        """Return the address that a stock IAP client of another database opens."""
        account = account or self.account
        query = {
            "dbuuid": "0" * 32,
            "service_name": "reveal",
            "account_token": account._hash_iap_token(account.account_token),
            "hashed": "1",
            **values,
        }
        return "/iap/1/credit?" + "&".join(f"{key}={value}" for key, value in query.items())

    def choose(self, page, pack=None, **values):
        """Send the page's form, as its button does; return the answer."""
        form = page.xpath("//form[contains(@action, '/order')]")[0]
        fields = {i.get("name"): i.get("value") or "" for i in form.xpath(".//input")}
        for select in form.xpath(".//select"):
            chosen = select.xpath(".//option[@selected]")
            fields[select.get("name")] = chosen[0].get("value") if chosen else ""
        if not fields.get("company"):
            fields |= self.COMPANY | {"country_id": str(self.country_belgium.id)}
        return self.url_open(
            form.get("action"),
            data={**fields, "pack_id": (pack or self.pack).id, **values},
        )

    def last_order(self):
        return self.env["iap.credit.order"].search([("account_id", "=", self.account.id)], limit=1)

    def pay(self, response, **values):
        """Do what the payment form does with its button."""
        context = self._get_payment_context(response)
        return self._portal_transaction(
            tx_route=context["transaction_route"],
            **{
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "flow": "direct",
                "amount": context["amount"],
                "tokenization_requested": False,
                "landing_route": context["landing_route"],
                "access_token": context["access_token"],
                **values,
            },
        )


@tagged("post_install", "-at_install")
class TestCreditsPage(CreditsPageCase):
    def test_page_shows_packs_prices_and_balance(self):
        self._pack(name="Business", credits=2000, price=249)
        self._fund(1234)
        self.login("billing")
        page = self.get(self.page_url)
        text = self.text(page)
        for expected in ("Team", "500", "79.00", "0.158", "Business", "2,000", "1,234", "Choose"):
            self.assertIn(expected, text)
        [best] = self.has(page, "o_credit_pack_best")
        self.assertIn("Business", best.getparent().getparent().text_content())

    def test_page_names_the_service_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.users["billing"].lang = "it_IT"
        self.login("billing")
        page = self.get(self.page_url)
        self.assertIn("Generazione di lead", self.text(page))
        self.assertNotEqual(page.xpath("//title/text()"), ["Odoo"])
        self.account.service_id.name = "Nuovi clienti"
        self.assertIn("Nuovi clienti", self.text(self.get(self.page_url)))

    def test_best_value_is_not_claimed_for_the_only_pack(self):
        self.login("billing")
        self.assertFalse(self.has(self.get(self.page_url), "o_credit_pack_best"))

    def test_colleagues_see_it_but_only_buyers_can_choose(self):
        for login, buys in (("billing", True), ("manager", True), ("seller", False)):
            with self.subTest(login):
                self.login(login)
                page = self.get(self.page_url)
                self.assertEqual(bool(page.xpath("//button[@name='pack_id']")), buys)
                self.assertEqual(bool(self.has(page, name="not_a_buyer")), not buys)
        self.assertIn("Buying billing", self.text(page))

    def test_salesperson_who_sends_the_form_anyway_is_refused(self):
        self.login("manager")
        page = self.get(self.page_url)
        self.login("seller")
        form = self.get(self.page_url)
        token = form.xpath("//input[@name='csrf_token']")[0].get("value")
        self.assertEqual(self.choose(page, csrf_token=token).status_code, 404)
        self.assertFalse(self.last_order())

    @mute_logger("odoo.http")
    def test_order_without_csrf_token_is_refused(self):
        self.login("billing")
        page = self.get(self.page_url)
        self.assertEqual(self.choose(page, csrf_token="").status_code, 400)
        self.assertFalse(self.last_order())

    def test_strangers_find_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env, "buy_stranger", "sales_team.group_sale_manager", password="buy_stranger",
            company_id=other.id, company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        remote = self.env["iap.account"].create(
            {"service_id": self.env["iap.service"].search([("kept_by", "=", "remote")])[:1].id}
        )
        for login in ("stranger", "portal"):
            self.login(login)
            page = self.get(self.page_url, 404)
            self.assertIn("leads to no credit account", self.text(page))
        self.login("billing")
        for account_id in (remote.id, 0, 2**31 - 1, 2**31, 10**30):
            self.get(f"/iap/credits/{account_id}", 404)

    def test_without_login_it_asks_to_log_in(self):
        response = self.url_open(self.page_url, allow_redirects=False)
        self.assertIn("/web/login?redirect=", response.headers["Location"])

    def test_no_pack_tells_the_administrator_what_to_do_and_others_whom_to_ask(self):
        self.pack.active = False
        for login, text in (("billing", "Create Credit Packs"), ("seller", "Buying billing")):
            self.login(login)
            page = self.get(self.page_url)
            self.assertIn(text, self.text(self.has(page, name="no_packs")[0]))

    def test_no_provider_tells_the_administrator_what_to_do_and_others_whom_to_ask(self):
        self.provider.state = "disabled"
        self.users["billing"].group_ids += self.env.ref("base.group_system")
        for login, text in (("billing", "Enable a payment provider"), ("seller", "Please ask")):
            self.login(login)
            page = self.get(self.page_url)
            self.assertIn(text, self.text(self.has(page, name="no_provider")[0]))
            self.assertFalse(page.xpath("//button[@name='pack_id']"))

    def test_copy_of_a_database_says_so_and_sells_nothing(self):
        self.login("billing")
        page = self.get(self.page_url)
        order = self._order()
        self.account.account_token += "+disabled"
        self.assertIn("This database is a copy", self.text(self.get(self.page_url, 403)))
        self.assertEqual(self.choose(page).status_code, 403)
        self.assertIn("This database is a copy", self.text(self.get(order._get_page_url())))
        self.assertEqual(self.last_order(), order)

    def test_pack_that_is_no_longer_offered_is_told(self):
        self.login("billing")
        page = self.get(self.page_url)
        other = self._pack(company_id=self.env["res.company"].create({"name": "Other"}).id)
        for pack_id in (other.id, 0, -1, "x", "", 10**30):
            response = self.choose(page, pack_id=pack_id)
            self.assertIn("no longer offered", response.text)
        self.pack.active = False
        self._pack()
        self.assertIn("no longer offered", self.choose(page).text)
        self.assertFalse(self.last_order())

    def test_every_door_of_stock_leads_here(self):
        accounts = self.env["iap.account"].with_user(self.users["seller"])
        self.assertTrue(accounts.get_credits_url("reveal").endswith(self.page_url))
        self.assertEqual(self.account.action_buy_credits()["url"], self.page_url)
        view = self.account.get_view(self.env.ref("iap.iap_account_view_form").id)["arch"]
        self.assertIn("Buy Credits", view)


@tagged("post_install", "-at_install")
class TestCreditsPayment(CreditsPageCase):
    def order_and_open(self, login="billing"):
        self.login(login)
        return self.choose(self.get(self.page_url))

    def test_from_the_pack_to_the_credits(self):
        self.login("manager")
        response = self.choose(self.get(f"{self.page_url}?back=/odoo/crm"))
        self.assertIn("/iap/credits/order/", response.url)
        values = self.pay(response)
        payment = self._get_tx(values["reference"])
        order = payment.credit_order_id
        self.assertEqual((payment.amount, payment.currency_id), (79, self.currency_euro))
        self.assertEqual(payment.partner_id, self.users["manager"].partner_id)
        self.assertTrue(payment.reference.startswith(order.name))
        self._confirm(payment)
        page = self.get(payment.landing_route)
        self.assertIn("500 credits were added", self.text(page))
        [back] = self.has(page, "o_credits_return")
        self.assertEqual(back.get("href"), "/odoo/crm")
        self.assertCredits(500)

    def test_pages_of_other_sites_are_not_led_back_to(self):
        self.login("billing")
        page = self.get(f"{self.page_url}?back=https://evil.example/odoo")
        self.choose(page)
        order = self.last_order()
        self.assertFalse(order.return_path)
        self.choose(self.get(self.page_url))
        self.assertEqual(self.last_order(), order)

    def test_browser_decides_neither_price_nor_currency_nor_payer_nor_landing(self):
        response = self.order_and_open()
        values = self.pay(response, amount=0.01, landing_route="https://evil.example")
        payment = self._get_tx(values["reference"])
        self.assertEqual(payment.amount, 79)
        self.assertTrue(payment.landing_route.startswith("/iap/credits/order/"))
        with self.assertRaises(JsonRpcException):
            self.pay(response, currency_id=self.currency_usd.id)
        with self.assertRaises(JsonRpcException):
            self.pay(response, partner_id=1)
        with self.assertRaises(JsonRpcException):
            self.pay(response, credit_order_id=1)

    @mute_logger("odoo.http")
    def test_provider_that_was_not_offered_is_refused(self):
        response = self.order_and_open()
        other = self.provider.copy({"company_id": self.env["res.company"].create({"name": "O"}).id})
        other.state = "test"
        off = self.provider.copy({"state": "disabled"})
        for provider_id in (other.id, off.id, 0, None, "x"):
            with self.subTest(provider_id), self.assertRaises(JsonRpcException):
                self.pay(response, provider_id=provider_id)
        self.assertFalse(self.last_order().transaction_ids)

    @mute_logger("odoo.http")
    def test_saved_card_is_for_its_owner_only(self):
        card = self._create_token(partner_id=self.users["billing"].partner_id.id)
        response = self.order_and_open()
        self.assertIn(card.id, self._get_payment_context(response)["token_ids"])
        url = self.last_order()._get_page_url()
        self.logout()
        response = self.url_open(url)
        self.assertFalse(self._get_payment_context(response)["token_ids"])
        with self.assertRaises(JsonRpcException):
            self.pay(response, flow="token", token_id=card.id)

    def test_who_is_given_a_colleagues_order_to_pay_does_not_see_the_balance(self):
        url = self._order()._get_page_url()
        self.assertFalse(self.has(self.get(url), "o_credits_available"))
        self.login("portal")
        self.assertFalse(self.has(self.get(url), "o_credits_available"))
        self.login("seller")
        self.assertTrue(self.has(self.get(url), "o_credits_available"))

    def test_who_has_ordered_by_the_link_sees_the_balance_with_it(self):
        self.login("portal")
        order = self.env["iap.credit.order"]._place(
            self.pack, self.account, self.users["portal"].partner_id, user=None
        )
        page = self.get(order._get_page_url())
        self.assertTrue(self.has(page, "o_credits_available"))

    @mute_logger("odoo.http")
    def test_tampered_tokens_and_foreign_orders_find_nothing(self):
        response = self.order_and_open()
        order, other = self.last_order(), self._order(user=self.users["manager"])
        token = order._get_access_token()
        for url in (
            f"/iap/credits/order/{order.id}",
            f"/iap/credits/order/{order.id}?access_token=",
            f"/iap/credits/order/{order.id}?access_token={token[:-1]}0x",
            f"/iap/credits/order/{order.id}?access_token=\N{LATIN SMALL LETTER E WITH ACUTE}",
            f"/iap/credits/order/{other.id}?access_token={token}",
            f"/iap/credits/order/{10**30}?access_token={token}",
        ):
            self.get(url, 404)
        for order_id, access_token in ((order.id, ""), (order.id, "0"), (other.id, token)):
            with self._assertNotFound():
                self._portal_transaction(
                    tx_route=f"/iap/credits/order/{order_id}/transaction",
                    access_token=access_token,
                    provider_id=self.provider.id,
                )
        self.assertFalse((order | other).transaction_ids)
        self.assertTrue(self.pay(response)["reference"])

    @mute_logger("odoo.http")
    def test_odd_payments_of_an_order_are_refused_and_leave_nothing(self):
        response = self.order_and_open()
        order = self.last_order()
        for odd in (
            {"flow": None}, {"flow": "token"}, {"flow": "token", "token_id": [1]}, {"flow": "x"},
            {"payment_method_id": 0}, {"payment_method_id": "\x00"}, {"payment_method_id": 10**30},
            {"provider_id": {}}, {"provider_id": None}, {"landing_route": "\x00"} | {"flow": 7},
        ):  # fmt: skip
            with self.subTest(odd), self.assertRaises(JsonRpcException) as caught:
                self.pay(response, **odd)
            self.assertNotIn("psycopg2", str(caught.exception))
        self.assertFalse(order.transaction_ids)

    def test_failed_and_cancelled_payments_are_told_and_can_be_tried_again(self):
        for fail, name in (
            ("_set_error", "payment_failed"),
            ("_set_canceled", "payment_cancelled"),
        ):
            with self.subTest(name):
                response = self.order_and_open()
                payment = self._get_tx(self.pay(response)["reference"])
                getattr(payment, fail)(state_message="Refused by the bank")
                payment._post_process()
                response = self.url_open(payment.landing_route)
                self.assertTrue(self.has(html.fromstring(response.content), name=name))
                self._confirm(self._get_tx(self.pay(response)["reference"]))
                self.assertEqual(payment.credit_order_id.state, "paid")
        self.assertCredits(1000)

    @mute_logger("odoo.http")
    def test_pending_and_paid_orders_cannot_be_paid_again(self):
        response = self.order_and_open()
        payment = self._get_tx(self.pay(response)["reference"])
        payment._set_pending()
        payment._post_process()
        page = self.get(payment.landing_route)
        self.assertTrue(self.has(page, name="pending"))
        self.assertFalse(page.xpath("//form[@id='o_payment_form']"))
        with self.assertRaisesRegex(JsonRpcException, "."):
            self.pay(response)
        self._confirm(payment)
        with self.assertRaises(JsonRpcException):
            self.pay(response)
        self.assertCredits(500)

    def test_page_of_each_outcome_has_its_words(self):
        self.login("billing")
        order = self._order()
        self._confirm(self._payment(order, amount=1))
        self.assertTrue(self.has(self.get(order._get_page_url()), name="checking"))
        order.state = "cancelled"
        self.assertTrue(self.has(self.get(order._get_page_url()), name="cancelled"))
        order = self._buy()
        self._refund(order.transaction_id)
        self.assertTrue(self.has(self.get(order._get_page_url()), name="refunded"))


@tagged("post_install", "-at_install")
class TestCreditsLink(CreditsPageCase):
    def test_link_of_a_stock_client_leads_to_the_packs_without_login(self):
        page = self.get(self.link())
        self.assertIn("Team", self.text(page))
        self.assertTrue(page.xpath("//input[@name='email']"))

    def test_link_is_the_one_that_stock_makes(self):
        remote = self.env["iap.service"].search([("kept_by", "=", "remote")], limit=1)
        url = self.env["iap.account"].get_credits_url(
            remote.technical_name, account_token=f"{self.account.account_token}+test"
        )
        query = parse_qs(urlsplit(url).query)
        self.assertEqual(query["account_token"], [self.account.token_hash])
        self.assertEqual((urlsplit(url).path, query["hashed"]), ("/iap/1/credit", ["1"]))

    def test_wrong_links_all_get_the_same_page(self):
        ours = (
            {"account_token": "0" * 40},
            {"account_token": ""},
            {"account_token": self.account.account_token},
            {"service_name": ""},
            {"hashed": ""},
            {"hashed": "0", "account_token": self.account.account_token},
        )
        # Of services that are not kept here another addon may say more.
        for links in (ours, ({"service_name": "sms"}, {"service_name": "no_such_service"})):
            pages = [self.url_open(self.link(**values)).content for values in links]
            texts = {self.text(html.fromstring(page).xpath("//main")[0]) for page in pages}
            self.assertEqual(len(texts), 1, texts)
        self.assertEqual(self.url_open(self.link(account_token="0" * 40)).status_code, 404)
        self.assertEqual(self.url_open("/iap/1/credit").status_code, 404)

    def test_link_dies_with_the_token(self):
        link, page = self.link(), self.url_open(self.link()).url
        self.account.account_token = "0123456789abcdef0123456789abcdef"
        self.get(link, 404)
        self.get(page, 404)
        self.get(self.link())

    def test_disabled_account_is_told(self):
        self.account.account_token += "+disabled"
        self.assertIn("This database is a copy", self.text(self.get(self.link(), 403)))

    def test_somebody_without_login_buys_and_gets_a_receipt(self):
        page = self.get(self.link())
        response = self.choose(page, name=" Ada Admin ", email="Ada@Customer.example")
        order = self.last_order()
        payer = order.partner_id
        self.assertEqual((payer.name, payer.email), ("Ada Admin", "ada@customer.example"))
        self.assertFalse(order.user_id)
        self._confirm(self._get_tx(self.pay(response)["reference"]))
        self.assertOrder(order, "paid", 500)
        page = self.get(order._get_page_url())
        self.assertIn("go back to your database", self.text(page))
        mail = self.env["mail.mail"].search(
            [("model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertEqual(mail.recipient_ids, payer)
        self.choose(self.get(self.link()), name="Ada", email="ada@customer.example")
        self.assertEqual(self.last_order().partner_id, payer)

    def test_who_buys_again_without_login_is_the_same_contact_in_any_spelling_of_the_address(self):
        for first, then in (
            ("ada@bücher.example", "Ada@xn--bcher-kva.example"),
            ("bea@xn--bcher-kva.example", "Bea@Bücher.example"),
        ):
            self.choose(self.get(self.link()), name="Ada Admin", email=first)
            payer = self.last_order().partner_id
            self.choose(self.get(self.link()), name="Ada Admin", email=then)
            self.assertEqual(self.last_order().partner_id, payer, then)

    def test_nobody_else_s_contact_is_taken_by_its_address(self):
        known = self.users["seller"].partner_id
        self.choose(self.get(self.link()), name="Mallory", email=known.email)
        self.assertNotEqual(self.last_order().partner_id, known)
        self.assertEqual(known.name, "Buying seller")

    def test_only_who_has_ordered_here_without_a_login_is_known_by_the_address(self):
        values = {"name": "Ada", "email": "ada@customer.example"}
        account = self.env["iap.account"]._get_local(
            "reveal", self.env["res.company"].create({"name": "Other"})
        )
        orders = self.env["iap.credit.order"]
        others = self.env["res.partner"].create([values, values])
        orders._place(self.pack, self.account, others[0], user=self.users["seller"])
        orders._place(self.pack, account, others[1])
        payers = set()
        for _time in range(3):
            self.choose(self.get(self.link()), **values)
            payers.add(self.last_order().partner_id)
            # The next is another order, as it is with other terms.
            self.last_order().return_path = "/odoo/crm"
        self.assertEqual(len(payers), 1)
        self.assertFalse(payers & {*others})

    def test_wrong_names_and_addresses_are_told(self):
        page = self.get(self.link())
        for values, field in (
            ({"name": "", "email": "ada@customer.example"}, "name"),
            ({"name": "Ada", "email": ""}, "email"),
            ({"name": "Ada", "email": "nonsense"}, "email"),
            ({"name": "Ada", "email": "a@b.example, c@d.example"}, "email"),
        ):
            with self.subTest(values):
                answer = html.fromstring(self.choose(page, **values).content)
                [problem] = answer.xpath("//*[contains(@class, 'invalid-feedback')]")
                self.assertEqual(problem.get("id"), f"credits_problem_{field}")
        self.assertFalse(self.last_order())
