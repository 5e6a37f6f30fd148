from odoo.tests import BaseCase

from ..tools.choices import well_formed
from ..tools.copies import Copies
from ..tools.envelope import Envelope, Recipient, envelope_of, shown
from ..tools.gate import Refusal, Verdict


class TestEnvelopeRules(BaseCase):
    def test_every_address_that_the_gate_lets_through_is_in_the_envelope_once_for_each_mail(self):
        verdict = Verdict(
            partners={1: ("a@x.test", "b@x.test"), 2: ("c@x.test",)},
            employees={3: ("d@house.test",), 4: ("e@house.test",)},
            to=("own@x.test",),
            cc=("cc@x.test", "c@x.test"),
        )
        envelope = envelope_of(verdict, followers={2, 4})
        self.assertEqual([one.email for one in envelope.to], [
            "own@x.test", "a@x.test", "b@x.test", "d@house.test",
        ])  # fmt: skip
        self.assertEqual([one.email for one in envelope.followers], ["c@x.test", "e@house.test"])
        self.assertEqual([one.email for one in envelope.cc], ["cc@x.test", "c@x.test"])
        self.assertEqual(sorted(envelope.addresses), sorted([
            "own@x.test", "a@x.test", "b@x.test", "d@house.test", "c@x.test", "e@house.test",
            "cc@x.test", "c@x.test",
        ]))  # fmt: skip

    def test_who_is_left_out_twice_is_told_once(self):
        refusal = Refusal("not_allowed", "x@rival.test")
        verdict = Verdict(refused=(refusal, Refusal("no_address", partner_id=7)))
        envelope = envelope_of(verdict, [refusal])
        self.assertEqual(len(envelope.left_out), 2)
        self.assertEqual(envelope.refs, {7})

    def test_nothing_of_a_hidden_party_is_shown(self):
        envelope = Envelope(
            to=(Recipient("secret@x.test", 1),),
            bcc=(Recipient("b@x.test", 2),),
            left_out=(
                Refusal("no_address", "secret@x.test", 1),
                Refusal("hidden", "secret@x.test"),
                Refusal("not_allowed", "typed@x.test"),
                Refusal("Mailbox is full", partner_id=2),
            ),
        )
        told = shown(
            envelope,
            names={1: "Secret", 2: "Bob"},
            hidden={1},
            reasons={"hidden": "H", "not_allowed": "N", "no_address": "A"},
        )
        self.assertNotIn("ecret", repr(told))
        self.assertEqual(told["to"], [{"name": "", "email": "", "hidden": True}])
        self.assertEqual(told["bcc"], [{"name": "Bob", "email": "b@x.test", "hidden": False}])
        self.assertEqual(
            [(one["name"], one["email"], one["reason"]) for one in told["left_out"]],
            [
                ("", "", "H"),
                ("", "", "H"),
                ("", "typed@x.test", "N"),
                ("Bob", "", "Mailbox is full"),
            ],
        )

    def test_choices_are_well_formed_whatever_was_sent(self):
        for choices in (None, "x", 3, {"email": "a@x.test"}):
            self.assertEqual(well_formed(choices), [])
        none = {"email": "a@x.test", "partner_id": None, "preselected": False, "header": "to"}
        for ref in (None, False, True, 0, -1, 2**31, 10**12, 1.0, "1", [1], {}):
            self.assertEqual(well_formed([{"email": "a@x.test", "partner_id": ref}]), [none], ref)
        self.assertEqual(
            well_formed(["x", None, {"partner_id": 2**31 - 1, "preselected": 1}]),
            [{"email": "", "partner_id": 2**31 - 1, "preselected": True, "header": "to"}],
        )
        for asked, header in (("cc", "cc"), ("bcc", "bcc"), ("Bcc", "to"), (3, "to"), ([], "to")):
            self.assertEqual(well_formed([{**none, "header": asked}])[0]["header"], header)

    def test_in_doubt_who_is_in_bcc_is_not_shown(self):
        copies = Copies(
            ("cc@x.test",), {"7": ("b@x.test",), "0": ("n@x.test",)}, {"7": ["a@x.test"]}
        )
        found = {
            (key, ref): copies.header(key, ref)
            for key, ref in (
                ("a@x.test", 7), ("b@x.test", 7), ("moved@x.test", 7), ("cc@x.test", 8),
                ("n@x.test", None), ("o@x.test", None), ("a@x.test", 9),
            )
        }  # fmt: skip
        self.assertEqual([*found.values()], ["to", "bcc", "bcc", "cc", "bcc", "to", "to"])
        again = Copies.of(copies.stored, copies.chosen)
        self.assertEqual(again.stored, copies.stored)
