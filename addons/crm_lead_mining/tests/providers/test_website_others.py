"""What a page says of others than its company, and where that ends."""

from odoo.tests import BaseCase, tagged

from ...providers.errors import ProviderRateLimited, ProviderTimeout
from ...providers.website.facts import employees_in, founded_in
from ...providers.website.others import Block, without_others
from ...providers.website.page import decoded
from ...providers.website.visit import Limits, Visit
from ..internet import InternetCase, reply
from .test_website_parsers import web_page


def own(*paragraphs):
    """Return the lines that are left; a paragraph that begins with "#" is a heading."""
    blocks = [
        Block(tuple(lines), ((),) * len(lines), is_heading=one.startswith("#"))
        for one in paragraphs
        for lines in [one.removeprefix("#").split("\n")]
    ]
    return [line for block in without_others(blocks) for line in block.lines]


@tagged("post_install", "-at_install")
class TestOthers(BaseCase):
    def test_four_paragraphs_below_a_heading_are_about_others(self):
        for heading in ("Hosting", "Hébergement", "Webdesign", "Bildnachweis", "Médiateur"):
            with self.subTest(heading):
                self.assertEqual(own("Acme", heading, *"abcdef"), ["Acme", "e", "f"])

    def test_the_next_heading_ends_them(self):
        self.assertEqual(own("Hosting", "a", "#Contact", "b"), ["Contact", "b"])
        self.assertEqual(own("#Hosting", "a", "b"), [])

    def test_four_lines_below_a_heading_within_a_paragraph_are_about_others(self):
        for heading in ("Hosting", "Hosting:", "This site is hosted by", "Webdesign: "):
            with self.subTest(heading):
                self.assertEqual(own("\n".join(("Acme", heading, *"abcdef"))), ["Acme", "e", "f"])

    def test_a_line_that_names_them_is_cut_where_it_does(self):
        for line, left in {
            "Webdesign: Studio X": [],
            "Acme GmbH. Webdesign: Studio X": ["Acme GmbH"],
            "Acme GmbH | Hosted by Studio X": ["Acme GmbH"],
            "Acme GmbH, Webdesigner": ["Acme GmbH, Webdesigner"],
            "Hosting for everybody and all who need it": [
                "Hosting for everybody and all who need it"
            ],
        }.items():
            with self.subTest(line):
                self.assertEqual(own(line), left)
                self.assertEqual(own(f"{line}\nnext"), [*left, "next"])

    def test_a_heading_has_sixty_letters_at_most(self):
        words = "Hosting" + " " * 50
        self.assertEqual(own(words.ljust(60), "a"), [])
        self.assertEqual(own(words.ljust(61), "a"), [words.ljust(61), "a"])

    def test_links_behind_the_cut_go_with_what_is_cut(self):
        line = "Acme GmbH. Webdesign: Studio X"
        links = ((4, "mailto:info@acme.example"), (25, "mailto:x@studio.example"))
        (block,) = without_others([Block((line,), (links,))])
        self.assertEqual(block.links, (links[:1],))


@tagged("post_install", "-at_install")
class TestSentences(BaseCase):
    def test_a_year_is_the_foundation_s_where_the_sentence_says_so(self):
        for text, year in {
            "Founded in 1987.": 1987, "Gegründet 1987": 1987, "1987 gegründet": 1987,
            "Founded by our grandfather, who was called Otto, in 1987": 1987,
            "Founded in 2999": None, "Since 1987": 1987, "Family business since 1987": 1987,
            "Partner of the trade since 1987": None, "Member since 1987": None,
            "since 1987 " + "x" * 80: 1987, "x" * 60 + " since 1987": None,
            "x" * 49 + " since 1987": 1987, "x" * 50 + " since 1987": None, "In 1987": None,
        }.items():  # fmt: skip
            with self.subTest(text):
                self.assertEqual(founded_in(text), year)

    def test_employees_are_the_company_s_own_where_the_sentence_says_so(self):
        for text, size in {
            "We have 25 employees.": (25, 25, 25),
            "more than 25 employees": (25, None, None),
            "über 1.200 Mitarbeiter": (1200, None, None),
            "a team of 25": (25, 25, 25),
            "a team of over 25": (25, None, None),
            "software for companies up to 25 employees": None,
            "for firms with 25 employees": None,
            "for firms of any kind.\n25 employees": (25, 25, 25),
            "employees": None,
        }.items():
            with self.subTest(text):
                found = employees_in(text)
                names = ("employees_min", "employees_max", "employees")
                self.assertEqual(found and tuple(found[name] for name in names), size or {})

    def test_a_page_that_says_utf_8_and_is_not_is_read_as_it_was_written(self):
        announced = "text/html; charset=utf-8"
        for body, text in {
            b"M\xfcller": "Müller",
            b"M\xfcller & S\xf6hne": "Müller & Söhne",
            # Cut at the limit, inside a character.
            "Müller é".encode()[:-1]: "Müller \ufffd",
            "Müller".encode(): "Müller",
        }.items():
            with self.subTest(text):
                self.assertEqual(decoded(body, announced), text)

    def test_addresses_that_a_script_would_show_are_read(self):
        code = "00" + b"info@acme.example".hex()
        for body in (
            f'<p><span class="__cf_email__" data-cfemail="{code}">[email]</span></p>',
            f'<p><a href="/cdn-cgi/l/email-protection#{code}">Write</a></p>',
            f'<p><a data-cfemail="{code}" href="/x">[email]</a></p>',
        ):
            page = web_page(body)
            with self.subTest(body):
                told = page.text + " ".join(href for href, _text in page.links)
                self.assertIn("info@acme.example", told)
                self.assertEqual("mailto:info@acme.example" in page.own_links, "<a" in body)


@tagged("post_install", "-at_install")
class TestVisits(InternetCase):
    def test_rules_of_a_busy_website_are_asked_for_later(self):
        self.publish("acme.example", "<p>x</p>", robots=reply("", 429))
        with self.assertRaises(ProviderRateLimited):
            self.enrich("acme.example")
        self.assertEqual(self.internet.paths("acme.example"), [])

    def test_no_answer_is_waited_for_longer_than_the_visit_lasts(self):
        visit = Visit("x", limits=Limits(seconds=3.0, timeout=8.0))
        self.assertLessEqual(visit._timeout(), 3.0)
        visit = Visit("x", limits=Limits(seconds=30.0, timeout=8.0))
        self.assertEqual(visit._timeout(), 8.0)
        with self.assertRaises(ProviderTimeout):
            Visit("x", limits=Limits(seconds=0.0))._timeout()
