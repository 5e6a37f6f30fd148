"""From the consent page to a lead, in a real browser, with an add-in of another origin."""

import http.server
import json
import threading

import pytest

from tests.mail_plugin_client import SET_UP
from tools.browser import browser

# A page that does what an add-in does once it is called back, through the browser's own rules for
# requests to another origin.
ADDIN = """<!doctype html><title>Add-in</title><ul id="log"></ul><script>
const odoo = %(odoo)s, query = new URLSearchParams(location.search);
const say = (id, text) => {
    const line = document.createElement("li");
    line.id = id;
    line.textContent = text;
    document.getElementById("log").append(line);
};
async function ask(route, params, token) {
    const headers = {"Content-Type": "application/json"};
    if (token) headers.Authorization = `Bearer ${token}`;
    const body = JSON.stringify({jsonrpc: "2.0", method: "call", id: null, params});
    return (await fetch(odoo + "/mail_plugin/" + route, {method: "POST", headers, body})).json();
}
async function work() {
    if (query.get("success") !== "1") return say("denied", "denied");
    const {result: {access_token: token}} =
        await ask("auth/access_token", {auth_code: query.get("auth_code")});
    const sender = {name: "Zoe", email: "zoe@zebra.test"};
    const {result: {partner: unknown}} = await ask("partner/get", sender, token);
    const {result: {id}} = await ask("partner/create", {...sender, company: -1}, token);
    const mail = {partner_id: id, email_subject: "Stripes", email_body: "<p>Please</p>"};
    const {result: {lead_id: lead}} = await ask("lead/create", mail, token);
    const {result: after} = await ask("partner/get", {...sender, partner_id: id}, token);
    const expired = await ask("lead/create", mail, "wrong").then(() => "read", () => "kept away");
    say("unknown", unknown.id);
    say("lead", lead);
    say("listed", after.leads.map((row) => row.name).join());
    say("expired", expired);
    say("done", "done");
}
work().catch((problem) => say("done", "failed: " + problem));
</script>"""
REDIRECTS = """
    INSERT INTO ir_config_parameter (key, value) VALUES ('crm_mail_plugin.redirects', %s)
"""


@pytest.fixture(scope="module")
def database(host):
    with host.database("journey") as name:
        host.shell(name, SET_UP)
        yield name


@pytest.fixture(scope="module")
def addin(host, database):
    """The address of an add-in that the database allows, and the server that it works with."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((ADDIN % {"odoo": json.dumps(server.url)}).encode())

        def log_message(self, *args):
            """Say nothing."""

    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    folder = f"http://localhost:{pages.server_port}/addin/"
    host.sql(REDIRECTS, database=database, parameters=[folder])
    with host.server(database, cron=0) as server:
        yield folder + "taskpane.html", server.url
    pages.shutdown()


@pytest.fixture
def tab(database, addin):
    """A browser in which the user has opened the page of consent."""
    redirect, url = addin
    with browser() as tab:
        tab.sign_in(url, database, "sally", "sally-secret")
        query = f"scope=outlook&friendlyname=Outlook&redirect={redirect}"
        tab.open(f"{url}/mail_plugin/auth?{query}", "button[name=do]")
        yield tab


def text(tab, selector):
    return tab.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")


def test_a_user_allows_an_add_in_and_makes_a_lead(host, database, addin, tab):
    page = tab.evaluate("document.body.innerText")
    for words in ("Outlook", "sally", addin[0].split("/addin/")[0]):
        assert words in page
    tab.click("button[name=do][value='1']")
    tab.wait_for("#done")
    assert text(tab, "#done") == "done"
    assert (text(tab, "#unknown"), text(tab, "#listed")) == ("-1", "Stripes")
    # The published pane shows its Login link when the browser keeps an answer from it.
    assert text(tab, "#expired") == "kept away"
    query = """
        SELECT lead.id, contact.name FROM crm_lead lead
          JOIN res_partner contact ON contact.id = lead.partner_id WHERE lead.name = 'Stripes'
    """
    assert host.sql(query, database=database) == [[int(text(tab, "#lead")), "Zoe"]]


def test_a_user_denies(tab):
    tab.click("button[name=do]:not([value])")
    tab.wait_for("#denied")
    assert "auth_code" not in tab.evaluate("location.href")
