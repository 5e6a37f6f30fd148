import json
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import actions, events, tokens


@tagged("post_install", "-at_install")
class TestEvents(BaseCase):
    def parse(self, **parts):
        sent = {"commonEventObject": {"hostApp": "GMAIL"}, **parts}
        return events.parse(json.dumps(sent).encode())

    def test_an_open_e_mail_is_read(self):
        event = self.parse(
            commonEventObject={
                "hostApp": "GMAIL", "platform": "WEB", "userLocale": "it-IT",
                "timeZone": {"id": "Europe/Rome", "offset": 3600000},
            },
            authorizationEventObject={
                "userOAuthToken": "a", "userIdToken": "b", "systemIdToken": "c",
                "authorizedScopes": [events.MESSAGE],
            },
            gmail={"messageId": "msg-f:1850000000000000001", "accessToken": "d"},
        )  # fmt: skip
        self.assertEqual(event.message_id, "19ac8532c2790001")
        self.assertEqual(event.locale, "it_IT")
        self.assertEqual((event.access_token, event.user_token, event.system_token), tuple("abc"))
        self.assertFalse(event.is_mobile or event.is_click)
        self.assertNotIn("'a'", repr(event))

    def test_an_id_is_hexadecimal_for_gmails_api_and_others_stay(self):
        for told, expected in (
            ("msg-f:255", "ff"), ("msg-a:r-1", "msg-a:r-1"), ("18aa", "18aa"), ("", ""),
            ("msg-f:x", "msg-f:x"), ("msg-f:-5", "msg-f:-5"), ("msg-f:²", "msg-f:²"),
        ):  # fmt: skip
            self.assertEqual(events.rest_id(told), expected)

    def test_a_click_brings_what_its_button_carries_and_what_was_typed(self):
        for holder in (lambda value: value, lambda value: {"": value}):
            event = self.parse(
                commonEventObject={
                    "hostApp": "GMAIL", "parameters": {"a": "signed", "b": 7},
                    "formInputs": {
                        "query": holder({"stringInputs": {"value": [" two  words "]}}),
                        "empty": {}, "due": {"dateInput": {"msSinceEpoch": "1"}}, "no": [],
                    },
                }
            )  # fmt: skip
            self.assertTrue(event.is_click)
            self.assertEqual(dict(event.parameters), {"a": "signed"})
            self.assertEqual(dict(event.inputs), {"query": "two words"})

    def test_an_unknown_platform_is_a_phone(self):
        for platform in ("IOS", "ANDRIOD", "", None, 7):
            common = {"hostApp": "GMAIL", "platform": platform}
            self.assertTrue(self.parse(commonEventObject=common).is_mobile)

    def test_a_draft_tells_its_recipients(self):
        event = self.parse(gmail={"toRecipients": ["a@x.test"], "ccRecipients": ["b@x.test", 3],
                                  "bccRecipients": None})  # fmt: skip
        self.assertEqual(event.recipients, ("a@x.test", "b@x.test"))

    def test_only_what_is_missing_is_asked_for(self):
        granted = [events.OPENID, events.EMAIL]
        event = self.parse(
            authorizationEventObject={"userIdToken": "x", "authorizedScopes": granted}
        )
        self.assertEqual(event.missing(events.MESSAGE), [events.MESSAGE])
        self.assertEqual(event.missing(), [])
        event = self.parse(authorizationEventObject={"authorizedScopes": [events.OPENID]})
        self.assertEqual(event.missing(events.MESSAGE), [events.EMAIL, events.MESSAGE])
        event = self.parse(authorizationEventObject={"authorizedScopes": [*granted]})
        self.assertEqual(event.missing(), [events.EMAIL])

    def test_whatever_else_comes_is_no_event(self):
        for body in (
            b"", b"[]", b"null", b"7", b"\xff", b"{", b"[" * 100_000,
            b'{"commonEventObject": {"hostApp": "CALENDAR"}}', b'{"commonEventObject": []}',
            b'{"commonEventObject": {"hostApp": "GMAIL"}, "x": "' + b"x" * events.MAX_BYTES + b'"}',
        ):  # fmt: skip
            with self.assertRaises(events.NoEvent):
                events.parse(body)

    def test_parts_of_any_kind_break_nothing(self):
        for nonsense in (None, 7, "x", [], [[]], {"a": {}}, {"": None}, True):
            self.parse(gmail=nonsense, authorizationEventObject=nonsense)
            self.parse(commonEventObject={
                "hostApp": "GMAIL", "parameters": nonsense, "formInputs": nonsense,
                "userLocale": nonsense, "platform": nonsense,
            })  # fmt: skip
            self.parse(commonEventObject={"hostApp": "GMAIL", "formInputs": {"q": nonsense}})


@tagged("post_install", "-at_install")
class TestActions(BaseCase):
    def sign(self, text):
        return f"{len(text)}-{sum(text.encode())}"

    def test_an_action_comes_back_as_it_went(self):
        action = actions.Action("log", "1", "ff", "crm.lead", 7, "müller@x.test")
        found = actions.read(actions.write(action, self.sign), self.sign)
        self.assertEqual(found.text, action.text)
        self.assertEqual((found.name, found.id, found.model), ("log", 7, "crm.lead"))
        self.assertLess(len(actions.write(action, self.sign)), 400)

    def test_the_longest_address_comes_back_whole(self):
        for address in (f"{'a' * 64}@{'b' * 186}.it", f"{'漢' * 64}@{'漢' * 186}.it"):
            text = f"project.task {address}"
            action = actions.Action("put", "1" * 21, "m" * 40, "project.project", 2**31 - 1, text)
            written = actions.write(action, lambda message: "0" * 64)
            common = {"hostApp": "GMAIL", "parameters": {actions.NAME: written}}
            event = events.parse(json.dumps({"commonEventObject": common}).encode())
            self.assertTrue(event.is_click)
            found = actions.read(event.parameters[actions.NAME], lambda message: "0" * 64)
            self.assertEqual(found.text, text)

    def test_one_that_was_changed_or_is_too_old_is_none(self):
        good = actions.write(actions.Action("log", "1"), self.sign)
        for wrong in ("", ".", "x" * 5000, "é.é", good + "0", "x" + good, good.replace(".", "..")):
            with self.assertRaises(actions.InvalidAction):
                actions.read(wrong, self.sign)

    def test_a_button_works_for_a_day_and_a_link_that_connects_for_ten_minutes(self):
        for name, seconds in (("log", 24 * 60 * 60), (actions.CONNECT, 10 * 60)):
            with self.subTest(name), patch.object(actions.time, "time", return_value=0) as time:
                text = actions.write(actions.Action(name, "1"), self.sign)
                time.return_value = seconds
                self.assertEqual(actions.read(text, self.sign).name, name)
                time.return_value += 1
                with self.assertRaises(actions.InvalidAction):
                    actions.read(text, self.sign)

    def test_two_links_of_one_account_are_two(self):
        account = tokens.Claims("1", "a@x.test")
        first, second = (actions.connection(account, self.sign) for _time in range(2))
        self.assertNotEqual(
            actions.read(first, self.sign).message, actions.read(second, self.sign).message
        )
