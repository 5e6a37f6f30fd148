import json

from odoo.tests import BaseCase, tagged

from ..tools import cards, deployment, events
from . import card_schema

BASE = "https://odoo.example"
CLICK = cards.Click(function=BASE + "/gmail_addon", parameter="signed")
HOSTILE = (
    "<script>",
    "a & b",
    "<b>bold</b>",
    '"',
    "&amp;",
    "x" * 5000,
    "two\nlines",
    "\ud83d\ude00",
)


def checked(card):
    answer = cards.opened(card)
    card_schema.check(answer, BASE)
    return answer["action"]["navigations"][0]["pushCard"]


@tagged("post_install", "-at_install")
class TestCards(BaseCase):
    def test_texts_of_any_kind_are_shown_as_they_are(self):
        for text in HOSTILE:
            line = cards.Line(text, text, text, CLICK, cards.Button(text, CLICK, "mail"), "mail")
            widgets = (
                line, cards.Paragraph(text), cards.Buttons((cards.Button(text, CLICK),)),
                cards.Field("q", text, text),
            )  # fmt: skip
            card = cards.Card(text, text, sections=(cards.Section(widgets, text),),
                              menu=((text, CLICK),))  # fmt: skip
            with self.subTest(text=text[:10]):
                shown = json.dumps(checked(card))
                self.assertNotIn("<script", shown)
                self.assertNotIn("<b>", shown)

    def test_a_card_never_has_more_than_google_takes(self):
        line = cards.Line("x" * 100, "label", "remark", CLICK)
        foot = (cards.Section((cards.Paragraph("whose account it is"),)),)
        for sections in (
            tuple(cards.Section((line,) * 50) for _time in range(5)),
            (cards.Section((line,) * 300),),
            tuple(cards.Section((line,)) for _time in range(300)),
            (cards.Section((cards.Paragraph("y" * 1000),) * 99),),
            (
                cards.Section(
                    (cards.Line("z", image="data:image/png;base64," + "A" * 30_000),) * 50
                ),
            ),
        ):
            card = checked(cards.Card("Title", sections=sections, foot=foot))
            self.assertIn("whose account it is", json.dumps(card["sections"][-1]))

    def test_a_picture_that_is_too_large_is_left_away(self):
        large = "data:image/png;base64," + "A" * cards.MAX_IMAGE
        section = cards.Section((cards.Line("x", image=large),))
        shown = json.dumps(checked(cards.Card("T", image=large, sections=(section,))))
        self.assertNotIn("AAAA", shown)

    def test_a_click_answers_as_google_documents_it(self):
        for answer in (
            cards.clicked(says="Done <now>"),
            cards.clicked(cards.replaced(cards.Card("T", sections=(
                cards.Section((cards.Paragraph("x"),)),))), says="x"),
            cards.asks_for([events.MESSAGE]),
            cards.inserted("<p>x</p>", ""),
        ):  # fmt: skip
            card_schema.check(answer, BASE)

    def test_what_google_would_refuse_is_found_by_the_schema(self):
        good = checked(cards.Card("T", sections=(cards.Section((cards.Line("x"),)),)))
        text = good["sections"][0]["widgets"][0]["decoratedText"]
        for change in (
            {"text": "<script>"}, {"text": "a & b"}, {"topLabel": "<i>"}, {"colour": "red"},
            {"onClick": {"openLink": {"url": "http://odoo.example"}}},
            {"onClick": {"action": {"function": "https://evil.example", "parameters": [],
                                    "persistValues": True}}},
        ):  # fmt: skip
            section = {"widgets": [{"decoratedText": {**text, **change}}]}
            answer = {"action": {"navigations": [{"pushCard": {**good, "sections": [section]}}]}}
            with self.subTest(change=change), self.assertRaises(card_schema.NotTaken):
                card_schema.check(answer, BASE)
        for sections in ([], [{"widgets": []}], [{"widgets": [{"decoratedText": text}] * 101}]):
            answer = {"action": {"navigations": [{"pushCard": {**good, "sections": sections}}]}}
            with self.assertRaises(card_schema.NotTaken):
                card_schema.check(answer, BASE)


@tagged("post_install", "-at_install")
class TestDeployment(BaseCase):
    def test_what_is_pasted_has_only_what_google_knows_and_only_addresses_of_ours(self):
        text = deployment.document(BASE, "Odoo (Acme)", compose="Insert")
        found = json.loads(text)
        self.assertEqual(set(found), {"oauthScopes", "addOns"})
        self.assertEqual(found["oauthScopes"], list(events.SCOPES))
        addon = found["addOns"]
        self.assertEqual(set(addon), {"common", "gmail", "httpOptions"})
        self.assertEqual(
            addon["httpOptions"],
            {"authorizationHeader": "SYSTEM_ID_TOKEN", "granularOauthPermissionSupport": "OPT_IN"},
        )
        self.assertEqual(
            set(addon["common"]),
            {"name", "logoUrl", "useLocaleFromApp", "layoutProperties", "homepageTrigger",
             "openLinkUrlPrefixes"},
        )  # fmt: skip
        self.assertEqual(set(addon["gmail"]), {"contextualTriggers", "composeTrigger"})
        addresses = [part for part in text.split('"') if part.startswith("https://")]
        addresses = [one for one in addresses if not one.startswith("https://www.googleapis.com/")]
        self.assertEqual(len(addresses), 5)
        for address in addresses:
            self.assertTrue(address.startswith(BASE + "/"), address)

    def test_no_right_to_the_whole_mailbox_is_asked_for(self):
        restricted = ("gmail.readonly", "gmail.compose", "gmail.modify", "mail.google.com")
        for scope in events.SCOPES:
            self.assertFalse(any(scope.endswith(word) for word in restricted), scope)
