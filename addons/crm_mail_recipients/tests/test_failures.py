import itertools
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import guard
from .common import RecipientCase

_LOGGERS = ("odoo.addons.crm_mail_recipients.tools.guard", "odoo.sql_db")
_ANSWER = """From: {author}
To: sales@house.test
Subject: Answer
Message-Id: <{id}@rival.test>
In-Reply-To: {parent}
Content-Type: text/plain

Hello"""


def no_such_key(card):
    return {}["no such key"]


def no_such_number(card):
    return card.env.cr.execute("SELECT 1 / 0")


WAYS = tuple(
    itertools.product(
        (False, True),
        (
            "_recipient_kind",
            "_recipient_linked_partners",
            "_recipient_own_partner",
            "_recipient_own_addresses",
        ),
        (no_such_key, no_such_number),
    )
)


@tagged("post_install", "-at_install")
class TestFailures(RecipientCase):
    """Where a hook of another addon fails, no message is lost, and nobody outside gets one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def setUp(self):
        super().setUp()
        self.lead = self._lead(email_from="own1@card.test", partner_id=self.bob.id)
        self.env["mail.followers"]._insert_followers(
            "crm.lead", self.lead.ids, (self.bob | self.outsider).ids
        )

    @contextmanager
    def _broken(self, any_address, hook, error):
        """Let every lead raise when it is asked by `hook`."""
        self.emails = []
        self._policy(any_address=any_address)
        with (
            self.subTest(any_address=any_address, hook=hook, error=error.__name__),
            mute_logger(*_LOGGERS),
            patch.object(self.registry["crm.lead"], hook, lambda card, *args: error(card)),
            patch.dict(guard._guarded_until, clear=True),
        ):
            yield

    def _requested(self, work):
        """Do what a person asks for as Odoo does it: from the beginning, where it is told so."""
        try:
            with self.env.cr.savepoint():
                return work()
        except ConcurrencyError:
            return work()

    def _arrives(self, number, parent, author="Bob <contact1@bob.test>"):
        text = _ANSWER.format(author=author, id=number, parent=parent)
        with self.mock_smtplib_connection():
            thread_id = self.env["mail.thread"].message_process("crm.lead", text)
        return self.env["crm.lead"].browse(thread_id)

    def test_an_answer_to_a_card_that_cannot_be_judged_is_kept_and_told_to_colleagues(self):
        parent = self.lead.message_post(body="Question", subtype_xmlid="mail.mt_comment")
        for number, way in enumerate(WAYS):
            with self._broken(*way):
                for author in ("Bob <contact1@bob.test>", "Out Sider <outsider@rival.test>"):
                    self.emails = []
                    lead = self._arrives(f"{number}{author[:3]}", parent.message_id, author)
                    self.assertEqual(lead, self.lead)
                    self.assertEqual(lead.message_ids[0].message_type, "email")
                    self.assertIn("Hello", lead.message_ids[0].body)
                    self.assertReached("salesman@house.test")

    def test_a_new_card_that_cannot_be_judged_is_made_of_an_incoming_mail(self):
        for number, way in enumerate(WAYS):
            with self._broken(*way):
                lead = self._arrives(number, "<none@rival.test>")
                self.assertNotEqual(lead, self.lead)
                self.assertIn("email", lead.message_ids.mapped("message_type"))

    def test_who_follows_a_card_that_cannot_be_judged_stays_a_follower_and_nobody_is_added(self):
        for way in WAYS:
            with self._broken(*way):
                self.lead.message_subscribe((self.acme | self.colleague.partner_id).ids)
                followers = self.lead.message_partner_ids
                self.assertIn(self.colleague.partner_id, followers)
                if not self.env.company.recipient_any_address:
                    self.assertNotIn(self.acme, followers)
                self.lead.message_unsubscribe((self.acme | self.colleague.partner_id).ids)

    def test_a_note_on_a_card_that_cannot_be_judged_is_kept(self):
        for way in WAYS:
            with self._broken(*way):
                with self.mock_smtplib_connection():
                    note = self._requested(
                        lambda: self._as(self.lead).message_post(
                            body="Note", partner_ids=self.colleague.partner_id.ids
                        )
                    )
                self.assertEqual(self.lead.message_ids[0], note)
                self.assertReached("colleague@house.test")

    def test_a_mail_from_a_card_that_cannot_be_judged_is_refused_with_a_sentence(self):
        for way in WAYS:
            refused = self.assertRaisesRegex(UserError, "its recipients could not be checked")
            with self._broken(*way), refused:
                self._requested(self._mail_to_bob)

    def _mail_to_bob(self):
        return self._as(self.lead).message_post(
            body="x", subtype_xmlid="mail.mt_comment", partner_ids=self.bob.ids
        )

    def test_what_the_database_refuses_is_begun_anew_once_and_then_undone_alone_for_a_while(self):
        with self._broken(False, "_recipient_kind", no_such_number):
            with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
                self._mail_to_bob()
            for _message in range(2):
                with self.assertRaisesRegex(UserError, "its recipients could not be checked"):
                    self._mail_to_bob()
            [until] = guard._guarded_until.values()
            with (
                patch.object(guard.time, "monotonic", return_value=until + 1),
                self.assertRaises(ConcurrencyError),
                self.env.cr.savepoint(),
            ):
                self._mail_to_bob()

    def test_a_scheduled_action_of_a_person_is_not_begun_anew(self):
        self.lead = self.lead.with_context(cron_id=1)
        refused = self.assertRaisesRegex(UserError, "its recipients could not be checked")
        with self._broken(False, "_recipient_kind", no_such_number), refused:
            self._mail_to_bob()

    def test_what_odoo_tries_again_by_itself_is_no_fault_of_the_policy(self):
        def met(card):
            raise psycopg2.errors.SerializationFailure("somebody was faster")

        with (
            self._broken(False, "_recipient_kind", met),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self._mail_to_bob()
        self.assertFalse(guard._guarded_until)

    def test_the_picker_of_a_card_that_cannot_be_judged_says_so(self):
        for way in WAYS:
            with self._broken(*way):
                picker = self._as(self.lead)._recipient_picker()
                self.assertFalse(picker["candidates"])
                self.assertIn("could not be checked", picker["error"])

    def test_one_card_that_cannot_be_judged_stops_no_other(self):
        other = self._lead(email_from="own2@card.test")
        linked = self.registry["crm.lead"]._recipient_linked_partners

        def broken(card):
            return {}["no such key"] if card == self.lead else linked(card)

        with (
            mute_logger(*_LOGGERS),
            patch.object(self.registry["crm.lead"], "_recipient_linked_partners", broken),
        ):
            decisions = (self.lead | other)._recipient_decisions()
        self.assertEqual(decisions[self.lead.id].error, "failed")
        self.assertEqual(list(decisions[other.id].by_key), ["own2@card.test"])

    def test_an_incoming_mail_is_kept_whatever_becomes_of_the_log(self):
        def no_log(lines, vals_list):
            raise KeyError("no such key")

        parent = self.lead.message_post(body="Question", subtype_xmlid="mail.mt_comment")
        log = patch.object(self.registry["mail.recipient.log"], "_record", no_log)
        with mute_logger(*_LOGGERS), log:
            lead = self._arrives("log", parent.message_id)
        self.assertEqual(lead.message_ids[0].message_type, "email")
        self.assertReached("salesman@house.test")
