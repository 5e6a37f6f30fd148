"""How single values are read from pages, and that no page breaks the reading."""

import io
import json
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from stdnum import luhn

from odoo.tests import BaseCase, tagged

from ...company.countries import country_code
from ...providers.http import _retry_after
from ...providers.website.appearance import read_appearance
from ...providers.website.findings import Finding, is_substantial, merged
from ...providers.website.identifiers import registry_in, vat_in
from ...providers.website.logo import fetch_logo, is_logo
from ...providers.website.page import WebPage, clean, decoded, same_site, without_crowded_tags
from ...providers.website.parked import is_parked
from ...providers.website.phones import phones_in
from ...providers.website.printed_names import name_like_host
from ...providers.website.provider import WebsiteProvider
from ...providers.website.socials import social_of
from ...providers.website.structured import read_structured
from ...providers.website.technologies import FINGERPRINTS, read_technologies
from ...providers.website.values import (
    email_of,
    emails_in,
    parsed_phone,
    parsed_vat,
    role_rank,
)
from ...providers.website.visit import Answer, HostGate, Limits, Visit
from ..internet import InternetCase, redirect, reply

URL = "http://acme.example/"
SIREN = "12345678" + luhn.calc_check_digit("12345678")

FAST = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def answer(body, content_type="text/html; charset=utf-8", **values):
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    headers = {"content-type": content_type, **values.pop("headers", {})}
    return Answer(URL, 200, headers, values.pop("cookies", ()), body)


def web_page(body, **values):
    return WebPage.parsed(answer(body, **values))


def company(body, **values):
    page = web_page(body, **values)
    return WebsiteProvider()._company("acme.example", [page]) if page else None


def organisation(**properties):
    data = {"@context": "https://schema.org", "@type": "Organization", "name": "Acme", **properties}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@tagged("post_install", "-at_install")
class TestPageText(BaseCase):
    def test_every_announced_and_hidden_charset_is_read(self):
        text = "Müßiggang GmbH – Köln"
        cases = (
            ("utf-8", "text/html; charset=utf-8", ""),
            ("latin-1", "text/html; charset=iso-8859-1", ""),
            ("windows-1252", "text/html", '<meta charset="windows-1252">'),
            ("windows-1252", "text/html; charset=utf-8", ""),  # a lie
            ("utf-8", "text/html; charset=nonsense", ""),
            ("utf-16", "text/html", ""),
            ("utf-8-sig", "text/html; charset=latin-1", ""),
            ("utf-8", "", ""),
            ("utf-8", "text/html; charset=hex", ""),
            ("utf-8", "text/html; charset=zip", ""),
        )
        for encoding, content_type, head in cases:
            with self.subTest(encoding, content_type=content_type):
                body = f"<html><head>{head}</head><body>{text}</body>".encode(encoding, "replace")
                self.assertIn("Müßiggang", web_page(body, content_type=content_type).text)

    def test_page_cut_inside_a_character_stays_utf8(self):
        self.assertEqual(decoded("Köln ü".encode()[:-1], "text/html; charset=utf-8")[:4], "Köln")

    def test_values_are_one_clean_line(self):
        for value, expected in (
            (" a \n\t b\u00a0c ", "a b c"), ("a\x00b\x1bc", "abc"), ("a\ud800b", "ab"),
            ("e\u0301", "é"), ("a\u200bb\u202ec", "abc"), (7, "7"), (None, ""), (True, ""),
            ([], ""), ({}, ""), ("x" * 999, "x" * 255),
        ):  # fmt: skip
            with self.subTest(value):
                self.assertEqual(clean(value), expected)

    def test_lone_surrogates_do_not_reach_the_company(self):
        html = (
            organisation(name="Ac\ud800me", description="\udfff") + "<p>info@acme.example &#xD800;"
        )
        found = company(html)
        self.assertEqual(found.name, "Acme")
        str(found).encode()

    def test_broken_html_is_read(self):
        for html in (
            "<p>info@acme.example", "<<<p>info@acme.example", "</html></p><b>info@acme.example</p>",
            "<table><p>info@acme.example<tr></b>", "<?xml version='1.0' encoding='x'?>"
            "<p>info@acme.example", "<p \x00>info@acme.example\x1f<script>x</script>\x0b",
            "<p>info@acme.example <i>&#31;&#0;</i>",
            "<p>info@acme.example<script>x</script>&#31;&#11;&#xFFFE;",
        ):  # fmt: skip
            with self.subTest(html):
                self.assertEqual(company(html).emails, ("info@acme.example",))

    def test_scripts_and_styles_are_no_text(self):
        page = web_page("<style>a{}</style><script>info@acme.example</script><p>Hello</p>")
        self.assertEqual(page.text, "Hello")

    def test_relative_links_start_at_the_base(self):
        page = web_page('<base href="http://acme.example/de/"><a href="impressum">x</a>')
        self.assertEqual(page.links, (("http://acme.example/de/impressum", "x"),))

    def test_tags_with_absurdly_many_attributes_cost_no_time(self):
        crowd = " ".join(f'a{number}=">"' for number in range(50_000))
        for html in (f"<p {crowd}>x</p>", f"<p a='>' {crowd}>", f'<!-- <p a=" --><p {crowd}>'):
            started = time.process_time()
            web_page(f"<html><body><p>info@acme.example</p>{html}")
            with self.subTest(html[:20]):
                self.assertLess(time.process_time() - started, 3)

    def test_usual_tags_are_left_as_they_are(self):
        html = "<!-- <p --><a href=x title='a > b'>y</a><img src=\"d>ata\" alt=''/>< p>1 < 2"
        self.assertEqual(without_crowded_tags(html), html)

    def test_hostile_microdata_costs_no_time(self):
        nested = "<div itemscope itemprop=a>" * 240 + "<b itemprop=name>x</b>" * 5000
        loop = "<div id=a itemscope itemprop=x itemref='a a a'><b itemprop=name>x</b></div>" * 50
        many_references = f"<div itemscope itemref='{'a ' * 10_000}'><i id=a itemprop=x>"
        for html in (nested, loop, many_references):
            started = time.process_time()
            company(html)
            with self.subTest(html[:40]):
                self.assertLess(time.process_time() - started, 3)

    def test_same_site_is_the_host_what_is_below_and_above(self):
        for url, expected in (
            ("http://acme.example/x", True), ("http://www.acme.example", True),
            ("http://de.acme.example", True), ("http://notacme.example", False),
            ("http://acme.example.evil.example", False), ("http://example", True),
        ):  # fmt: skip
            with self.subTest(url):
                self.assertEqual(same_site(url, "acme.example"), expected)


@tagged("post_install", "-at_install")
class TestWebsiteValues(BaseCase):
    def test_emails(self):
        for text, expected in (
            ("mailto:Info@Acme.example?subject=x", "info@acme.example"),
            ("mailto:info%40acme.example", "info@acme.example"), ("info@acme", ""),
            ("info@@acme.example", ""), ("info acme.example", ""), ("", ""), (None, ""),
            ("a" * 300 + "@acme.example", ""), ("info@acme.example,b@acme.example", ""),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(email_of(text), expected)
        self.assertEqual(
            emails_in("Write to info@acme.example, or (sales@acme.example)."),
            ["info@acme.example", "sales@acme.example"],
        )

    def test_roles_are_told_from_persons(self):
        for email in ("info@x.example", "sales.de@x.example", "vertrieb@x.example"):
            with self.subTest(email):
                self.assertIsNotNone(role_rank(email))
        for email in (
            "jane@x.example",
            "jane.sample@x.example",
            "info.jane@x.example",
            "js@x.example",
        ):
            with self.subTest(email):
                self.assertIsNone(role_rank(email))
        self.assertLess(role_rank("info@x.example"), role_rank("legal@x.example"))

    def test_vat_numbers_need_their_check_digits(self):
        for value, country, expected in (
            ("IT 00000010017", "", "IT00000010017"), ("00000010017", "IT", "IT00000010017"),
            ("00000010018", "IT", ""), ("GB 980 7806 84", "", "GB980780684"),
            ("980 7806 84", "GB", "GB980780684"), ("980 7806 85", "GB", ""), ("", "", ""),
            ("CHE-107.787.577 MWST", "", "CHE107787577"), ("BE 0403.019.261", "", "BE0403019261"),
            ("ATU13585627", "", "ATU13585627"), ("123", "DE", ""), ("US123456789", "", ""),
        ):  # fmt: skip
            with self.subTest(value, country=country):
                self.assertEqual(parsed_vat(value, country), expected)

    def test_vat_numbers_stand_behind_their_name(self):
        for text, expected in (
            ("P. IVA 00000010017", "IT00000010017"),
            ("Partita IVA: IT00000010017", "IT00000010017"),
            ("P.IVA/C.F. 00000010017", "IT00000010017"), ("VAT no. GB 980 7806 84.", "GB980780684"),
            ("UID: ATU13585627", "ATU13585627"), ("BTW BE 0403.019.261", "BE0403019261"),
            ("Order 00000010017", ""), ("VAT is not included", ""), ("P.IVA", ""), ("", ""),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(vat_in(text), expected)

    def test_registers(self):
        for text, expected in (
            (f"SIREN {SIREN}", ("FR-SIRENE", SIREN)),
            (f"RCS Paris B {SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}", ("FR-SIRENE", SIREN)),
            ("Company number: 01234567", ("GB-COH", "01234567")),
            ("Registered in England and Wales No. 1234567", ("GB-COH", "01234567")),
            ("Company registration number SC123456", ("GB-COH", "SC123456")),
            ("SIREN 111111111", None), ("Call number 01234567", None),
        ):  # fmt: skip
            with self.subTest(text):
                registry = {"registry": expected[0], "registry_id": expected[1]} if expected else {}
                self.assertEqual(registry_in(text), registry)

    def test_telephones(self):
        for value, country, expected in (
            ("030 23125 123", "DE", "+49 30 23125123"), ("tel:+44%2020%207946%200123", "", ""),
            ("+44 (0)20 7946 0123", "", "+44 20 7946 0123"), ("020 7946 0123", "", ""),
            ("12345", "DE", ""), ("call", "DE", ""), ("", "", ""), ("0" * 1000, "DE", ""),
        ):  # fmt: skip
            with self.subTest(value):
                found = parsed_phone(value, country)
                self.assertEqual(found, expected or ("+44 20 7946 0123" if "%" in value else ""))
        self.assertEqual(
            phones_in("Tel. 030 23125 123 Fax: 030 23125 199 Telefax 030 23125 198", "DE"),
            ["+49 30 23125123"],
        )

    def test_countries(self):
        for text, code in (
            ("DE", "DE"), ("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("Deutschland", "DE"),
            ("Italia", "IT"), ("Royaume-Uni", "GB"), ("UK", "GB"), ("USA", "US"), ("Atlantis", ""),
            ("", ""),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(country_code(text), code)

    def test_socials_are_profiles_of_companies(self):
        for url, expected in (
            ("https://www.linkedin.com/company/acme-samples/about/?x=y",
             ("linkedin", "https://www.linkedin.com/company/acme-samples")),
            ("https://de.linkedin.com/company/acme",
             ("linkedin", "https://www.linkedin.com/company/acme")),
            ("http://twitter.com/@acme", ("x", "https://x.com/acme")),
            ("https://x.com/acme/", ("x", "https://x.com/acme")),
            ("https://m.facebook.com/acme.samples",
             ("facebook", "https://www.facebook.com/acme.samples")),
            ("https://www.instagram.com/acme?hl=de",
             ("instagram", "https://www.instagram.com/acme")),
            ("https://youtube.com/channel/UC1x/videos",
             ("youtube", "https://www.youtube.com/channel/UC1x")),
            ("https://github.com/acme", ("github", "https://github.com/acme")),
            ("https://www.linkedin.com/in/jane-sample", None),
            ("https://www.linkedin.com/shareArticle?url=x", None),
            ("https://twitter.com/intent/tweet?text=x", None), ("https://x.com/share", None),
            ("https://x.com/acme/status/1", None), ("https://github.com/acme/project", None),
            ("https://www.facebook.com/sharer/sharer.php?u=x", None),
            ("https://www.facebook.com/sharer.php?u=x", None),
            ("https://www.facebook.com/tr?x", None),
            ("https://www.instagram.com/p/abc/", None), ("https://youtu.be/x", None),
            ("https://www.youtube.com/watch?v=x", None), ("https://notfacebook.com/acme", None),
            ("https://facebook.com/", None), ("http://[", None), ("", None),
        ):  # fmt: skip
            with self.subTest(url):
                self.assertEqual(social_of(url), expected)

    def test_employees_are_numbers_and_bands(self):
        for value, expected in (
            (42, (42, 42, 42)), ("42", (42, 42, 42)), ("51-200", (51, 200, None)),
            ({"@type": "QuantitativeValue", "value": 7}, (7, 7, 7)),
            ({"minValue": 51, "maxValue": 200}, (51, 200, None)),
            ({"minValue": 200, "maxValue": 51}, (None, None, None)),
            ("many", (None, None, None)), ([], (None, None, None)), ({}, (None, None, None)),
            (-1, (None, None, None)), (10**30, (None, None, None)), (True, (None, None, None)),
        ):  # fmt: skip
            with self.subTest(value):
                found = company(organisation(numberOfEmployees=value))
                self.assertEqual(
                    (found.employees_min, found.employees_max, found.employees), expected
                )

    def test_name_in_the_title_is_the_part_like_the_domain(self):
        for title, name in (
            ("Acme Widgets | Home", "Acme Widgets"), ("Home - Acme", "Acme"), ("Home", ""),
            ("Willkommen bei uns", ""), ("", ""), ("| |", ""),
        ):  # fmt: skip
            with self.subTest(title):
                parts = title.replace(" - ", " | ").split(" | ")
                self.assertEqual(name_like_host(parts, "acme.example"), name)
        self.assertEqual(
            name_like_host(["Sample Makers Group"], "smg.example"), "Sample Makers Group"
        )

    def test_technologies_are_seen_by_each_kind_of_mark(self):
        for values, name in (
            ({"body": '<script src="https://cdn.shopify.com/s/x.js">'}, "Shopify"),
            ({"body": '<meta name="generator" content="WordPress 6.8">'}, "WordPress"),
            ({"body": "x", "cookies": ("PHPSESSID",)}, "PHP"),
            ({"body": "x", "headers": {"server": "nginx/1.27"}}, "nginx"),
            ({"body": "x", "headers": {"cf-ray": "1-FRA"}}, "Cloudflare"),
        ):  # fmt: skip
            with self.subTest(name):
                found = [finding.value for finding in read_technologies(web_page(**values))]
                self.assertEqual(found, [name])
        self.assertEqual(list(read_technologies(web_page("<p>WordPress, Shopify and nginx"))), [])

    def test_fingerprints_are_well_formed(self):
        names = [mark.name for mark in FINGERPRINTS]
        self.assertEqual(len(names), len(set(names)))
        for mark in FINGERPRINTS:
            marks = (*mark.urls, *mark.cookies, *mark.headers, mark.generator)
            with self.subTest(mark.name):
                self.assertTrue(any(marks))
                self.assertEqual(marks, tuple(text.lower() for text in marks))

    def test_best_place_wins_and_an_address_stays_whole(self):
        found = merged(
            [
                Finding("name", "Worse", "u1", 50), Finding("name", "Better", "u2", 10),
                Finding("address", {"street": "A 1", "city": "A"}, "u1", 20),
                Finding("address", {"city": "B", "zip": "1"}, "u2", 30),
                Finding("emails", "b@x.example", "u1", 2),
                Finding("emails", "a@x.example", "u2", 1),
            ],
            domain="x.example",
        )  # fmt: skip
        self.assertEqual(
            (found.name, found.street, found.city, found.zip), ("Better", "A 1", "A", "")
        )
        self.assertEqual(found.emails, ("a@x.example", "b@x.example"))
        self.assertEqual(
            found.sources,
            {"name": "u2", "street": "u1", "city": "u1", "emails:a@x.example": "u2",
             "emails:b@x.example": "u1"},
        )  # fmt: skip

    def test_title_and_language_alone_are_nothing(self):
        page = web_page("<html lang=de><title>Acme</title><body>x</body></html>")
        self.assertFalse(is_substantial(read_appearance(page, "acme.example")))

    def test_retry_after_is_read_as_everywhere(self):
        self.assertEqual(_retry_after("5"), 5)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(["51-200", "Organization", "#x", "http://[", "https://schema.org/Person"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            [
                "@type", "@id", "@graph", "@value", "name", "legalName", "url", "address",
                "streetAddress", "addressLocality", "addressCountry", "addressRegion",
                "postalCode", "telephone", "email", "sameAs", "logo", "contentUrl",
                "foundingDate", "numberOfEmployees", "minValue", "maxValue", "value", "vatID",
                "taxID", "leiCode", "publisher", "contactPoint", "location", "description",
            ]
        ),
        inner, max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip
_FRAGMENTS = st.sampled_from(
    ["<p>", "</p>", "<a href='", "mailto:", "tel:", "'>", "<script type='application/ld+json'>",
     "</script>", "{", "}", "[", '"', "<meta property='og:image' content='", "<html lang='",
     "<link rel=alternate hreflang='", "<base href='", "<div itemscope itemtype='",
     "itemprop=name ",
     "P.IVA ", "DE123456789", "Fax ", "+49 30 23125123", "<!--", "-->", "http://[::", "\x00",
     "\ud800", "&#0;", "&#xDFFF;", "12345 Musterstadt", "GmbH", "\n", "<br>", "RCS ",
     "@acme.example",
     "<meta http-equiv=refresh content='0;url="]
) | st.text(max_size=8)  # fmt: skip


@tagged("post_install", "-at_install")
class TestNoPageBreaksTheReading(BaseCase):
    def _assert_clean(self, found):
        if found is not None:
            str(found).encode()  # no lone surrogates
            self.assertNotIn("\x00", str(found))
            self.assertLessEqual(len(found.emails), 5)
            self.assertLessEqual(len(found.name), 255)
            for url in (found.logo_url, *found.socials.values()):
                self.assertTrue(not url or url.startswith(("http://", "https://")))

    @FAST
    @given(st.lists(_FRAGMENTS, max_size=40).map("".join))
    def test_any_html(self, html):
        page = web_page(html)
        if page is not None:
            is_parked(page)
            self._assert_clean(company(html))

    @FAST
    @given(st.binary(max_size=400), st.text(max_size=30))
    def test_any_bytes(self, body, content_type):
        self._assert_clean(company(body, content_type=content_type))

    @FAST
    @given(_VALUES)
    def test_any_json_ld(self, value):
        data = json.dumps(value).replace("</", "<\\/")
        html = f'<script type="application/ld+json">{data}</script>{organisation()}'
        names = {item.value for item in read_structured(web_page(html), "acme.example")}
        self.assertIn("Acme", {name for name in names if isinstance(name, str)})

    @FAST
    @given(_VALUES)
    def test_any_property_of_an_organisation(self, value):
        for name in ("address", "telephone", "sameAs", "logo", "numberOfEmployees", "email"):
            self._assert_clean(company(organisation(**{name: value})))

    @FAST
    @given(st.text(max_size=200))
    def test_any_text(self, text):
        clean(text).encode()
        for reader in (email_of, country_code, social_of, parsed_vat, vat_in, registry_in):
            reader(text)
        parsed_phone(text, "DE")
        phones_in(text, "IT")
        self.assertTrue(all("@" in email for email in emails_in(text)))

    def test_broken_json_says_nothing_about_the_next_script(self):
        for script in ("{", "[" * 100_000, "null", '"x"', "// c\n{}", "{,}", "\\", "/*", "}" * 99):
            html = f'<script type="application/ld+json">{script}</script>{organisation()}'
            with self.subTest(script[:10]):
                self.assertEqual(company(html).name, "Acme")

    def test_references_in_a_circle_end(self):
        html = organisation(**{"@id": "#a", "address": {"@id": "#a"}, "publisher": {"@id": "#a"}})
        self.assertEqual(company(html).name, "Acme")


def _image(width=64, height=64, kind="PNG"):
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, kind)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestLogo(InternetCase):
    def _fetch(self, content, content_type="image/png", url="http://acme.example/logo"):
        headers = {"Content-Type": content_type}
        self.publish("acme.example", logo=reply(content, headers=headers), **{
            "away": redirect("http://127.0.0.1/logo")})  # fmt: skip
        options = {"limits": Limits(delay=0, image_bytes=50_000), "gate": HostGate()}
        with Visit("test", resolve=self.internet.resolve, **options) as visit:
            return fetch_logo(visit, url)

    def test_logo_of_each_format_is_fetched(self):
        for kind in ("PNG", "JPEG", "GIF"):
            with self.subTest(kind):
                self.assertEqual(self._fetch(_image(kind=kind)), _image(kind=kind))

    def test_what_is_no_usable_image_is_left(self):
        script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        for content in (b"", b"<html>", script, _image()[:30], _image(1, 1), _image(1000, 20),
                        _image(kind="BMP")):  # fmt: skip
            with self.subTest(content[:20]):
                self.assertIsNone(self._fetch(content))
        self.assertIsNone(self._fetch(_image(), content_type="text/html"))
        self.assertIsNone(self._fetch(_image() + b"x" * 60_000))

    def test_a_logo_is_neither_too_small_nor_too_large_nor_a_line(self):
        for width, height, is_one in (
            (16, 16, True), (15, 16, False), (16, 15, False), (160, 16, True), (161, 16, False),
            (16, 161, False), (4000, 4000, True), (4001, 4000, False),
        ):  # fmt: skip
            with self.subTest(width=width, height=height):
                self.assertIs(is_logo(_image(width, height)), is_one)

    def test_image_that_unfolds_to_gigabytes_is_not_unpacked(self):
        header = bytearray(_image())
        header[16:24] = (60_000).to_bytes(4, "big") * 2
        self.assertFalse(is_logo(bytes(header)))

    def test_logo_in_our_network_is_not_fetched(self):
        for url in ("http://localhost/logo.png", "http://127.0.0.1/logo", "file:///etc/passwd", "",
                    "http://acme.example/away", "http://acme.example:8069/logo"):  # fmt: skip
            with self.subTest(url):
                self.assertIsNone(self._fetch(_image(), url=url))
