"""The pages on which credits are bought, on top of the payment form of `payment`.

Who may open what: an account's page is opened by its colleagues and by the link that stock IAP
clients make of the account's token; an order's page by its own link. Everything else is "not
found", without telling whether it exists.
"""

from urllib.parse import quote

from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request
from odoo.tools import email_normalize

from odoo.addons.crm_common.tools.plain_text import plain_text, record_id
from odoo.addons.payment.controllers.portal import PaymentPortal

from ..tools.access import is_same_token
from ..tools.quiet_log import hide_tokens

MAX_NAME = 100
MAX_EMAIL = 254

hide_tokens()


class CreditsPortal(PaymentPortal):
    # Odoo merges all heirs of `PaymentPortal` into one class: names must not meet those of others.

    # === THE ACCOUNT'S PAGE === #

    @http.route(
        "/iap/1/credit",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def iap_credit_link(
        self, service_name: str = "", account_token: str = "", hashed: str = "", **_kwargs
    ):
        """Lead the link of a stock IAP client to the account's page.

        :param service_name: technical name of the service.
        :param account_token: SHA-1 of the account's token without suffix, in hexadecimal.
        :param hashed: `1`; a token itself does not belong into an address and finds nothing.
        """
        accounts = request.env["iap.account"]
        account_sudo = accounts._find_by_link(plain_text(service_name), plain_text(account_token))
        if hashed != "1" or not account_sudo:
            return self._render_no_credits()
        return request.redirect(account_sudo._get_signed_credits_url())

    @http.route(
        "/iap/credits/<int:account_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def credits_page(self, account_id, access_token="", back="", **_kwargs):
        """Show the packs of the account's service and its balance."""
        account_sudo = self._find_credit_account(account_id, access_token)
        if not account_sudo:
            if request.env.user._is_public() and not access_token:
                return request.redirect(
                    f"/web/login?redirect={quote(self._get_credit_page_path())}"
                )
            return self._render_no_credits()
        return self._render_credit_packs(account_sudo, access_token, back)

    @http.route(
        "/iap/credits/<int:account_id>/order",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def credits_order(self, account_id, pack_id="", access_token="", back="", **sent):
        """Order a pack and lead to its payment."""
        account_sudo = self._find_credit_account(account_id, access_token)
        if not account_sudo or not self._may_buy_credits(account_sudo, access_token):
            return self._render_no_credits()
        if self._is_credit_sale_disabled(account_sudo):
            return self._render_credit_packs(account_sudo, access_token, back)
        packs_sudo = request.env["iap.credit.pack"].sudo()._get_offered(account_sudo)
        pack_sudo = packs_sudo.filtered(lambda pack: pack.id == self._cast_as_int(pack_id))
        if not pack_sudo:
            problem = request.env._("This pack is no longer offered. Please choose another one.")
            return self._render_credit_packs(account_sudo, access_token, back, sent, problem)
        user = request.env.user
        buyer = account_sudo._read_buyer(sent, self._get_known_buyer(account_sudo))
        name = plain_text(sent.get("name"), MAX_NAME).strip()
        email = email_normalize(plain_text(sent.get("email"), MAX_EMAIL))
        problems = self._check_credit_payer(name, email) | account_sudo._check_buyer(buyer)
        if not problems:
            try:
                with request.env.cr.savepoint():
                    invoiced, payer = account_sudo._take_parties(buyer, user, name, email)
            except ValidationError:  # other addons know more of numbers than we do
                problems = {"vat": account_sudo._get_vat_problem(buyer)}
        if problems:
            return self._render_credit_packs(
                account_sudo, access_token, back, sent, problems=problems
            )
        order_sudo = request.env["iap.credit.order"]._place(
            pack_sudo,
            account_sudo,
            payer,
            invoiced=invoiced,
            user=None if user._is_public() else user,
            return_path=back,
        )
        return request.redirect(order_sudo._get_page_url())

    # === THE ORDER'S PAGE === #

    @http.route(
        "/iap/credits/order/<int:order_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def credits_order_page(self, order_id, access_token="", **_kwargs):
        """Show an order: its payment form, or what became of it."""
        order_sudo = self._find_credit_order(order_id, access_token)
        if not order_sudo:
            return self._render_no_credits()
        values = {
            "order": order_sudo,
            "account": order_sudo.account_id,
            "show_balance": self._may_see_credit_account(order_sudo),
            "page_state": order_sudo._get_page_state(),
            "transaction": order_sudo.transaction_ids.sorted("id")[-1:],
            "disabled": order_sudo.account_id._is_disabled(),
            "packs_url": self._get_credit_packs_url(order_sudo),
            "return_url": self._get_credit_return_url(order_sudo),
            "res_company": order_sudo.company_id,
        }
        if values["page_state"] == "pay" and not values["disabled"]:
            values |= self._get_credit_payment_values(order_sudo)
        return request.render("crm_iap_credits.order_page", values)

    @http.route("/iap/credits/order/<int:order_id>/transaction", type="jsonrpc", auth="public")
    def credits_transaction(self, order_id, access_token="", **kwargs) -> dict:
        """Start a payment of the order, on its own terms whatever the browser says.

        :return: what `payment`'s form needs to go on.
        :raise NotFound: if the order or its access token is wrong.
        :raise Forbidden: if the provider is none of those offered, or the saved card another's.
        """
        order_sudo = self._find_credit_order(order_id, access_token)
        if not order_sudo:
            raise NotFound()
        self._validate_transaction_kwargs(kwargs)
        order_sudo._lock()
        order_sudo._check_payable()
        offered = self._get_credit_payment_values(order_sudo)
        if not self._is_offered(kwargs, offered):
            raise Forbidden()
        kwargs |= {
            "amount": order_sudo.price,
            "currency_id": order_sudo.currency_id.id,
            "partner_id": order_sudo.partner_id.id,
            "landing_route": order_sudo._get_page_url(),
            "is_validation": False,
            "tokenization_requested": (
                bool(kwargs.get("tokenization_requested")) and self._is_credit_payer(order_sudo)
            ),
        }
        tx_sudo = self._create_transaction(
            reference_prefix=order_sudo.name,
            custom_create_values={"credit_order_id": order_sudo.id},
            **kwargs,
        )
        return tx_sudo._get_processing_values()

    def _is_offered(self, kwargs, offered) -> bool:
        """Tell whether the payment form could have sent this: all else comes from elsewhere."""
        if kwargs.get("provider_id") not in offered["providers_sudo"].ids:
            return False
        match kwargs.get("flow"):
            case "token":
                return kwargs.get("token_id") in offered["tokens_sudo"].ids
            case "direct" | "redirect":
                return kwargs.get("payment_method_id") in offered["payment_methods_sudo"].ids
            case _:
                return False

    # === WHO MAY === #

    def _find_credit_account(self, account_id, access_token):
        """Return the account in sudo if the visitor may see its page, or an empty recordset."""
        # Sudo: the access token, or being a colleague, is the right to see the page.
        accounts_sudo = request.env["iap.account"].sudo()
        account_sudo = accounts_sudo.browse(record_id(account_id)).exists()
        if not account_sudo.is_kept_locally:
            return accounts_sudo
        if account_sudo._check_credits_access_token(access_token) or account_sudo._is_visible_to(
            request.env.user
        ):
            return account_sudo
        return accounts_sudo

    def _may_buy_credits(self, account_sudo, access_token):
        return account_sudo._check_credits_access_token(
            access_token
        ) or account_sudo._is_buyable_by(request.env.user)

    def _find_credit_order(self, order_id, access_token):
        """Return the order in sudo if the access token is its own, or an empty recordset."""
        # Sudo: the access token is the right to see and pay the order.
        orders_sudo = request.env["iap.credit.order"].sudo()
        order_sudo = orders_sudo.browse(record_id(order_id)).exists()
        if order_sudo and is_same_token(access_token, order_sudo._get_access_token()):
            return order_sudo
        return orders_sudo

    def _is_credit_payer(self, order_sudo):
        user = request.env.user
        return not user._is_public() and user.partner_id == order_sudo.partner_id

    def _check_credit_payer(self, name, email):
        """Find what is missing of who came by the link, by field; of users nothing is asked."""
        problems = {}
        if not request.env.user._is_public():
            return problems
        if not name:
            problems["name"] = request.env._("Enter your name.")
        if not email:
            problems["email"] = request.env._("Enter one e-mail address.")
        return problems

    # === PAGES === #

    def _render_no_credits(self):
        return request.render("crm_iap_credits.not_found_page", {}, status=404)

    def _get_known_buyer(self, account_sudo):
        """Describe the company that is likely to be invoiced, as far as it is known."""
        known_sudo = account_sudo._get_known_buyers(request.env.user)
        return account_sudo._describe_buyer(known_sudo[:1])

    def _get_buyer_values(self, account_sudo, sent, problems):
        """Return what the form of who is invoiced needs."""
        known = self._get_known_buyer(account_sudo)
        buyer = account_sudo._read_buyer(sent, known)
        # Sudo: the public reads no countries.
        countries_sudo = request.env["res.country"].sudo().search([])
        country_sudo = countries_sudo.filtered(lambda country: country.id == buyer.country_id)
        return {
            "buyer": buyer,
            "is_known": not problems and not account_sudo._check_buyer(buyer),
            "countries": countries_sudo.sorted("name"),
            "country": country_sudo,
            "states": country_sudo.state_required and country_sudo.state_ids,
            "problems": problems,
            "name": plain_text(sent.get("name"), MAX_NAME),
            "email": plain_text(sent.get("email"), MAX_EMAIL),
        }

    def _render_credit_packs(
        self, account_sudo, access_token, back, sent=None, problem="", problems=None
    ):
        company_sudo = account_sudo._get_ledger_company()
        packs_sudo = request.env["iap.credit.pack"].sudo()._get_offered(account_sudo)
        disabled = self._is_credit_sale_disabled(account_sudo)
        user = request.env.user
        values = {
            "account": account_sudo,
            "show_balance": True,
            "packs": packs_sudo,
            "best_value": packs_sudo._get_best_value(),
            "may_buy": self._may_buy_credits(account_sudo, access_token),
            "may_manage": account_sudo._is_visible_to(user)
            and user.has_group("crm_iap_credits.group_billing_administrator"),
            "billing_users": account_sudo._get_billing_users(),
            "is_colleague": account_sudo._is_visible_to(user),
            "has_provider": self._has_credit_provider(company_sudo, packs_sudo),
            "disabled": disabled,
            "access_token": plain_text(access_token),
            "back": plain_text(back),
            "problem": problem,
            "res_company": company_sudo,
            **self._get_buyer_values(account_sudo, sent or {}, problems or {}),
        }
        status = 403 if disabled else 200
        return request.render("crm_iap_credits.packs_page", values, status=status)

    def _is_credit_sale_disabled(self, account_sudo):
        """Tell whether nothing is sold as the database is a copy.

        This method serves as a hook for addons that know whose copy the visitor comes from.
        """
        return account_sudo._is_disabled()

    def _has_credit_provider(self, company_sudo, packs_sudo):
        """Tell whether any of the packs could be paid by anybody."""
        # Sudo: providers are for administrators, their existence is on the page.
        providers_sudo = request.env["payment.provider"].sudo()
        return any(
            providers_sudo._get_compatible_providers(
                company_sudo.id,
                request.env.user.partner_id.id,
                min(packs.mapped("price")),
                currency_id=currency.id,
            )
            for currency, packs in packs_sudo.grouped("currency_id").items()
        )

    def _get_credit_payment_values(self, order_sudo):
        """Return what the payment form of `payment` needs for the order."""
        company_sudo, partner_sudo = order_sudo.company_id, order_sudo.partner_id
        report = {}
        # Sudo: providers, methods and cards are read for people without rights on them.
        providers_sudo = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                company_sudo.id,
                partner_sudo.id,
                order_sudo.price,
                currency_id=order_sudo.currency_id.id,
                report=report,
            )
        )
        methods_sudo = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids,
                partner_sudo.id,
                currency_id=order_sudo.currency_id.id,
                report=report,
            )
        )
        tokens_sudo = request.env["payment.token"].sudo()
        saving = {}
        if self._is_credit_payer(order_sudo):  # saved cards are for their owner, not for the link
            tokens_sudo = tokens_sudo._get_available_tokens(providers_sudo.ids, partner_sudo.id)
            saving = self._compute_show_tokenize_input_mapping(providers_sudo)
        return {
            "reference_prefix": order_sudo.name,
            "amount": order_sudo.price,
            "currency": order_sudo.currency_id,
            "partner_id": partner_sudo.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": methods_sudo,
            "tokens_sudo": tokens_sudo,
            "availability_report": report,
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False) | saving,
            "transaction_route": f"/iap/credits/order/{order_sudo.id}/transaction",
            "landing_route": order_sudo._get_page_url(),
            "access_token": order_sudo._get_access_token(),
            "company_mismatch": not self._can_partner_pay_in_company(partner_sudo, company_sudo),
            "expected_company": company_sudo,
            **self._get_extra_payment_form_values(),
        }

    def _may_see_credit_account(self, order_sudo):
        """Tell whether who sees the order may see its account: colleagues, or by the link.

        The page of a colleague's order can be given to somebody else, to be paid.
        """
        return not order_sudo.user_id or order_sudo.account_id._is_visible_to(request.env.user)

    def _get_credit_packs_url(self, order_sudo):
        """Lead back to the packs: by the colleague's address, or by the link's."""
        account_sudo = order_sudo.account_id
        if account_sudo._is_visible_to(request.env.user):
            return account_sudo._get_local_credits_url(order_sudo.return_path)
        return self._may_see_credit_account(order_sudo) and account_sudo._get_signed_credits_url()

    def _get_credit_return_url(self, order_sudo):
        """Lead back to where credits were missing; another database's address is unknown."""
        if not order_sudo.account_id._is_visible_to(request.env.user):
            return False
        return order_sudo.return_path or f"/odoo/iap-accounts/{order_sudo.account_id.id}"

    def _get_credit_page_path(self):
        return request.httprequest.full_path.rstrip("?")
