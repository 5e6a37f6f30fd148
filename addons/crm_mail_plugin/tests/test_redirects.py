import string

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import redirects

SHIPPED = redirects.parse_patterns("\n".join(redirects.SHIPPED))


class TestRedirects(BaseCase):
    def test_the_published_add_ins_get_their_code(self):
        for url in (
            "https://download.odoocdn.com/plugins/outlook/taskpane.html",
            "https://download.odoocdn.com/plugins/outlook/taskpane.html?a=1#b",
            "HTTPS://Download.OdooCDN.com:443/plugins/outlook/taskpane.html",
            "https://script.google.com/macros/d/1a2B_3-c/usercallback",
        ):
            self.assertTrue(redirects.is_allowed(url, SHIPPED), url)

    def test_no_other_place_gets_a_code(self):
        for url in (
            "https://evil.example/steal?x=https://download.odoocdn.com/",
            "https://download.odoocdn.com.evil.example/",
            "https://evil.example/download.odoocdn.com/",
            "https://download.odoocdn.com@evil.example/",
            "https://user:x@download.odoocdn.com/",
            "https://download.odoocdn.com:8443/",
            "http://download.odoocdn.com/plugins/outlook/taskpane.html",
            "//download.odoocdn.com/",
            "/web",
            "",
            "javascript:alert(1)",
            "JavaScript://download.odoocdn.com/%0aalert(1)",
            "data:text/html,x",
            "https://download.odoocdn.com\\@evil.example/",
            "https:/download.odoocdn.com/",
            "https://script.google.com/macros/d/1a2B/usercallback/more",
            "https://script.google.com/macros/d/1a2B/other",
            "https://script.google.com/macros/d/a/b/usercallback",
            "https://script.google.com/macros/d/../x/usercallback",
            "https://script.google.com/macros/d/a%2f..%2fb/usercallback",
            "https://script.google.com/macros/s/1a2B/exec",
            "https://download.odoocdn.com/\nSet-Cookie: a=b",
            "https://download.odoocdn.com/ x",
            "https://dоwnload.odoocdn.com/",
            "https://download.odoocdn.com:99999/",
            "https://[::1/",
            "https://download.odoocdn.com/" + "a" * 2048,
            None,
            7,
            ["https://download.odoocdn.com/"],
        ):
            self.assertFalse(redirects.is_allowed(url, SHIPPED), url)

    def test_the_longest_address_gets_a_code(self):
        start = "https://download.odoocdn.com/"
        longest = start + "a" * (redirects.MAX_LENGTH - len(start))
        self.assertTrue(redirects.is_allowed(longest, SHIPPED))
        self.assertFalse(redirects.is_allowed(longest + "a", SHIPPED))

    def test_the_origin_that_a_user_is_shown_names_an_unusual_port(self):
        for url, origin in (
            ("https://a.example/x", "https://a.example"),
            ("https://a.example:443/x", "https://a.example"),
            ("https://A.example:8443/x", "https://a.example:8443"),
            ("http://localhost:3000/x", "http://localhost:3000"),
            ("http://127.0.0.1/x", "http://127.0.0.1"),
        ):
            self.assertEqual(redirects.parse(url).origin, origin)

    def test_an_administrators_line_allows_what_it_names_and_no_more(self):
        allowed = redirects.parse_patterns(
            "https://addins.example/outlook/\n\n http://localhost:3000/taskpane.html \n"
        )
        for url in (
            "https://addins.example/outlook/",
            "https://addins.example/outlook/v2/login_success.html",
            "http://localhost:3000/taskpane.html",
        ):
            self.assertTrue(redirects.is_allowed(url, allowed), url)
        for url in (
            "https://addins.example/",
            "https://addins.example/outlookers/x",
            "https://addins.example/outlook/../admin",
            "https://addins.example/outlook/%2e%2e/admin",
            "http://localhost:3000/",
            "http://localhost/taskpane.html",
        ):
            self.assertFalse(redirects.is_allowed(url, allowed), url)

    def test_a_line_that_is_no_address_is_refused(self):
        for line in (
            "addins.example",
            "http://addins.example/",
            "https://*.example/",
            "https://*/",
            "javascript:alert(1)",
            "https://addins.example/?next=*",
            "*",
        ):
            with self.assertRaises(redirects.InvalidPattern) as caught:
                redirects.parse_patterns(f"https://fine.example/\n{line}")
            self.assertEqual(caught.exception.pattern, line)

    def test_the_answer_leaves_the_address_as_it_was(self):
        self.assertEqual(
            redirects.with_answer(
                "https://a.example/p?x=1&state=old#top", {"success": "1", "state": "a&b=c"}
            ),
            "https://a.example/p?x=1&success=1&state=a%26b%3Dc#top",
        )

    @settings(max_examples=300, deadline=None)
    @given(st.text(alphabet=string.printable, max_size=60))
    def test_whatever_follows_only_the_published_hosts_are_reached(self, text):
        for url in (text, f"https://{text}", f"https://download.odoocdn.com{text}"):
            if redirects.is_allowed(url, SHIPPED):
                host = redirects.parse(url).host
                self.assertIn(host, ("download.odoocdn.com", "script.google.com"))
                self.assertTrue(url.lower().startswith(f"https://{host}"), url)
