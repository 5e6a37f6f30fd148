from odoo.tests import tagged

from ..tools import policy
from ..tools.gate import Refusal
from .common import RecipientCase

NO_LINK = "No e-mail can be sent: link a contact or a company first."
OF_LEAD = "No e-mail can be sent: this lead has no e-mail address and no linked contact or company."
NO_ADDRESS = (
    "No e-mail can be sent: neither this record nor the linked contacts and companies have an "
    "e-mail address."
)
NOT_ALLOWED = "is not registered on this record or on its linked contacts and companies."
NOBODY = "Choose at least one recipient."
#: (reason, what the user typed, whether it is about a person): the sentence on a deal.
SENTENCES = {
    (policy.E_EDIT, "", False): "You need edit permission on this record to send e-mail from it.",
    (policy.E_NO_LINK, "", False): NO_LINK,
    (policy.E_NO_ADDRESS, "", False): NO_ADDRESS,
    (policy.E_NO_ADDRESS, "", True): "This recipient has no e-mail address.",
    (policy.E_HIDDEN, "", False): (
        "No e-mail can be sent: the linked contacts or companies are not accessible to you."
    ),
    (policy.E_NOT_ALLOWED, "x@rival.test", False): f"x@rival.test {NOT_ALLOWED}",
    (policy.E_NOT_ALLOWED, "", True): f"This recipient {NOT_ALLOWED}",
    (policy.E_INVALID, "a b", False): "“a b” is not a single, plain e-mail address.",
    (policy.E_INVALID, "", True): "This recipient has no valid e-mail address.",
    (policy.E_EMPTY, "", False): NOBODY,
    (policy.E_GONE, "", False): "The record that this e-mail was sent from no longer exists.",
    (policy.E_FAILED, "", False): (
        "This e-mail was not sent: its recipients could not be checked."
    ),
    (policy.E_CHANGED, "", False): (
        "The contact of this record has changed: check the recipients."
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRefusalSentences(RecipientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy()

    def _card(self, **values):
        return self._as(self._lead(**values))

    def test_each_reason_is_told_in_its_sentence(self):
        deal = self._card(type="opportunity")
        for (reason, text, is_person), sentence in SENTENCES.items():
            refusal = Refusal(reason, text, self.bob.id if is_person else None)
            with self.subTest(reason=reason, text=text):
                self.assertEqual(deal._recipient_sentence(refusal), sentence)

    def test_only_one_lead_is_told_that_it_has_no_address_of_its_own(self):
        lead, deal = self._card(), self._card(type="opportunity")
        for cards, sentence in (
            (lead, OF_LEAD),
            (deal, NO_LINK),
            (lead | self._card(), NO_LINK),
            (lead.browse(), NO_LINK),
            (self._as(self.bob), NO_LINK),
        ):
            with self.subTest(cards=cards):
                told = cards._recipient_sentence(Refusal(policy.E_NO_LINK))
                self.assertEqual(told, sentence)

    def test_who_may_not_read_a_lead_is_told_why_it_sends_nothing(self):
        lead = self._as(self._lead(), self.colleague)
        self.assertFalse(lead.has_access("read"))
        self.assertEqual(lead._recipient_sentence(Refusal(policy.E_NO_LINK)), OF_LEAD)

    def test_where_nobody_is_chosen_the_card_says_why_or_that_somebody_has_to_be(self):
        mute = self.env["res.partner"].create({"name": "Mute"})
        for card, sentence in (
            (self._card(type="opportunity"), NO_LINK),
            (self._card(), OF_LEAD),
            (self._card(type="opportunity", partner_id=mute.id), NO_ADDRESS),
            (self._card(type="opportunity", partner_id=self.bob.id), NOBODY),
            (self._card(email_from="own1@card.test"), NOBODY),
            (self._as(mute), NO_ADDRESS),
        ):
            with self.subTest(sentence=sentence):
                self.assertEqual(card._recipient_why_nobody(policy.E_EMPTY), sentence)
