"""Who may ask, and what everybody else gets."""

import json
import time
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_mail_plugin.models.mail_plugin_rate import MailPluginRate

from ..controllers import homepage
from ..tools import events, tokens
from . import card_schema, fake_google
from .common import BASE, MAIL, SUB, GmailCase
from .fake_google import claims, sign, system_token, user_token

AUDIENCE = BASE + "/gmail_addon"


@tagged("post_install", "-at_install")
class TestGmailRequests(GmailCase):
    def refuse(self, sent=None, writes=0, **request):
        """A request gets a bare 401; return it."""
        traces = self.env["mail.plugin.google.trace"]
        traces.search([]).unlink()
        response = self.send(self.event() if sent is None else sent, **request)
        self.assertEqual((response.status_code, response.text), (401, ""))
        self.assertEqual(traces.search_count([("kind", "=", "refusal")]), writes)
        self.assertLessEqual(self.google.asked.count("/oauth2/v3/certs"), 1)
        return traces.search([])

    def test_a_request_of_google_gets_a_card(self):
        self.link()
        self.assertEqual(self.open().title, "Ann Doe")
        self.assertFalse(self.send(self.event()).headers.get("Set-Cookie"))

    def test_whoever_is_not_google_gets_nothing_and_writes_nothing(self):
        self.link()
        good = system_token(AUDIENCE)
        for case in (
            {"token": ""}, {"token": "x"}, {"Authorization": "Basic eDp5"},
            {"Authorization": f"bearer{good}"}, {"Origin": "https://evil.example"},
            {"token": sign(claims(AUDIENCE, fake_google.ACCOUNT), alg="none")},
            {"token": sign(claims(AUDIENCE, fake_google.ACCOUNT), kid="unknown")},
            {"token": good[:-8] + "AAAAAAAA"},
            {"sent": b"{}"}, {"sent": b"[]"}, {"sent": b"x" * (events.MAX_BYTES + 1)},
            {"sent": self.event(body_token=system_token(AUDIENCE, sub="other"))},
            {"sent": self.event(user_token="a.b.c")},
        ):  # fmt: skip
            with self.subTest(case=str(case)[:60]):
                self.refuse(**case)

    def test_a_token_that_google_has_made_for_others_is_refused_and_the_administrator_told(self):
        now = time.time()
        for token, reason, told in (
            (system_token(AUDIENCE, now=now - 3661), "expired", ""),
            (system_token(AUDIENCE, now=now + 65), "early", ""),
            (system_token(AUDIENCE, iss="https://evil.example"), "issuer", "https://evil.example"),
            (system_token(AUDIENCE + "/x"), "audience", AUDIENCE + "/x"),
            (system_token(AUDIENCE, email="service-7@y.iam.gserviceaccount.com"), "account",
             "service-7@y.iam.gserviceaccount.com"),
            (system_token(AUDIENCE, email_verified=False), "unverified", fake_google.ACCOUNT),
        ):  # fmt: skip
            with self.subTest(reason=reason):
                trace = self.refuse(token=token, writes=1)
                self.assertEqual((trace.reason, trace.told), (reason, told))
                setup = self.env["mail.plugin.google.setup"].create({})
                self.assertIn(told, setup.refusal)
                self.assertTrue(setup.last_refusal)
        for token in (user_token("a@x.test", SUB, aud="another-client"),
                      user_token("a@x.test", SUB, email_verified=False)):  # fmt: skip
            self.refuse(self.event(user_token=token), writes=1)

    def test_a_clock_that_is_half_a_minute_wrong_is_taken(self):
        self.link()
        for wrong in (-30, 30):
            token = system_token(AUDIENCE, now=time.time() + wrong)
            self.assertEqual(self.send(self.event(), token=token).status_code, 200)

    def test_the_tokens_of_one_address_are_none_of_the_other(self):
        token = system_token(AUDIENCE)
        self.assertEqual(
            self.send(self.event(), "/gmail_addon/compose", token=token).status_code, 401
        )

    def test_known_keys_serve_while_google_gives_none(self):
        self.link()
        self.open()
        keys, self.google.keys = self.google.keys, None
        self.addCleanup(setattr, self.google, "keys", keys)
        self.open()

    def test_a_right_that_is_missing_is_asked_for_and_no_other(self):
        self.link()
        for event, missing in (
            ({"user_token": None, "scopes": [events.MESSAGE]}, [events.OPENID, events.EMAIL]),
            ({"scopes": [events.OPENID, events.EMAIL]}, [events.MESSAGE]),
            ({"route": "/gmail_addon/compose", "message": None, "scopes": [events.MESSAGE]},
             [events.DRAFT, events.DRAFT_PEOPLE]),
        ):  # fmt: skip
            answer = self.ask(**event)
            self.assertEqual(answer, {"requesting_google_scopes": {"scopes": missing}})
        # Without an e-mail none of its rights is needed.
        self.open(message=None, scopes=[events.EMAIL])
        self.open()

    def test_nobody_is_throttled_for_others_behind_googles_addresses(self):
        self.set_option("token_limit", 3)
        self.set_option("address_limit", 3)
        for number in range(50):
            self.open(sub=str(number), message=None)
        self.link()
        for _time in range(3):
            self.open(message=None)
        self.assertIn("Too many requests", self.open(message=None).text)

    def test_a_database_that_is_a_copy_says_so_and_asks_nobody(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        for token in ("", None):
            response = self.send(self.event(), token=token)
            card_schema.check(response.json(), BASE)
            self.assertIn("neutralized copy", response.text)
        self.assertEqual(self.google.asked, [])

    def test_before_the_values_are_there_the_card_says_who_has_to_enter_them(self):
        self.set_google("client_id", "")
        response = self.send(self.event(locale="xx-YY"), token="")
        card_schema.check(response.json(), BASE)
        self.assertIn("not set up yet", response.text)
        self.assertEqual(self.google.asked, [])

    def test_switched_off_mail_plugins_say_so(self):
        self.link()
        self.set_option("enabled", False)
        self.assertIn("switched off", self.open().text)

    def test_no_token_of_googles_is_in_the_log(self):
        self.link()
        with self.assertLogs(level="DEBUG") as log:
            self.open()
            self.google.status = [500, 500]
            self.open()
            with patch.object(homepage.Homepage, "_gmail_homepage", side_effect=ValueError("x")):
                self.open(message=None)
        told = "\n".join(log.output)
        for secret in (fake_google.ACCESS, fake_google.MESSAGE, "eyJ"):
            self.assertNotIn(secret, told)

    @mute_logger("odoo.addons.crm_mail_plugin_google.controllers.gmail_addon")
    def test_what_goes_wrong_is_a_sentence_and_the_next_request_works(self):
        self.link()
        with patch.object(homepage.Homepage, "_gmail_homepage", side_effect=ValueError("secret")):
            answer = self.ask(message=None)
        self.assertNotIn("secret", json.dumps(answer))
        self.assertIn("Something went wrong", json.dumps(answer))
        card = self.open(message=None)
        with patch.object(MailPluginRate, "count", side_effect=ValueError("secret")):
            _card, says = self.press(card, "Search", {"query": "ann"}, message=None)
        self.assertIn("Something went wrong", says)
        found, _says = self.press(card, "Search", {"query": "ann"}, message=None)
        self.assertIn("Ann Doe", found.text)

    @mute_logger("odoo.addons.crm_mail_plugin_google.controllers.gmail_addon", "odoo.sql_db")
    def test_an_e_mail_that_fails_in_the_database_is_a_sentence_with_a_button(self):
        self.link()

        def fail(contact, *args, **kwargs):
            contact.env.cr.execute("SELECT nothing")

        with patch.object(type(self.env["res.partner"]), "mail_plugin_look", fail):
            card = self.open()
        self.assertIn("Something went wrong", card.text)
        shown, _says = self.press(card, "Try Again")
        self.assertIn("Ann Doe", shown.text)

    def test_opening_an_e_mail_asks_little_more_than_nothing(self):
        self.link()
        self.set_option("enrichment", "never")  # Or its price is asked for.
        # Whose account it is, the people, Ann, her company, and what there is of both.
        self.assertEqual(self.statements_above_empty(self.open), 4)
        self.google.mails = {fake_google.OPEN_ID: MAIL.replace(b"ann@acme", b"new@else")}
        # The same, but that of all people nobody but the user is a contact.
        self.assertEqual(self.statements_above_empty(self.open), 3)

    def test_the_card_speaks_the_users_language_and_before_that_gmails(self):
        self.env["res.lang"]._activate_lang("it_IT")
        for locale in ("it-IT", "it"):
            self.assertIn("Collega sally@ours.example", self.open(locale=locale).text)
        self.assertIn("Connect", self.open(locale="xx-XX").text)
        self.link()
        self.user.lang = "it_IT"
        self.assertIn("Opportunità", self.open(locale="en-US").text)

    def test_each_platform_gets_its_card(self):
        for platform in ("WEB", "IOS", "ANDROID", "ANDRIOD", "TOASTER"):
            self.open(platform=platform)
        self.assertIn("on a computer", self.open(platform="IOS").text)
        self.link()
        for platform in ("WEB", "IOS"):
            self.assertIn("My Pipeline", self.open(message=None, platform=platform).text)

    def test_a_portal_user_gets_nothing(self):
        self.link()
        portal = self.env.ref("base.group_portal")
        self.user.write({"group_ids": [(6, 0, portal.ids)]})
        self.assertIn("Connect", self.open().text)

    def test_opening_an_e_mail_asks_few_queries_however_many_people_it_is_to(self):
        self.link()
        contacts = self.env["res.partner"]
        contacts.create(
            [{"name": f"P{number}", "email": f"p{number}@many.test"} for number in range(10)]
        )
        loner = contacts.create({"name": "Loner", "email": "loner@alone.test"})

        def count(sender, people):
            """Return the queries of a card beyond those of a card without an e-mail's people."""
            to = ", ".join(f"p{number}@many.test" for number in range(people - 1))
            head = f"From: {sender}\nTo: {to or sender}\nMessage-ID: <m@x.test>\n\nx"
            counts = []
            for mail in (head, "From: sally@ours.example\nMessage-ID: <m@x.test>\n\nx"):
                self.google.mails[fake_google.OPEN_ID] = mail.encode()
                self.open()
                before = self.cr.sql_log_count
                self.open()
                counts.append(self.cr.sql_log_count - before)
            return counts[0] - counts[1]

        for sender, most in (
            # Who it is, what decides who sees it, the picture, each kind of records, the log.
            (loner.email, 5 + self.kinds),
            # The company, what was bought of it, its picture, and what it is read by.
            ("ann@acme.test", 8 + self.kinds),
            # Nobody: whose domain it is.
            ("new@nobody.test", 4 + self.kinds),
        ):
            for people in (1, 20):
                with self.subTest(sender, people=people):
                    self.assertLessEqual(count(sender, people), most)

    @property
    def kinds(self):
        """How many kinds of records a card lists."""
        return sum(name in self.env for name in ("crm.lead", "project.task", "helpdesk.ticket"))

    def test_a_user_who_was_never_asked_has_no_account_here(self):
        other = new_test_user(self.env, "other", "base.group_user", email="o@ours.example")
        self.link(other, "77", "o@ours.example")
        self.assertIn("Connect", self.open().text)
        self.assertEqual(tokens.LEEWAY, 60)

    def test_of_each_kind_the_last_request_is_kept_once_a_minute(self):
        traces = self.env["mail.plugin.google.trace"]
        for _time in range(3):
            traces.note("refusal", "audience", "a")
        traces.note("refusal", "account", "b")
        traces.note("success")
        found = {(trace.kind, trace.reason) for trace in traces.search([])}
        self.assertEqual(found, {("refusal", "account"), ("success", "")})
