"""In an Odoo shell: the pages of ours that stand outside the backend, for outsiders above all."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from odoo import http
from odoo.tools import hmac

from odoo.addons.crm_mail_plugin_google.controllers.pane import PURPOSE
from odoo.addons.crm_mail_plugin_google.tools import actions

#: Nobody, who has followed a link.
PUBLIC = ""
#: Addresses that are opened, and show no page.
NO_PAGES = {
    "a file": (
        "/crm_lead_mining/never-mined.csv",
        "/crm_lead_mining/request/<int:request_id>/results.<string:file_format>",
        "/crm_lead_mining/searches.json",
        "/mail_plugin/outlook/files/<string:version>/<string:name>",
        "/mail_plugin/outlook/manifest.xml",
        "/mail_plugin/outlook/texts",
    ),
    "the add-in's own window, whose script is Microsoft's: test_outlook_journey.py": (
        "/mail_plugin/outlook/pane",
        "/mail_plugin/outlook/signed_in",
    ),
}
#: Where an add-in of Odoo has its access sent.
REDIRECT = "https://download.odoocdn.com/mail-plugins/"
SIGN_IN = {"scope": "outlook", "friendlyname": "Outlook", "redirect": REDIRECT}


def main(env, job: dict) -> dict:
    """Return the pages.

    :param env: Odoo's environment, of the superuser.
    :param job: modules; logins of the visitors, `PUBLIC` among them.
    :return: pages by login, each a dict that `Walker.visit` opens; routes that no page is of.
    """
    pages = {login: list(_pages(env, login)) for login in job["logins"]}
    shown = {page["route"] for found in pages.values() for page in found}
    excused = {route for routes in NO_PAGES.values() for route in routes}
    return {"pages": pages, "missing": sorted(_routes(env, job["modules"]) - shown - excused)}


def _routes(env, modules: list[str]) -> set[str]:
    """Return the addresses of ours that a browser can be led to."""
    ours = tuple(f"odoo.addons.{module}." for module in modules)
    found = set()
    rules = http._generate_routing_rules(sorted(env.registry._init_modules), nodb_only=False)
    for address, endpoint in rules:
        routing, method = endpoint.routing, endpoint.func
        bases = type(method.__self__).mro()
        owned = any(method.__name__ in vars(b) for b in bases if b.__module__.startswith(ours))
        if owned and routing["type"] == "http" and "GET" in (routing["methods"] or ("GET",)):
            found.add(address)
    return found


def _pages(env, login: str) -> Iterator[dict]:
    public = env.ref("base.public_user")
    user = env["res.users"].search([("login", "=", login)]) if login else public
    inside = user._is_internal()
    yield from _credits(env, user)
    yield from _objections(env)
    if not login:
        return
    outlook = "/mail_plugin/outlook/sign_in", urlencode({"state": "0a1b2c3d"})
    consent = [
        (route, urlencode(SIGN_IN))
        for route in ("/mail_plugin/auth", "/mail_client_extension/auth")
    ]
    for route, query in (*consent, outlook):
        asked = f"{route}?{query}"
        yield _page(route, asked, "form" if inside else "body", status=200 if inside else 400)
    for route, _query in consent:
        yield _page(route, f"{route}?{urlencode(SIGN_IN | {'scope': 'all'})}", status=400)
    account = _Account("1", user.email or "somebody@ours.example")
    state = actions.connection(account, lambda text: hmac(env, PURPOSE, text))
    route = "/gmail_addon/connect"
    asked = f"{route}?{urlencode({'state': state})}"
    yield _page(route, asked, "form" if inside else ".alert", status=200 if inside else 400)
    yield _page(route, f"{route}?state=broken", ".alert", status=400)
    if inside:
        yield from _records(env, user)


class _Account:
    """What of a Google account the link of its card is made of."""

    def __init__(self, subject: str, email: str):
        self.subject, self.email = subject, email


def _credits(env, user) -> Iterator[dict]:
    account = env["iap.account"]._get_local("reveal")
    env.cr.commit()  # It may be new; the rest of its life is told to cursors of its own.
    colleague = account._is_visible_to(user)
    link = f"/iap/1/credit?{urlencode({'service_name': 'reveal', 'account_token': 'broken'})}"
    yield _page("/iap/1/credit", link, ".o_credits_not_found", status=404)
    other = f"/iap/1/credit?{urlencode({'service_name': 'sms', 'account_token': 'any'})}"
    yield _page("/iap/1/credit", other, ".o_credits_not_found", status=404)
    refill = "/iap/1/update-auto-refill-payment-methods"
    yield _page(refill, f"{refill}?account_token=any", ".o_credits_not_found", status=404)
    route = "/iap/credits/<int:account_id>"
    signed = _path(account._get_signed_credits_url())
    yield _page(route, signed, ".o_credits_packs", press=".o_credit_pack button[name=pack_id]")
    if user._is_public():
        yield _page(route, f"/iap/credits/{account.id}", "form.oe_login_form")
    else:
        status, shown = (200, ".o_credits_packs") if colleague else (404, ".o_credits_not_found")
        yield _page(route, f"/iap/credits/{account.id}", shown, status=status)
    route = "/iap/credits/order/<int:order_id>"
    for order in env["iap.credit.order"].search([], limit=5):
        yield _page(route, _path(order._get_page_url()), ".o_credits_order")
    yield _page(route, "/iap/credits/order/1?access_token=x", ".o_credits_not_found", status=404)


def _objections(env) -> Iterator[dict]:
    route = "/lead_mining/objection/<int:contact_id>/<string:token>"
    yield _page(route, "/lead_mining/objection/1/broken", "h4")
    # The last one: who has objected is gone, and others have records of the first.
    for contact in env["lead.mining.contact"].search([], order="id desc", limit=1):
        yield _page(route, _path(contact._objection_url()), "form", press="form button.btn-primary")


def _records(env, user) -> Iterator[dict]:
    """Give the addresses by which add-ins open a record in the backend."""
    lead = env["crm.lead"].with_user(user).search([], limit=1)
    partner = lead.partner_id or user.partner_id
    shown = ".o_form_view, .o_kanban_view, .o_list_view"
    route = "/mail_client_extension/lead/create_from_partner"
    yield _page(route, f"{route}?partner_id={partner.id}", shown)
    route = "/mail_plugin/redirect_to_record/<string:model>"
    path = f"/mail_plugin/redirect_to_record/res.partner?record_id={partner.id}"
    yield _page(route, path, shown)
    route = "/mail_client_extension/lead/open"
    if lead:
        yield _page(route, f"{route}?lead_id={lead.id}", shown)


def _page(
    route: str, path: str, shows: str = "body", *, status: int = 200, press: str = ""
) -> dict:
    """Return one page.

    :param shows: what is on it
    :param status: what the server answers
    :param press: a button on it, after which its outcome is looked at as well
    """
    return {"route": route, "path": path, "shows": shows, "status": status, "press": press}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
