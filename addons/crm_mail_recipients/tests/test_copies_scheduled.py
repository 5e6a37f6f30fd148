import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_common.tests.screens import Screen

from .test_copies import COMPANY, CONTACT, OUT, SECOND, CopiesCase


@tagged("post_install", "-at_install")
class TestScheduledCopies(CopiesCase):
    """A message that is sent later keeps its lines, which are edited and judged again."""

    def _schedule(self, *args):
        composer = self._composer(*args)
        composer.scheduled_date = fields.Datetime.now() + timedelta(days=1)
        return composer._action_schedule_message()

    def _post(self, scheduled):
        with self.mock_smtplib_connection():
            scheduled._post_message()
            self.env.flush_all()
        return self._mails()

    def test_it_is_sent_to_the_same_lines(self):
        mails = self._post(self._schedule([CONTACT], [SECOND], [COMPANY]))
        self.assertEqual({*mails}, {CONTACT, SECOND, COMPANY})
        self.assertEqual(mails[COMPANY][1], f"Bob <{SECOND}>")
        self.assertNotIn(COMPANY, mails[CONTACT][2])

    def test_its_lines_can_be_changed(self):
        scheduled = self._schedule([CONTACT], [], [COMPANY])
        scheduled.write(
            {
                "recipient_choices": [{"email": COMPANY, "partner_id": self.acme.id}],
                "recipient_bcc_choices": [{"email": SECOND, "partner_id": self.bob.id}],
            }
        )
        self.assertEqual([c["email"] for c in scheduled.recipient_bcc_choices], [SECOND])
        self.assertEqual([one["email"] for one in scheduled.recipient_envelope["bcc"]], [SECOND])
        mails = self._post(scheduled)
        self.assertEqual({*mails}, {COMPANY, SECOND})
        self.assertNotIn(SECOND, mails[COMPANY][2])

    def test_what_is_not_changed_stays(self):
        scheduled = self._schedule([CONTACT], [], [COMPANY])
        company = [{"email": COMPANY, "partner_id": self.acme.id}]
        scheduled.write({"recipient_cc_choices": company, "recipient_bcc_choices": []})
        mails = self._post(scheduled)
        self.assertEqual({*mails}, {CONTACT, COMPANY})
        self.assertIn(COMPANY, mails[CONTACT][1])

    def test_an_outsider_is_refused_in_each_line_and_way(self):
        scheduled = self._schedule([CONTACT])
        out = [{"email": OUT, "partner_id": False}]
        for values in (
            {"recipient_choices": out},
            {"recipient_cc_choices": out},
            {"recipient_bcc_choices": out},
            {"recipient_chosen": out},
            {"notification_parameters": json.dumps({"recipient_choices": out})},
            {"partner_ids": [(4, self.outsider.id)]},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                scheduled.write(values)

    def test_who_may_not_view_the_party_sees_nobody_and_changes_nothing(self):
        scheduled = self._schedule([CONTACT], [], [COMPANY])
        self._hide(self.acme)
        self.colleague.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        theirs = scheduled.with_user(self.colleague)
        seen = theirs.read()
        self.assertNotIn(COMPANY, json.dumps(seen, default=str))
        self.assertNotIn("recipient_chosen", seen[0])
        for values in ({"body": "Other"}, {"subject": "Other"}, {"recipient_choices": []}):
            refused = self.assertRaisesRegex(UserError, "not accessible to you")
            # As in Odoo only its author may change it at all.
            with self.subTest(values), refused:
                scheduled.write(values)

    def test_it_is_judged_again_when_it_is_sent(self):
        scheduled = self._schedule([CONTACT], [], [COMPANY])
        self.deal.recipient_company_id = False
        with self.assertRaises(UserError):
            self._post(scheduled)
        self.assertNothingLeft()

    def test_no_line_tells_the_address_of_who_may_not_be_viewed(self):
        self.colleague.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        written = [
            self._schedule(*([COMPANY] if line == place else [CONTACT] for place in range(3)))
            for line in range(3)
        ]
        edited = self._schedule([CONTACT])
        edited.recipient_choices = [{"email": COMPANY, "partner_id": self.acme.id}]
        self.env.flush_all()
        self._hide(self.acme)
        for scheduled in (*written, edited):
            seen = scheduled.with_user(self.colleague).read()
            with self.subTest(scheduled):
                self.assertNotIn(COMPANY, json.dumps(seen, default=str))

    def test_one_that_is_damaged_stops_no_other(self):
        damaged, scheduled = self._schedule([COMPANY]), self._schedule([CONTACT])
        for parameters in ("{", "[1]", "null"):
            with self.subTest(parameters):
                damaged.notification_parameters = parameters
                self.assertEqual(damaged.recipient_choices[0]["email"], COMPANY)
        damaged.notification_parameters = "{"
        with self.mock_smtplib_connection():
            (damaged + scheduled)._post_message(raise_exception=False)
            self.env.flush_all()
        self.assertIn(CONTACT, self._mails())

    def test_colleagues_who_get_it_are_shown_where_it_is_edited(self):
        scheduled = self._schedule([CONTACT])
        for colleagues in (self.colleague.partner_id, self.env["res.partner"]):
            scheduled.partner_ids = colleagues
            self.env.flush_all()
            screen = Screen(scheduled, self.salesman)
            seen = [
                node
                for node in screen.arch.iterfind(".//field[@name='partner_ids']")
                if screen._is_seen(node)
            ]
            self.assertEqual(len(seen), len(colleagues))
