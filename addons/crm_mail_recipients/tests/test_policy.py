from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import policy
from ..tools.address import Address
from ..tools.policy import Card, Party, decide, judge, judge_preselected
from . import oracle


def _addresses(*emails):
    return tuple(Address(email, email) for email in emails)


def _card(situation):
    parties = []
    own_ref = 1 if situation.card in ("contact", "company") else None
    if situation.contact is not None:
        parties.append(Party("contact", 2, "Bob", _addresses(*oracle.CONTACT[: situation.contact])))
    if situation.employed:
        parties.append(Party("company", 3, "Corp", _addresses(*oracle.EMPLOYER), linked=False))
    if situation.company is not None:
        parties.append(
            Party("company", 4, "Acme", _addresses(*oracle.COMPANY[: situation.company]))
        )
    own = _addresses(*oracle.OWN[: situation.own])
    return Card(situation.card, own, tuple(parties), own_ref=own_ref)


_emails = st.sampled_from([f"{name}@x.test" for name in "abcdef"])
_address_lists = st.lists(_emails, max_size=3, unique=True).map(lambda e: _addresses(*e))
_parties = st.builds(
    Party,
    kind=st.sampled_from(["contact", "company"]),
    ref=st.integers(1, 50),
    name=st.text(max_size=5),
    addresses=_address_lists,
    linked=st.booleans(),
    readable=st.booleans(),
)
_cards = st.builds(
    Card,
    kind=st.sampled_from(["lead", "deal", "contact", "company"]),
    own=_address_lists,
    parties=st.lists(_parties, max_size=4).map(tuple),
    can_edit=st.booleans(),
)
_last_used = st.lists(_emails, max_size=4).map(tuple)


class TestPolicy(BaseCase):
    def test_each_of_the_164_combinations_is_as_the_page_says(self):
        situations = list(oracle.situations())
        self.assertEqual(len(situations), len(set(situations)))
        self.assertEqual(len(situations), 164)
        for situation in situations:
            decision = decide(_card(situation))
            self.assertEqual(
                ({c.address.key for c in decision.candidates}, decision.selected, decision.error),
                oracle.expected(situation),
                str(situation),
            )

    def test_a_company_linked_directly_counts_though_the_contact_belongs_to_it(self):
        acme = Party("company", 4, "Acme", _addresses("info@acme.test"))
        employer = Party("company", 4, "Acme", _addresses("info@acme.test"), linked=False)
        decision = decide(Card("deal", parties=(employer, acme)))
        self.assertEqual(decision.selected, "info@acme.test")

    def test_without_edit_right_nobody_can_be_mailed_in_either_mode(self):
        card = Card("lead", _addresses("own@x.test"), can_edit=False)
        for mode in ("registered", "any"):
            decision = decide(card, mode)
            self.assertEqual((decision.candidates, decision.error), ((), "edit"))
            self.assertEqual(judge(decision, mode, "own@x.test"), "edit")

    def test_where_the_card_could_not_be_judged_nobody_can_be_mailed_in_either_mode(self):
        failed = policy.Decision(error=policy.E_FAILED)
        for mode in (policy.REGISTERED, policy.ANY):
            for key in ("bob@x.test", None):
                self.assertEqual(judge(failed, mode, key), policy.E_FAILED)
                self.assertEqual(judge_preselected(failed, mode, key), policy.E_FAILED)

    def test_a_party_one_may_not_view_is_only_a_kind(self):
        hidden = Party("contact", 2, "Secret", _addresses("secret@x.test"), readable=False)
        decision = decide(Card("deal", parties=(hidden,)))
        self.assertEqual((decision.error, decision.hidden), ("hidden", ("contact",)))
        self.assertNotIn("ecret", repr(decision))

    def test_the_rest_stays_usable_beside_a_hidden_party(self):
        hidden = Party("contact", 2, "Secret", _addresses("secret@x.test"), readable=False)
        acme = Party("company", 4, "Acme", _addresses("info@acme.test"))
        decision = decide(Card("deal", parties=(hidden, acme)))
        self.assertEqual([c.address.key for c in decision.candidates], ["info@acme.test"])
        self.assertEqual(decision.error, "")

    def test_the_last_used_address_comes_first_and_the_own_one_stays_preselected(self):
        bob = Party("contact", 2, "Bob", _addresses("bob@x.test"))
        card = Card("lead", _addresses("a@x.test", "b@x.test"), (bob,))
        decision = decide(card, last_used=("bob@x.test", "b@x.test"))
        self.assertEqual(
            [c.address.key for c in decision.candidates], ["bob@x.test", "b@x.test", "a@x.test"]
        )
        self.assertEqual(decision.selected, "b@x.test")

    def test_in_any_mode_an_empty_card_is_no_error_and_strangers_may_be_mailed(self):
        decision = decide(Card("deal"), "any")
        self.assertEqual(decision.error, "")
        self.assertEqual(judge(decision, "any", "stranger@x.test"), "")
        self.assertEqual(judge(decision, "any", None), "invalid")

    @given(_cards, st.sampled_from(["registered", "any"]), _last_used)
    def test_at_most_one_candidate_is_preselected_and_own_comes_first(self, card, mode, last_used):
        decision = decide(card, mode, last_used)
        keys = [c.address.key for c in decision.candidates]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(decision.selected is None, not keys)
        if keys:
            self.assertIn(decision.selected, keys)
        if card.can_edit and card.own and card.kind != "deal":
            self.assertIn(decision.selected, {a.key for a in card.own})

    @given(_cards, _last_used)
    def test_whoever_is_offered_is_own_or_a_visible_direct_link(self, card, last_used):
        visible = {a.key for p in card.parties if p.linked and p.readable for a in p.addresses}
        own = {a.key for a in card.own} if card.kind != "deal" else set()
        for candidate in decide(card, policy.REGISTERED, last_used).candidates:
            self.assertIn(candidate.address.key, visible | own)

    @given(_cards, _emails)
    def test_registered_mode_lets_through_exactly_what_is_offered(self, card, key):
        decision = decide(card)
        offered = {c.address.key for c in decision.candidates}
        self.assertEqual(not judge(decision, "registered", key), key in offered)

    @given(_cards)
    def test_in_registered_mode_nobody_to_mail_is_always_explained(self, card):
        decision = decide(card)
        self.assertEqual(bool(decision.error), not decision.candidates)

    def test_what_was_preselected_holds_as_long_as_the_card_offers_it(self):
        card = Card(
            policy.LEAD,
            own=(Address("own@x.test", "own@x.test"),),
            parties=(Party(policy.CONTACT, 1, addresses=(Address("bob@x.test", "bob@x.test"),)),),
        )
        for mode in (policy.REGISTERED, policy.ANY):
            decision = decide(card, mode)
            for key, ref, reason in (
                ("own@x.test", None, ""),
                ("own@x.test", 1, ""),
                ("bob@x.test", 1, ""),
                ("bob@x.test", None, ""),
                ("bob@x.test", 2, policy.E_CHANGED),
                ("eve@x.test", 1, policy.E_CHANGED),
                (None, 1, policy.E_CHANGED),
            ):
                with self.subTest(mode=mode, key=key, ref=ref):
                    self.assertEqual(judge_preselected(decision, mode, key, ref), reason)
        readonly = decide(replace(card, can_edit=False))
        self.assertEqual(judge_preselected(readonly, policy.ANY, "bob@x.test", 1), policy.E_EDIT)
