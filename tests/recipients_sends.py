"""Random sends from cards; run inside an Odoo shell, against a real SMTP server on loopback.

Cards are made of the combinations of the oracle, each with addresses of its own; users see all of
them, some parties are hidden. Before each send it is asked who will get it, as the composers ask;
afterwards that is compared with the envelopes at the SMTP server. Who may get it at all is written
down when a card is made, and never asked of the policy.

What the queue sends is sent for several at once, as a scheduled action does; which mail is of which
send tells its Message-ID.
"""

import contextlib
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

import smtp_loopback

from odoo import api, fields
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.crm_mail_recipients.models import mail_mail, mail_thread_post
from odoo.addons.crm_mail_recipients.tests import oracle
from odoo.addons.crm_mail_recipients.tools.envelope import envelope_of
from odoo.addons.crm_mail_recipients.tools.gate import PLANNED, current_scope

SENDS = int(os.environ.get("RECIPIENT_SENDS") or 20_000)
SEED = int(os.environ.get("RECIPIENT_SEED") or random.SystemRandom().randrange(10**6))
CARDS = 60
#: The most sends that wait for the queue together.
BATCH = 12
OUTSIDE = "rival.test"
HOUSE = "house.test"
REFUSALS = (UserError, ValidationError, AccessError)


class Mailbox:
    """The mails that reached the SMTP server."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        rcpts = [*map(str.lower, envelope.rcpt_tos)]
        read = message_from_bytes(envelope.original_content, policy=policy.default)
        parts = [
            part.get_content() for part in read.walk() if part.get_content_maintype() == "text"
        ]
        text = "\n".join([*(f"{name}: {value}" for name, value in read.items()), *parts]).lower()
        message_id = str(read["Message-Id"]).strip()
        self.mails.append(Arrived(message_id, rcpts, str(read["Cc"] or "").lower(), text))
        return "250 OK"


@dataclass
class Arrived:
    """A mail at the SMTP server: its envelope, its Cc and all its text, lower case."""

    message_id: str
    rcpts: list[str]
    cc: str
    text: str


@dataclass
class Card:
    """What a card was made of; addresses by the party that they belong to."""

    record: object
    kind: str
    addresses: dict[str, list[str]]
    partners: dict[str, object]
    hidden: set[str]
    followers: list = field(default_factory=list)

    def allowed(self, sees_all=False):
        """Who may be written to: the oracle's answer, without the parties one may not view."""
        return {
            address
            for party, addresses in self.addresses.items()
            if sees_all or party not in self.hidden
            for address in addresses
        }

    def owner(self, address):
        """The partner that an address is chosen for, None for the card itself."""
        party = next(name for name, found in self.addresses.items() if address in found)
        return self.partners.get(party)


def _at(address, number):
    """One of the oracle's addresses, as it stands on one card."""
    return address.replace("@", f"@c{number}.")


class World:
    def __init__(self, env, rng):
        self.env, self.rng = env, rng
        env.company.write({"recipient_policy": True, "recipient_any_address": False})
        env.company.email = f"office@{HOUSE}"
        seller = "sales_team.group_sale_salesman_all_leads,base.group_partner_manager"
        seller += ",account.group_account_invoice"
        self.seller = self._user("seller", seller)
        self.second = self._user("second", seller)
        self.reader = self._user("reader", "sales_team.group_sale_salesman")
        self.inbox = self._user("inbox", seller, notification_type="inbox")
        self.portal = self._user("portal", "base.group_portal", email=f"portal@{OUTSIDE}")
        self.colleagues = self.seller | self.second | self.reader
        self.outsider = env["res.partner"].create({"name": "Out", "email": f"out@{OUTSIDE}"})
        env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": env["ir.model"]._get_id("res.partner"),
                "domain_force": "['|', ('ref', '=', False), ('ref', '!=', 'hidden')]",
            }
        )
        situations = list(oracle.situations())
        self.cards = [
            self._card(number, rng.choice(situations), rng.random() < 0.15)
            for number in range(CARDS)
        ]
        self.opted_out = {
            address
            for card in self.cards
            for address in sorted(card.allowed(sees_all=True))
            if rng.random() < 0.2
        }
        env["mail.blacklist"].create([{"email": address} for address in sorted(self.opted_out)])

    def _user(self, name, groups, **values):
        ids = [self.env.ref(group).id for group in groups.split(",")]
        return self.env["res.users"].create(
            {
                "name": name,
                "login": name,
                "group_ids": [(6, 0, ids)],
                "email": f"{name}@{HOUSE}",
                **values,
            }
        )

    def _partner(self, name, addresses, hidden=False, **values):
        first, rest = addresses[:1], addresses[1:]
        return self.env["res.partner"].create(
            {
                "name": name,
                "email": first[0] if first else False,
                "recipient_address_ids": [(0, 0, {"email": email}) for email in rest],
                "ref": "hidden" if hidden else False,
                **values,
            }
        )

    def _card(self, number, situation, hides):
        """Make one card; `hides`: nobody but the system may view its contact."""
        own = [_at(address, number) for address in oracle.OWN[: situation.own]]
        contact = [_at(a, number) for a in oracle.CONTACT[: situation.contact or 0]]
        company = [_at(a, number) for a in oracle.COMPANY[: situation.company or 0]]
        partners, name = {}, str(situation)
        if situation.company is not None:
            partners["company"] = self._partner(name, company, is_company=True)
        if situation.contact is not None:
            employer = {}
            if situation.employed:
                boss = [_at(oracle.EMPLOYER[0], number)]
                employer["parent_id"] = self._partner(name, boss, is_company=True).id
            partners["contact"] = self._partner(name, contact, hidden=hides, **employer)
        hidden = {"contact"} if hides and "contact" in partners else set()
        addresses = {"own": own, "contact": contact, "company": company}
        if situation.card in ("contact", "company"):
            record = self._partner(name, own, is_company=situation.card == "company")
            if "company" in partners:
                record.parent_id = partners["company"]
            if "contact" in partners:
                partners["contact"].parent_id = record
            partners["own"] = record
        else:
            record = self._document(situation, own, partners)
            if situation.card == "deal":
                addresses["own"] = []
        card = Card(record, situation.card, addresses, partners, hidden)
        assert {a for found in addresses.values() for a in found} == {
            _at(address, number) for address in oracle.expected(situation)[0]
        }
        crowd = [*partners.values(), self.outsider, self.inbox.partner_id]
        crowd += self.colleagues.mapped("partner_id")
        card.followers = [partner for partner in crowd if self.rng.random() < 0.3]
        record.sudo().message_follower_ids.unlink()
        self.env["mail.followers"]._insert_followers(
            record._name, record.ids, [partner.id for partner in card.followers]
        )
        return card

    def _document(self, situation, own, partners):
        contact, company = partners.get("contact"), partners.get("company")
        quiet = {"mail_auto_subscribe_no_notify": True, "mail_create_nolog": True}
        values = {
            "partner_id": (contact or company).id if contact or company else False,
            "recipient_company_id": company.id if contact and company else False,
            "user_id": self.seller.id,
        }
        if situation.card == "deal" and values["partner_id"] and self.rng.random() < 0.4:
            return self.env["sale.order"].with_context(**quiet).create(values).with_context({})
        lead = self.env["crm.lead"].with_context(**quiet).create(
            {
                **values,
                "name": str(situation),
                "type": "lead" if situation.card == "lead" else "opportunity",
                "partner_id": contact.id if contact else False,
                "recipient_company_id": company.id if company else False,
                "email_from": own[0] if own else False,
                "recipient_address_ids": [(0, 0, {"email": email}) for email in own[1:]],
            }
        )  # fmt: skip
        return lead.with_context({})

    def template(self, card, **values):
        return self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id(card.record._name),
                "subject": "Offer",
                "body_html": "<p>Offer</p>",
                "use_default_to": False,
                **values,
            }
        )


class Recorder:
    """Asks before each message and mail who will get it, wherever it is written."""

    def __init__(self):
        self.predicted = []

    def _ask(self, thread, values, choices=None, notify=()):
        envelope = thread._recipient_envelope(
            values, choices, **{name: values[name] for name in notify if values.get(name)}
        )
        assert envelope, f"{thread} is not under the policy"
        self.predicted += envelope.addresses

    @contextlib.contextmanager
    def listening(self):
        threads, mails = mail_thread_post.MailThread, mail_mail.MailMail
        post, notify, create = threads.message_post, threads.message_notify, mails.create

        def message_post(thread, **kwargs):
            names = ("notify_author", "notify_author_mention", "notify_skip_followers")
            planned = thread.env.cr.cache.get(PLANNED)
            choices = kwargs.get("recipient_choices")
            if planned and (planned.model, planned.res_id) == (thread._name, thread.id):
                choices = [*(choices or []), *planned.choices]
            self._ask(thread, kwargs, choices, names)
            return post(thread, **kwargs)

        def message_notify(thread, **kwargs):
            card = thread._recipient_notified_thread(kwargs)
            # As in Odoo, who notifies himself is notified.
            values = {**kwargs, "message_type": "user_notification", "notify_author_mention": True}
            self._ask(card, values, notify=("notify_author_mention",))
            return notify(thread, **kwargs)

        @api.model_create_multi
        def create_mails(model, vals_list):
            made = create(model, vals_list)
            if not current_scope(model.env):
                for mail_id, verdict in made.sudo()._recipient_verdicts().items():
                    if made.browse(mail_id).sudo().state == "outgoing":
                        self.predicted += envelope_of(verdict).addresses
            return made

        with (
            patch.object(threads, "message_post", message_post),
            patch.object(threads, "message_notify", message_notify),
            patch.object(mails, "create", create_mails),
        ):
            yield


@dataclass
class Send:
    """One send: who writes from which card to whom; `shown` is what a composer told of it."""

    world: World
    card: Card
    user: object
    any_address: bool
    targets: list[str]
    # Sent by the queue, as most are here: it is cheaper than a transaction of its own.
    queued: bool
    shown: list[str] | None = None
    mass: bool = False
    # Who is named otherwise, where not the targets: addresses that have to be reached.
    named: list[str] | None = None
    # The system and customers are told all of a card, and rules leave out who is not allowed.
    by_system: bool = False
    by_rule: bool = False
    # Named as a text, that of no contact: with any address nobody says whose it is.
    by_text: bool = False
    # Those of the targets that stand in Cc and Bcc.
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)

    def spread(self):
        """Put the targets into lines at random; more of the card's are added to be put there."""
        rng = self.world.rng
        others = sorted({*self.card.allowed(sees_all=True)} - {*self.targets})
        self.targets += rng.sample(others, min(len(others), rng.choice((0, 1, 2))))
        lines = {address: rng.choice(("to", "cc", "bcc")) for address in self.targets}
        self.cc = [address for address in self.targets if lines[address] == "cc"]
        self.bcc = [address for address in self.targets if lines[address] == "bcc"]
        found = {"to": [], "cc": [], "bcc": []}
        for address in self.targets:
            found[lines[address]].append(self.choice(address))
        return found

    def spread_values(self):
        found = self.spread()
        return {
            "recipient_choices": found["to"],
            "recipient_cc_choices": found["cc"],
            "recipient_bcc_choices": found["bcc"],
        }

    @property
    def context(self):
        return {"mail_notify_force_send": False} if self.queued else {}

    @property
    def record(self):
        return self.card.record.with_user(self.user).with_context(**self.context)

    @property
    def choices(self):
        return [self.choice(address) for address in self.targets]

    def choice(self, address):
        owner = None if OUTSIDE in address else self.card.owner(address)
        return {"email": address, "partner_id": owner.id if owner else False}

    def colleague(self):
        return self.world.rng.choice(self.world.colleagues)

    def composer(self, context=None, **values):
        """Open a composer; `context` is what the client says beside the card."""
        wizards = self.record.env["mail.compose.message"].with_context(
            default_model=self.record._name, default_res_ids=self.record.ids, **(context or {})
        )
        wizard = wizards.create({"body": "x", "subject": "s", **values})
        if wizard.composition_mode == "comment":
            self.shown = list(wizard._recipient_envelope().addresses)
        return wizard

    def as_proposed(self, wizard):
        """Name whom a composer proposes, in the lines that it puts them in; return the composer."""
        self.named = [choice["email"] for choice in wizard.recipient_choices or []]
        self.cc = [choice["email"] for choice in wizard.recipient_cc_choices or []]
        self.named += self.cc
        return wizard


# === PATHS === #


def chatter(send):
    mentioned = send.colleague().partner_id.ids if send.world.rng.random() < 0.3 else []
    values = {
        "message_type": "comment",
        "subtype_xmlid": "mail.mt_comment",
        "partner_ids": mentioned,
    }
    send.shown = list(send.record._recipient_envelope(values, send.choices).addresses)
    send.record.sudo().message_post(body="x", recipient_choices=send.choices, **values)


def full_composer(send):
    send.composer(recipient_choices=send.choices).action_send_mail()


def composer_as_it_opens(send):
    send.as_proposed(send.composer()).action_send_mail()


def composer_with_template(send):
    send.by_text = True
    template = send.world.template(send.card, email_to=", ".join(send.targets))
    send.composer(template_id=template.id).action_send_mail()


def forward(send):
    send.composer(
        recipient_choices=send.choices, composition_comment_option="forward"
    ).action_send_mail()


def _incoming(send):
    """A message of the first target, in which a colleague and a stranger were written to."""
    owner = send.choices[0]["partner_id"]
    return send.world.env["mail.message"].create(
        {
            "model": send.record._name,
            "res_id": send.record.id,
            "message_type": "email",
            "subtype_id": send.world.env.ref("mail.mt_comment").id,
            "author_id": owner,
            "email_from": send.targets[0],
            "body": "Hello",
            "partner_ids": [(6, 0, send.colleague().partner_id.ids)],
            "incoming_email_cc": f"cc@{OUTSIDE}",
        }
    )


def reply(send):
    send.as_proposed(send.composer(parent_id=_incoming(send).id)).action_send_mail()


def reply_all(send):
    suggested = send.record._message_get_suggested_recipients(reply_message=_incoming(send))
    wizard = send.composer(
        {
            "default_composition_comment_option": "reply_all",
            "default_partner_ids": [s["partner_id"] for s in suggested if s["partner_id"]],
        }
    )
    send.as_proposed(wizard).action_send_mail()


def scheduled(send):
    wizard = send.composer(recipient_choices=send.choices)
    wizard.scheduled_date = fields.Datetime.now() + timedelta(days=1)
    wizard._action_schedule_message().post_message()


def with_copies(send):
    send.composer(**send.spread_values()).action_send_mail()


def chatter_with_copies(send):
    lines = send.spread()
    send.record.sudo().message_post(
        body="x",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        recipient_choices=[{**c, "header": name} for name, found in lines.items() for c in found],
    )


def template_with_cc(send):
    send.by_text = True
    send.cc = send.targets[1:]
    template = send.world.template(send.card, email_to=send.targets[0], email_cc=", ".join(send.cc))
    send.composer(template_id=template.id).action_send_mail()


def scheduled_with_copies(send):
    """It is edited before it is sent: who gets it is who was chosen last."""
    rng = send.world.rng
    wizard = send.composer(**send.spread_values())
    wizard.scheduled_date = fields.Datetime.now() + timedelta(days=1)
    message = wizard._action_schedule_message()
    if rng.random() < 0.7:
        send.targets = rng.sample(send.targets, rng.randint(1, len(send.targets)))
        message.write(send.spread_values())
        send.shown = None
    if message.recipient_envelope:
        lines = ("to", "cc", "bcc", "followers")
        send.shown = [one["email"] for line in lines for one in message.recipient_envelope[line]]
    message.post_message()


def typed(send):
    send.by_text = True
    send.record.message_post(
        body="x",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        outgoing_email_to=",".join(send.targets),
    )


def template_post(send):
    send.by_text = True
    template = send.world.template(send.card, email_to=", ".join(send.targets))
    send.record.message_post_with_source(
        template.with_env(send.record.env),
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )


def template_mail(send):
    send.by_text = True
    where = send.world.rng.choice(("email_to", "email_cc"))
    template = send.world.template(send.card, **{where: ", ".join(send.targets)})
    template.with_env(send.record.env).send_mail(send.record.id, force_send=True)


def mass_template(send):
    send.mass = send.by_rule = send.by_text = True
    template = send.world.template(send.card, email_to=send.targets[0])
    send.targets = send.targets[:1]
    send.composer(composition_mode="mass_mail", template_id=template.id)._action_send_mail()


def mass_as_it_is(send):
    send.mass, send.named = True, []
    send.composer(composition_mode="mass_mail")._action_send_mail()


def automation(send):
    send.by_rule = send.by_text = True
    action = send.world.env["ir.actions.server"].create(
        {
            "name": "x",
            "model_id": send.world.env["ir.model"]._get_id(send.record._name),
            "state": "mail_post",
            "template_id": send.world.template(send.card, email_to=send.targets[0]).id,
            "mail_post_method": send.world.rng.choice(("comment", "email", "note")),
        }
    )
    send.targets = send.targets[:1]
    action.with_user(send.user).sudo().with_context(
        active_id=send.record.id,
        active_ids=send.record.ids,
        active_model=send.record._name,
        **send.context,
    ).run()


def activity(send):
    colleague = send.colleague()
    send.named = [colleague.email] if colleague != send.user else []
    send.record.activity_schedule("mail.mail_activity_data_todo", user_id=colleague.id)


def note_with_mention(send):
    colleague = send.colleague()
    send.named = [colleague.email] if colleague != send.user else []
    send.record.sudo().message_post(
        body="x",
        message_type="comment",
        subtype_xmlid="mail.mt_note",
        partner_ids=colleague.partner_id.ids,
    )


def nobody_named(send):
    send.named = []
    send.record.message_post(body="x", message_type="comment", subtype_xmlid="mail.mt_comment")


def customer_on_the_portal(send):
    send.named, send.by_system = [], True
    send.record.with_user(send.world.portal).sudo().message_post(
        body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
    )


def incoming_mail(send):
    send.named, send.by_system = [], True
    owner = send.choices[0]["partner_id"]
    send.record.with_env(send.world.env).with_context(**send.context).message_post(
        body="x",
        message_type="email",
        subtype_xmlid="mail.mt_comment",
        author_id=owner,
        email_from=send.targets[0],
        incoming_email_to=f"office@{HOUSE}",
    )


def notification(send):
    partners = [choice["partner_id"] for choice in send.choices if choice["partner_id"]]
    partners += send.colleague().partner_id.ids
    send.named = []
    send.record.message_notify(body="x", subject="s", partner_ids=partners)


def raw_mail(send):
    send.by_text = True
    send.record.env["mail.mail"].sudo().create(
        {
            "model": send.record._name,
            "res_id": send.record.id,
            "subject": "s",
            "body_html": "x",
            "email_to": ",".join(send.targets),
        }
    ).send()


PATHS = {
    chatter: 5, full_composer: 4, composer_as_it_opens: 2, composer_with_template: 1, forward: 2,
    reply: 2, reply_all: 2, scheduled: 1, typed: 1, template_post: 1, template_mail: 2,
    mass_template: 2, mass_as_it_is: 2, automation: 2, activity: 1, note_with_mention: 1,
    nobody_named: 2, customer_on_the_portal: 1, incoming_mail: 1, notification: 1, raw_mail: 2,
    with_copies: 5, chatter_with_copies: 3, template_with_cc: 2, scheduled_with_copies: 4,
}  # fmt: skip


# === JUDGEMENT === #


def leaks_of(send, mails):
    """Say who in Bcc is told to another recipient, and of which copy the Cc is not as asked."""
    cc = {address for mail in mails for address in mail.rcpts} & {*send.cc}
    for mail in mails:
        rcpts, shown, text = mail.rcpts, mail.cc, mail.text
        told = [address for address in send.bcc if address in text and address not in rcpts]
        if told or "\nbcc:" in text:
            yield f"Bcc {told} is told to {rcpts}"
        if {*send.bcc} & {*rcpts} and len(rcpts) > 1:
            yield f"Bcc shares an envelope: {rcpts}"
        if send.cc and {address for address in send.cc if address in shown} != cc:
            yield f"Cc {sorted(cc)} is shown as {shown!r} to {rcpts}"


def faults_of(send, outcome, predicted, reached):
    """Say what of one send is not as it has to be.

    :param outcome: '' or why it was refused
    """
    world, card = send.world, send.card
    house = {address for address in reached if address.endswith(f"@{HOUSE}")}
    may_edit = send.by_system or card.record.with_user(send.user).has_access("write")
    allowed = card.allowed(send.by_system) if may_edit else set()
    named = send.targets if send.named is None else send.named
    free = {address for address in named if send.by_text or OUTSIDE in address}
    free = free if send.any_address and may_edit else set()
    if send.any_address and may_edit:
        # As in Odoo whoever follows gets what nobody else is named for.
        free |= {world.outsider.email} if world.outsider in card.followers else set()
    if outcome:
        if reached:
            yield f"refused, but reached {reached}"
        # Odoo itself reads a linked contact when it fills a template in.
        by_odoo = card.hidden and outcome.startswith("AccessError")
        due = set(named) and set(named) <= allowed | free
        if due and may_edit and not send.by_rule and not by_odoo:
            yield f"allowed, but refused: {outcome}"
        return
    if sorted(predicted) != sorted(reached):
        yield f"predicted {sorted(predicted)}, reached {sorted(reached)}"
    if send.shown is not None and sorted(send.shown) != sorted(reached):
        yield f"shown {sorted(send.shown)}, reached {sorted(reached)}"
    outsiders = {*reached} - house - allowed - free
    if outsiders:
        yield f"outsiders {sorted(outsiders)}"
    opted_out = world.opted_out & {*reached} if send.mass else set()
    if opted_out:
        yield f"opted out {sorted(opted_out)}"
    due = {address for address in named if address in allowed | free or HOUSE in address}
    due -= world.opted_out if send.mass else set()
    if due - {*reached}:
        yield f"not delivered {sorted(due - {*reached})}"


@dataclass
class Taken:
    """One send that was done, but for what is left to the queue."""

    number: int
    path: str
    send: Send
    outcome: str
    predicted: list[str]
    message_ids: set[str]
    mails: list[Arrived]

    def faults(self):
        reached = [address for mail in self.mails for address in mail.rcpts]
        yield from faults_of(self.send, self.outcome, self.predicted, reached)
        yield from leaks_of(self.send, self.mails)

    def __str__(self):
        card, mode = self.send.card, "any" if self.send.any_address else "registered"
        where = f"{card.record} {card.record.name}, hidden {sorted(card.hidden)}"
        return f"{self.number} {self.path} {mode} {self.send.user.login} {where}"


class Play:
    """Sends one after the other.

    :ivar counts: how often what happened
    :ivar faults: what was not as it has to be
    """

    def __init__(self, env, mailbox):
        self.env, self.mailbox, self.recorder = env, mailbox, Recorder()
        self.counts, self.faults = Counter(), []
        self._waiting = []

    def take(self, number, path, send):
        """Do a send; what it leaves to the queue waits there, unless that is full."""
        if not send.queued:
            self.finish()
        before, self.recorder.predicted = self._last_message(), []
        cr, outcome = self.env.cr, ""
        # A refusal undoes one send and not those that wait. Some paths commit what was before.
        savepoint, committed = cr.savepoint() if send.queued else None, []
        cr.postcommit.add(lambda: committed.append(True))
        try:
            with self.recorder.listening():
                path(send)
            # Another addon may have put off whom a message is told to: it was predicted.
            self.env["mail.message.schedule"].search([])._send_notifications()
            if not savepoint:
                cr.commit()
            elif not committed:
                savepoint.close(rollback=False)
        except REFUSALS as error:
            if savepoint and not committed:
                savepoint.close(rollback=True)
                cr.postrollback.run()
            else:
                cr.rollback()
            outcome = f"{type(error).__name__}: {error}"[:200]
        self.env.cr.execute("SELECT message_id FROM mail_message WHERE id > %s", [before])
        ids = {message_id for [message_id] in self.env.cr.fetchall()}
        mails, self.mailbox.mails = self.mailbox.mails, []
        predicted = self.recorder.predicted
        self._waiting.append(Taken(number, path.__name__, send, outcome, predicted, ids, mails))
        if not send.queued or len(self._waiting) >= BATCH:
            self.finish()

    def finish(self):
        """Send the queue, and judge what waited for it."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.env.cr.commit()
        by_id = {one: taken for taken in self._waiting for one in taken.message_ids}
        for mail in self.mailbox.mails:
            if mail.message_id in by_id:
                by_id[mail.message_id].mails.append(mail)
            else:
                self.faults.append(f"{mail.rcpts} got a mail of no send: {mail.message_id}")
        for taken in self._waiting:
            self.counts[taken.path, "refused" if taken.outcome else "sent"] += 1
            self.counts["reached"] += sum(len(mail.rcpts) for mail in taken.mails)
            self.faults += [f"{taken}: {fault}" for fault in taken.faults()]
        self._waiting, self.mailbox.mails = [], []

    def _last_message(self):
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM mail_message")
        return self.env.cr.fetchone()[0]


def _play(env, rng, mailbox):
    world, play = World(env, rng), Play(env, mailbox)
    # What is lost when the machine stops is played anew.
    env.cr.execute("SET synchronous_commit = off")
    env.cr.commit()
    # What was sent of the making of users is of no send.
    mailbox.mails = []
    paths, weights = list(PATHS), list(PATHS.values())
    for number in range(SENDS):
        any_address = number >= SENDS // 2
        if number == SENDS // 2:
            play.finish()
            env.company.recipient_any_address = True
            env.cr.commit()
        card = rng.choice(world.cards)
        mine = sorted(card.allowed(sees_all=True))
        targets = rng.sample(mine, min(len(mine), rng.choice((1, 1, 2))))
        if not targets or rng.random() < 0.15:
            targets.append(f"new{number}@{OUTSIDE}")
        user = rng.choice((world.seller, world.seller, world.second, world.reader))
        send = Send(world, card, user, any_address, targets, queued=rng.random() < 0.8)
        [path] = rng.choices(paths, weights)
        play.take(number, path, send)
    play.finish()
    return play


def sends(env):
    """Send at random in both modes; return what was not as it has to be."""
    rng, start = random.Random(SEED), time.process_time()
    mailbox = Mailbox()
    with smtp_loopback.listening(env, mailbox):
        play = _play(env, rng, mailbox)
    counts = play.counts
    sent = sum(count for name, count in counts.items() if name[-1] == "sent")
    return {
        "seed": SEED,
        "sends": SENDS,
        "sent": sent,
        "reached": counts["reached"],
        "seconds": round(time.process_time() - start),
        "unused": [path.__name__ for path in PATHS if not counts[path.__name__, "sent"]],
        "faults": play.faults,
    }
