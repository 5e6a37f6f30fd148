"""Runs inside `odoo shell`: sends on every path, hostile and honest, to a real SMTP server.

Given `env`, `attempts` and `policy` (on or off), prints one JSON object per attempt. It knows the
rules only as sets of addresses written down below, never through the policy.
"""

import json
import random
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern

import smtp_loopback

from odoo import fields
from odoo.exceptions import UserError, ValidationError

ATTEMPTS = globals().get("attempts", 400)
POLICY = globals().get("policy", True)
SEED = 20260101
OUTSIDE = "rival.test"

HOSTILE = [
    f"x@{OUTSIDE}", f"X@{OUTSIDE.upper()}", f"contact1@bob.test, x@{OUTSIDE}",
    f"contact1@bob.test;x@{OUTSIDE}", f"contact1@bob.test x@{OUTSIDE}", "contact1+tag@bob.test",
    "cont.act1@bob.test", "contact1@bob.tеst", "ⅽontact1@bob.test",
    f"contact1@bob.test\r\nBcc: x@{OUTSIDE}",
    f"contact1@bob.test\u2028x@{OUTSIDE}", f"contact1@bob.test%0ax@{OUTSIDE}", f"x@{OUTSIDE}\x00",
    f'"contact1@bob.test" <x@{OUTSIDE}>', f"contact1@bob.test <x@{OUTSIDE}>",
    f"x@{OUTSIDE} (contact1@bob.test)",
    f"friends: x@{OUTSIDE};", f"=?utf-8?q?x=40{OUTSIDE}?=", f"contact1@bob.test@{OUTSIDE}",
    f'"contact1@bob.test"@{OUTSIDE}', f"<contact1@bob.test><x@{OUTSIDE}>", "x@[127.0.0.1]",
    "employer1@corp.test",
    f"undisclosed-recipients:;, x@{OUTSIDE}", f"@{OUTSIDE}", "", " ",
    f"Ünïcode <x@{OUTSIDE}>", f"x@bücher.{OUTSIDE}",
]  # fmt: skip
HEADERS = [
    {},
    {"Bcc": f"bcc@{OUTSIDE}"},
    {"cC": f"cc@{OUTSIDE}", "X-Forge-To": f"forged@{OUTSIDE}"},
    {"X-Msg-To-Add": f"added@{OUTSIDE}, contact1@bob.test"},
    {"Resent-To": f"resent@{OUTSIDE}", "To": f"to@{OUTSIDE}"},
    {"BCC": f"bcc@{OUTSIDE}", " bcc ": f"bcc2@{OUTSIDE}"},
    {"Apparently-To": f"app@{OUTSIDE}", "X-Msg-To-Consolidate": f"c@{OUTSIDE}"},
]
TYPES = ["comment", "notification", "email", "auto_comment", "out_of_office", "email_outgoing"]
CONTEXTS = [
    {},
    {"mail_composer_force_partners": False},
    {"mail_post_autofollow": True},
    {"recipient_scope": True, "recipient_gate": {}, "recipient_automation": 1},
    {"recipient_origin": {"model": "res.partner"}, "mail_notify_force_send": True},
    {"send_validated_to": [], "default_email_to": f"x@{OUTSIDE}", "mail_notify_author": True},
]


class Mailbox:
    """What reached the SMTP server: envelope recipients and the text of To and Cc."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=modern)
        shown = " ".join(
            str(value)
            for name in ("To", "Cc", "Bcc", "Resent-To")
            for value in message.get_all(name, [])
        )
        self.mails.append({"envelope": list(envelope.rcpt_tos), "shown": shown})
        return "250 OK"


class World:
    def __init__(self, env):
        self.env = env
        env.company.write({"recipient_policy": POLICY, "recipient_any_address": False})
        env.company.email = "office@house.test"
        groups = (
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice,"
            "base.group_partner_manager"
        )
        self.seller = self._user("seller", groups)
        self.reader = self._user("reader", "sales_team.group_sale_salesman")
        partner = env["res.partner"]
        self.corp = partner.create(
            {"name": "Corp", "is_company": True, "email": "employer1@corp.test"}
        )
        self.bob = partner.create(
            {
                "name": "Bob",
                "parent_id": self.corp.id,
                "email": "contact1@bob.test, contact2@bob.test",
            }
        )
        self.acme = partner.create(
            {"name": "Acme", "is_company": True, "email": "company1@acme.test"}
        )
        env["mail.recipient.address"].create(
            {"partner_id": self.acme.id, "email": "company2@acme.test"}
        )
        self.outsider = partner.create({"name": "Out", "email": f"partner@{OUTSIDE}"})
        self.evil = partner.create(
            {"name": f"Evil <evil@{OUTSIDE}>", "email": f"broken, evil2@{OUTSIDE}"}
        )
        self.bait = partner.create({"name": f"x@{OUTSIDE}", "email": "not an address"})
        self.internal = {"seller@house.test", "reader@house.test", "office@house.test"}
        self._cards()
        self.templates = {}

    def _user(self, name, groups):
        ids = [self.env.ref(group).id for group in groups.split(",")]
        return self.env["res.users"].create(
            {"name": name, "login": name, "email": f"{name}@house.test", "group_ids": [(6, 0, ids)]}
        )

    def _cards(self):
        lead = self.env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True)
        own, bob, acme = (
            ["own1@card.test"],
            ["contact1@bob.test", "contact2@bob.test"],
            ["company1@acme.test", "company2@acme.test"],
        )
        base = {"user_id": self.seller.id, "email_from": "own1@card.test"}
        lead1 = lead.create(
            {
                "name": "L",
                "type": "lead",
                "partner_id": self.bob.id,
                "recipient_company_id": self.acme.id,
                **base,
            }
        )
        deal1 = lead.create({"name": "D", "type": "opportunity", "partner_id": self.bob.id, **base})
        deal0 = lead.create({"name": "E", "type": "opportunity", **base})
        quote = self.env["sale.order"].create(
            {"partner_id": self.acme.id, "user_id": self.seller.id}
        )
        journal = self.env["account.journal"].search([("type", "=", "sale")], limit=1)
        invoice = (
            self.env["account.move"].create(
                {"move_type": "out_invoice", "partner_id": self.bob.id, "journal_id": journal.id}
            )
            if journal
            else deal1
        )
        # card, addresses that may be written to, honest targets: (address, partner or None)
        self.cards = [
            (
                lead1,
                {*own, *bob, *acme},
                [(own[0], None), (bob[0], self.bob), (bob[1], self.bob), (acme[1], self.acme)],
            ),
            (deal1, {*bob}, [(bob[0], self.bob), (bob[1], self.bob)]),
            (deal0, set(), []),
            (quote, {*acme}, [(acme[0], self.acme), (acme[1], self.acme)]),
            (invoice, {*bob}, [(bob[0], self.bob)]),
            (
                self.bob,
                {*bob, "employer1@corp.test"},
                [(bob[1], self.bob), ("employer1@corp.test", self.corp)],
            ),
            (self.acme, {*acme}, [(acme[0], self.acme)]),
        ]

    def template(self, card, **values):
        return (
            self.env["mail.template"]
            .sudo()
            .create(
                {
                    "name": "fuzz",
                    "model_id": self.env["ir.model"]._get_id(card._name),
                    "subject": "Offer",
                    "body_html": "<p>Offer</p>",
                    "use_default_to": False,
                    "auto_delete": False,
                    **values,
                }
            )
        )


def first(target, partner):
    """Whom a partner named without an address is written to."""
    return (
        {"contact2@bob.test": "contact1@bob.test", "company2@acme.test": "company1@acme.test"}.get(
            target, target
        )
        if partner
        else target
    )


# Each path takes (world, card as the user, text, partner or None, randomness, honest) and returns
# the address that has to be reached, None when that is not for it to say.


def post_partner(w, card, text, partner, rng, honest):
    if not partner:
        return post_choice(w, card, text, partner, rng, honest)
    card.message_post(
        body="x",
        subject="s",
        message_type="comment" if honest else rng.choice(TYPES),
        subtype_xmlid="mail.mt_comment",
        partner_ids=partner.ids,
        mail_headers=rng.choice(HEADERS),
    )
    return first(text, partner)


def post_choice(w, card, text, partner, rng, honest):
    choice = {"email": text, "partner_id": partner.id if partner else False}
    card.message_post(
        body="x",
        message_type="comment" if honest else rng.choice(TYPES),
        subtype_xmlid="mail.mt_comment",
        recipient_choices=[choice],
        mail_headers=rng.choice(HEADERS),
        incoming_email_cc=rng.choice([False, f"shown@{OUTSIDE}"]),
    )
    return text


def post_outgoing(w, card, text, partner, rng, honest):
    card.message_post(
        body="x",
        message_type="comment" if honest else rng.choice(TYPES),
        subtype_xmlid="mail.mt_comment",
        outgoing_email_to=text,
        mail_headers=rng.choice(HEADERS),
    )
    return text


def notify(w, card, text, partner, rng, honest):
    partner = partner or w.bob
    if rng.random() < 0.5:
        card.message_notify(body="x", subject="s", partner_ids=partner.ids)
    else:
        card.env["mail.thread"].message_notify(
            body="x", partner_ids=partner.ids, model=card._name, res_id=card.id
        )
    return first(text, partner) if honest and first(text, partner) in w.allowed else None


def notify_nowhere(w, card, text, partner, rng, honest):
    card.env["mail.thread"].message_notify(body="x", partner_ids=(w.outsider | w.evil).ids)


def template_send(w, card, text, partner, rng, honest):
    where = rng.choice(["email_to", "email_cc"])
    w.template(card, **{where: text}).with_env(card.env).send_mail(card.id, force_send=True)
    return text


def template_partner(w, card, text, partner, rng, honest):
    partner = partner or w.bob
    w.template(card, partner_to=str(partner.id)).with_env(card.env).send_mail(
        card.id, force_send=True
    )
    return first(text, partner) if honest and first(text, partner) in w.allowed else None


def template_values(w, card, text, partner, rng, honest):
    values = {"email_to": text, "headers": repr(rng.choice(HEADERS))}
    if not honest:
        values.update(
            rng.choice(
                [
                    {},
                    {"model": False, "res_id": False},
                    {"recipient_ids": [(4, w.outsider.id)]},
                    {"res_id": w.cards[2][0].id},
                    {"email_cc": f"cc@{OUTSIDE}"},
                ]
            )
        )
    w.template(card).with_env(card.env).send_mail(card.id, force_send=True, email_values=values)
    return text


def with_source(w, card, text, partner, rng, honest):
    template = w.template(card, email_to=text).with_env(card.env)
    card.message_post_with_source(template, message_type="comment", subtype_xmlid="mail.mt_comment")
    return text


def mass_source(w, card, text, partner, rng, honest):
    card.message_mail_with_source(w.template(card, email_to=text).with_env(card.env))
    card.env["mail.mail"].sudo().process_email_queue()
    return text


def composer(w, card, text, partner, rng, honest):
    choice = {"email": text, "partner_id": partner.id if partner else False}
    wizard = card.env["mail.compose.message"].with_context(
        default_model=card._name, default_res_ids=card.ids
    )
    wizard.create(
        {"body": "x", "subject": "s", "composition_mode": "comment", "recipient_choices": [choice]}
    ).action_send_mail()
    return text


def composer_partner(w, card, text, partner, rng, honest):
    partner = partner or w.bob
    values = {
        "body": "x",
        "subject": "s",
        "partner_ids": [(6, 0, partner.ids)],
        "recipient_choices": [],
    }
    wizard = card.env["mail.compose.message"].with_context(
        default_model=card._name, default_res_ids=card.ids
    )
    wizard.create(values).action_send_mail()
    return first(text, partner) if honest and first(text, partner) in w.allowed else None


def composer_mass(w, card, text, partner, rng, honest):
    values = {
        "body": "x",
        "subject": "s",
        "composition_mode": "mass_mail",
        "model": card._name,
        "res_ids": card.ids,
    }
    values["template_id"] = w.template(card, email_to=text).id
    card.env["mail.compose.message"].create(values)._action_send_mail()
    card.env["mail.mail"].sudo().process_email_queue()
    return text


def schedule(w, card, text, partner, rng, honest):
    message = card.env["mail.scheduled.message"].create(
        {
            "model": card._name,
            "res_id": card.id,
            "body": "x",
            "subject": "s",
            "author_id": card.env.user.partner_id.id,
            "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            "notification_parameters": json.dumps(
                {
                    "recipient_choices": [
                        {"email": text, "partner_id": partner.id if partner else False}
                    ]
                }
            ),
        }
    )
    message.post_message()
    return text


def notify_later(w, card, text, partner, rng, honest):
    message = card.message_post(
        body="x",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        scheduled_date=fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1)),
    )
    message.sudo().write(
        {"partner_ids": [(6, 0, (partner or w.outsider).ids)], "outgoing_email_to": text}
    )
    w.env["mail.message.schedule"].search([("mail_message_id", "=", message.id)]).force_send()


def follower(w, card, text, partner, rng, honest):
    card.message_subscribe((w.outsider | w.evil | (partner or w.bob)).ids)
    w.env["mail.followers"]._insert_followers(card._name, card.ids, w.outsider.ids)
    card.message_post(body="x", message_type=rng.choice(TYPES), subtype_xmlid="mail.mt_comment")


def invite(w, card, text, partner, rng, honest):
    card.env["mail.followers.edit"].create(
        {
            "res_model": card._name,
            "res_ids": str(card.ids),
            "partner_ids": [(6, 0, (partner or w.outsider).ids)],
            "notify": True,
            "message": "x",
        }
    ).edit_followers()


def automation(w, card, text, partner, rng, honest):
    action = w.env["ir.actions.server"].create(
        {
            "name": "x",
            "model_id": w.env["ir.model"]._get_id(card._name),
            "state": "mail_post",
            "template_id": w.template(card, email_to=text).id,
            "mail_post_method": rng.choice(["comment", "email", "note"]),
        }
    )
    action.with_user(card.env.user).sudo().with_context(
        active_id=card.id, active_ids=card.ids, active_model=card._name
    ).run()
    w.env["mail.mail"].process_email_queue()


def queue_changes(w, card, text, partner, rng, honest):
    """The contact's address is changed, or the contact unlinked, between queueing and sending."""
    card.message_post(
        body="x",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=w.bob.ids,
        force_send=False,
    )
    before = w.bob.email
    w.bob.sudo().email = f"changed@{OUTSIDE}"
    w.env["mail.mail"].process_email_queue()
    w.bob.sudo().email = before


def edit_message(w, card, text, partner, rng, honest):
    message = card.message_post(body="x", message_type="comment", subtype_xmlid="mail.mt_comment")
    card._message_update_content(message.sudo(), body="y", partner_ids=(w.outsider | w.evil).ids)


def share(w, card, text, partner, rng, honest):
    if card._name != "sale.order":
        return
    card.env["portal.share"].with_context(active_model=card._name, active_id=card.id).create(
        {"partner_ids": [(6, 0, (partner or w.outsider).ids)]}
    ).action_send_mail()


def subject_of_partner(w, card, text, partner, rng, honest):
    """A partner with a hostile name or address that is linked to nothing."""
    odd = rng.choice([w.evil, w.bait, w.outsider])
    card.message_post(
        body="x",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=(odd | w.reader.partner_id).ids,
        mail_headers=rng.choice(HEADERS),
    )


def raw_mail(w, card, text, partner, rng, honest):
    """Code that makes a mail of its own on a card."""
    card.env["mail.mail"].sudo().create(
        {
            "model": card._name,
            "res_id": card.id,
            "subject": "s",
            "body_html": "x",
            "email_to": text,
            "headers": repr(rng.choice(HEADERS)),
        }
    ).send()
    return text


HONEST = [
    post_partner,
    post_choice,
    post_outgoing,
    notify,
    template_send,
    template_partner,
    template_values,
    with_source,
    mass_source,
    composer,
    composer_partner,
    composer_mass,
    schedule,
    raw_mail,
]
PATHS = [
    *HONEST,
    notify_nowhere,
    notify_later,
    follower,
    invite,
    automation,
    queue_changes,
    edit_message,
    share,
    subject_of_partner,
]


def attempt(world, rng, mailbox, number):
    card, allowed, targets = rng.choice(world.cards)
    honest = bool(targets) and rng.random() < 0.45
    path = rng.choice(HONEST if honest else PATHS)
    text, partner = (
        rng.choice(targets)
        if honest
        else (
            rng.choice(HOSTILE),
            rng.choice([None, world.outsider, world.evil, world.bait, world.corp]),
        )
    )
    user = world.seller if honest or rng.random() < 0.8 else world.reader
    context = {} if honest else rng.choice(CONTEXTS)
    world.allowed = allowed
    # As the route for posting does: sudo keeps the user.
    acting = card.with_user(user).with_context(**context)
    if user == world.reader or (honest and card._name == "account.move"):
        acting = acting.sudo()
    registered = sorted(allowed | world.internal)
    if user == world.reader and card._name != "res.partner":
        allowed = set()  # may view at most, and so may not send
    expected, outcome, before = None, "sent", len(mailbox.mails)
    try:
        expected = path(world, acting, text, partner, rng, honest)
        world.env.cr.commit()
    except (UserError, ValidationError, ValueError, TypeError) as error:
        world.env.cr.rollback()
        outcome, expected = f"{type(error).__name__}: {error}"[:200], None
    world.env.invalidate_all()
    return {
        "number": number,
        "path": path.__name__,
        "card": str(card),
        "honest": honest,
        "text": text,
        "user": user.login,
        "allowed": sorted(allowed | world.internal),
        "registered": registered,
        "expected": expected if honest else None,
        "outcome": outcome,
        "mails": mailbox.mails[before:],
    }


mailbox = Mailbox()
with smtp_loopback.listening(env, mailbox):  # noqa: F821 (given by the shell)
    world = World(env)  # noqa: F821
    world.env.cr.commit()
    rng = random.Random(SEED)
    for number in range(ATTEMPTS):
        print("ATTEMPT", json.dumps(attempt(world, rng, mailbox, number)))
