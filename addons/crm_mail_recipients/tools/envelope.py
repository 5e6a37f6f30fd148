"""Who gets one message by e-mail, and who does not: what is shown before it is sent and after it.

It is made of the verdict that the gate acts on, so what is seen is who gets it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .gate import Refusal, Verdict
from .policy import E_HIDDEN

#: The lines of an envelope: who gets the message, each by the name of its field.
LINES = ("to", "cc", "bcc", "followers")


@dataclass(frozen=True)
class Recipient:
    """One address a message goes to; `ref` is the partner it is written to, None for an address."""

    email: str
    ref: int | None = None


@dataclass(frozen=True)
class Envelope:
    """`followers` get the message because they follow the card, and nobody has named them.

    :ivar refused: because of whom nobody gets it
    """

    to: tuple[Recipient, ...] = ()
    cc: tuple[Recipient, ...] = ()
    bcc: tuple[Recipient, ...] = ()
    followers: tuple[Recipient, ...] = ()
    left_out: tuple[Refusal, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        return tuple(one for name in LINES for one in getattr(self, name))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the SMTP envelopes, one that gets it twice also twice."""
        return tuple(recipient.email for recipient in self.recipients)

    @property
    def refs(self) -> set[int]:
        """All partners that something is said of."""
        refs = {recipient.ref for recipient in self.recipients}
        refs |= {refusal.partner_id for refusal in (*self.left_out, *self.refused)}
        return {ref for ref in refs if ref is not None}


def envelope_of(
    verdict: Verdict, left_out: Iterable[Refusal] = (), followers: Collection[int] = ()
) -> Envelope:
    """Return the envelope of the mails that `verdict` lets through.

    :param left_out: who was left out before there was a mail to be judged
    :param followers: partners who are not named
    """
    people = [Recipient(key) for key in verdict.to]
    people += [
        Recipient(key, ref)
        for group in (verdict.partners, verdict.employees)
        for ref, keys in group.items()
        for key in keys
    ]
    lines: dict[str, list[Recipient]] = {name: [] for name in LINES}
    for one in people:
        line = "followers" if one.ref in followers else verdict.copies.header(one.email, one.ref)
        lines[line].append(one)
    lines["cc"] += [Recipient(key) for key in verdict.cc]
    return Envelope(
        to=tuple(lines["to"]),
        cc=tuple(lines["cc"]),
        bcc=tuple(lines["bcc"]),
        followers=tuple(lines["followers"]),
        left_out=tuple(dict.fromkeys((*left_out, *verdict.refused))),
    )


def shown(
    envelope: Envelope, names: Mapping[int, str], hidden: Collection[int], reasons: Mapping
) -> dict:
    """Return `envelope` as the client shows it: lists of {name, email}, who is left out or
    refused with a reason.

    Of a party that the user may not view neither name nor address is told.

    :param names: of the partners, by ref
    :param hidden: the partners that the user may not view
    :param reasons: what is said of a reason, by reason; of others, that reason itself is said
    """

    def line(one: Recipient) -> dict:
        if one.ref in hidden:
            return {"name": "", "email": "", "hidden": True}
        name = names.get(one.ref, "") if one.ref else ""
        return {"name": name, "email": one.email, "hidden": False}

    def left(refusal: Refusal) -> dict:
        if refusal.reason == E_HIDDEN or refusal.partner_id in hidden:
            return {"name": "", "email": "", "hidden": True, "reason": reasons[E_HIDDEN]}
        name = names.get(refusal.partner_id, "") if refusal.partner_id else ""
        return {
            "name": name,
            "email": refusal.text,
            "hidden": False,
            "reason": reasons.get(refusal.reason, refusal.reason),
        }

    return {
        **{name: [line(one) for one in getattr(envelope, name)] for name in LINES},
        "left_out": [left(refusal) for refusal in envelope.left_out],
        "refused": [left(refusal) for refusal in envelope.refused],
    }
