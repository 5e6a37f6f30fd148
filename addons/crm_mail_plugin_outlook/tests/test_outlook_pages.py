import ast
import re
from pathlib import Path

from lxml import etree

from odoo.tests import tagged

from ..tools import pane_files
from ..tools.manifest import APP
from ..tools.settings import HOSTS
from .common import ADDRESS, OutlookCase

PANE, MANIFEST = "/mail_plugin/outlook/pane", "/mail_plugin/outlook/manifest.xml"
ADDON = Path(__file__).parents[1]


def policy_of(answer):
    """Return the page's policy, its values by directive."""
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@tagged("post_install", "-at_install")
class TestOutlookPages(OutlookCase):
    # === MANIFEST === #

    def test_anybody_downloads_the_manifest_of_this_database(self):
        self.set_address(ADDRESS)
        self.env["res.lang"]._activate_lang("it_IT")
        answer = self.get(MANIFEST)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertNotIn("Set-Cookie", answer.headers)
        root = etree.fromstring(answer.content)
        company = self.env["res.company"].search([], order="id", limit=1)
        self.assertEqual(root.findtext(f"{{{APP}}}ProviderName"), company.name)
        self.assertIn(f'"{ADDRESS}{PANE}"', answer.text)
        [italian] = root.findall(f"{{{APP}}}Description/{{{APP}}}Override")
        self.assertIn("e-mail", italian.get("Value"))
        self.assertEqual(italian.get("Locale"), "it-IT")

    def test_the_manifest_has_the_addons_version(self):
        self.set_address(ADDRESS)
        root = etree.fromstring(self.get(MANIFEST).content)
        version = ast.literal_eval((ADDON / "__manifest__.py").read_text())["version"].split(".")
        self.assertEqual(root.findtext(f"{{{APP}}}Version"), ".".join([version[0], *version[2:]]))

    def test_without_https_there_is_no_manifest_but_a_sentence(self):
        self.set_address("http://erp.ours.example")
        answer = self.get(MANIFEST)
        self.assertEqual(answer.status_code, 404)
        self.assertIn("begins with https", answer.text)

    def test_icons_may_be_kept_by_outlook(self):
        answer = self.get("/crm_mail_plugin_outlook/static/img/outlook-64.png")
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertNotRegex(answer.headers.get("Cache-Control", ""), "no-cache|no-store")

    # === PANE === #

    def test_the_pane_is_shown_in_outlook_and_sets_no_cookie(self):
        answer = self.get(PANE)
        self.assertEqual(answer.status_code, 200)
        for header in ("Set-Cookie", "X-Frame-Options"):
            self.assertNotIn(header, answer.headers)
        self.assertEqual(policy_of(answer)["frame-ancestors"], list(HOSTS))
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertTrue(answer.text.startswith("<!DOCTYPE html>"))

    def test_the_pane_runs_nothing_but_its_own_files_and_microsofts_script(self):
        answer = self.get(PANE)
        policy = policy_of(answer)
        self.assertEqual(
            policy["script-src"],
            ["'self'", "https://appsforoffice.microsoft.com",
             "https://ajax.aspnetcdn.com/ajax/3.5/MicrosoftAjax.js"],
        )  # fmt: skip
        self.assertEqual((policy["object-src"], policy["base-uri"]), (["'none'"], ["'none'"]))
        scripts = re.findall(r'<script[^>]* src="([^"]+)"[^>]*></script>', answer.text)
        self.assertEqual(len(scripts), answer.text.count("<script"))
        [outside] = [one for one in scripts if not one.startswith("/")]
        self.assertEqual(outside, "https://appsforoffice.microsoft.com/lib/1/hosted/office.js")

    def test_an_exchange_server_of_ones_own_may_show_the_pane(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("crm_mail_plugin_outlook.hosts", "https://mail.ours.example/\n")
        frames = policy_of(self.get(PANE))["frame-ancestors"]
        self.assertEqual(frames, [*HOSTS, "https://mail.ours.example"])

    def test_nothing_can_be_smuggled_into_the_policy(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for line in ("https://x.example; script-src *", "*", "https://*", "http://x.example"):
            parameters.set_param("crm_mail_plugin_outlook.hosts", line)
            self.assertEqual(policy_of(self.get(PANE))["frame-ancestors"], list(HOSTS))

    def test_every_file_of_the_pane_is_served_and_kept_under_an_address_of_its_own(self):
        page = self.get(PANE).text
        folder = re.search(r'src="(/mail_plugin/outlook/files/\w+)/main\.js"', page)[1]
        for name, content in pane_files.files().items():
            answer = self.get(f"{folder}/{name}")
            self.assertEqual(answer.content, content)
            self.assertIn("immutable", answer.headers["Cache-Control"])
            self.assertNotIn("Set-Cookie", answer.headers)
            kind = "text/javascript" if name.endswith(".js") else "text/css"
            self.assertTrue(answer.headers["Content-Type"].startswith(kind))
            for imported in re.findall(r'^import .* from "\./([\w.]+)";$', answer.text, re.M):
                self.assertIn(imported, pane_files.files())

    def test_no_other_file_and_no_other_version_is_served(self):
        folder = f"/mail_plugin/outlook/files/{pane_files.digest()}"
        for path in (f"{folder}/..%2f..%2f__manifest__.py", f"{folder}/nothing.js",
                     "/mail_plugin/outlook/files/0000/main.js"):  # fmt: skip
            self.assertEqual(self.get(path).status_code, 404)

    def test_modules_write_no_markup(self):
        """What an e-mail says is shown as text: no module has a way to write markup."""
        forbidden = re.compile(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|DOMParser|srcdoc"
            r"|createContextualFragment|setHTML|new Function"
        )
        for name, content in pane_files.files().items():
            self.assertIsNone(forbidden.search(content.decode()), name)

    # === TEXTS === #

    def test_texts_come_in_the_language_that_office_or_odoo_names(self):
        self.env["res.lang"]._activate_lang("it_IT")
        for asked in ("it-IT", "it_IT", "it-CH", "it"):
            answer = self.get(f"/mail_plugin/outlook/texts?lang={asked}")
            self.assertNotIn("Set-Cookie", answer.headers)
            known = answer.json()
            self.assertEqual(known["lang"], "it_IT")
            self.assertEqual(known["texts"]["Sign In"], "Accedi")
        for asked in ("de-DE", "", "xx", "../../etc"):
            known = self.get(f"/mail_plugin/outlook/texts?lang={asked}").json()
            self.assertEqual(known, {"lang": "en_US", "texts": {}})

    def test_every_text_of_the_pane_is_italian_as_well(self):
        self.env["res.lang"]._activate_lang("it_IT")
        texts = self.get("/mail_plugin/outlook/texts?lang=it-IT").json()["texts"]
        literal = re.compile(r'\b_t\(\s*"((?:[^"\\]|\\.)*)"(?:\s*\+\s*"((?:[^"\\]|\\.)*)")?')
        for name, content in pane_files.files().items():
            for parts in literal.findall(content.decode()):
                self.assertTrue(texts.get("".join(parts)), (name, parts))
