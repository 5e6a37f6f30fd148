from odoo.tests import tagged

from odoo.addons.crm_mail_recipients.tests.common import RecipientCase


@tagged("post_install", "-at_install")
class TestDrafts(RecipientCase):
    def refused(self, record, *found):
        return record.with_user(self.salesman).gmail_refusals(list(found))

    def test_with_the_policy_off_everybody_may_be_written_to(self):
        self._policy(on=False)
        self.assertEqual(self.refused(self.bob, "stranger@rival.test"), {})

    def test_who_is_not_registered_is_named_with_the_reason(self):
        self._policy()
        [known, *_others] = self.bob.email.split(", ")
        found = self.refused(self.bob, known, "stranger@rival.test")
        self.assertEqual(found, {"stranger@rival.test": "not registered here"})

    def test_what_is_no_address_is_refused(self):
        self._policy()
        found = self.refused(self.bob, "everybody", "a@b@c")
        self.assertEqual([*found], ["everybody", "a@b@c"])
        self.assertEqual({*found.values()}, {"no valid e-mail address"})

    def test_colleagues_may_be_written_to(self):
        self._policy()
        self.assertEqual(self.refused(self.bob, "colleague@house.test"), {})

    def test_where_any_address_is_allowed_so_it_is_here(self):
        self._policy(any_address=True)
        self.assertEqual(self.refused(self.bob, "stranger@rival.test"), {})

    def test_a_lead_is_judged_by_its_own_parties(self):
        self._policy()
        lead = self._lead(email_from="own@acme.test")
        found = self.refused(lead, "own@acme.test", "stranger@rival.test")
        self.assertEqual([*found], ["stranger@rival.test"])
