from collections import defaultdict

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import policy
from ..tools.address import address_key
from ..tools.gate import (
    AUTOMATED_CONTEXT,
    AUTOMATION,
    SCOPE,
    Automation,
    Refusal,
    Scope,
    Scopes,
    current_scope,
    from_context,
    reason_of_party,
)
from ..tools.policy import Card

# Kinds of messages that no person is waiting to see accepted: recipients are left out, not refused.
_AUTOMATED_TYPES = {"email", "auto_comment", "out_of_office"}
# The `recipient_map` of a message for which somebody was chosen, but no partner: a Json field keeps
# no empty value.
NOBODY = {"0": []}


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # Fields that link the contacts and companies of a document that is under the policy in code;
    # other models are put under it by a line of `mail.recipient.model`.
    _recipient_fields = ()

    # === DECLARATION: WHAT IS ON A CARD === #

    @api.model
    def _recipient_link_fields(self):
        """Return the names of the fields that link the parties; empty: not under the policy."""
        configured = self.env["mail.recipient.model"]._fields_by_model().get(self._name, ())
        return tuple(dict.fromkeys(self._recipient_fields + configured))

    def _recipient_kind(self):
        """Return the kind of this one card, see `tools.policy`."""
        return policy.DEAL

    def _recipient_linked_partners(self):
        """Return the contacts and companies linked directly to this one card."""
        partners = self.env["res.partner"]
        for name in self._recipient_link_fields():
            partners |= self[name]
        return partners

    def _recipient_own_partner(self):
        """Return the partner that this one card is."""
        return self.env["res.partner"]

    def _recipient_own_addresses(self, extra):
        """Return the addresses on this one card itself.

        :param dict extra: see `mail.recipient.address._by_owner`
        """
        return ()

    # === THE POLICY ON RECORDS === #

    def _recipient_modes(self):
        """Return the mode of each record under the policy, and nothing of the others.

        :rtype: dict[int, str]
        """
        modes = self.env["res.company"]._recipient_modes()
        if not modes or not any(self._ids) or not self._recipient_link_fields():
            return {}
        # The company of a record decides, whether or not the user may see that company.
        companies = self.sudo()._mail_get_companies()
        found = {res_id: company._recipient_mode() for res_id, company in companies.items()}
        return {res_id: mode for res_id, mode in found.items() if mode}

    def _recipient_cards(self, user=None):
        """Return the records as the policy sees them, in a number of queries that is constant.

        :param user: the res.users whose rights count; None for the system, which sees everything
        :rtype: dict[int, Card]
        """
        # Rights are asked for below, as `user`: what is hidden has to be known to be hidden.
        records = self.sudo()
        linked = {record.id: record._recipient_linked_partners() for record in records}
        own = {record.id: record._recipient_own_partner() for record in records}
        partners = self.env["res.partner"].sudo().union(*linked.values(), *own.values())
        # Every message reads its author: fetched along.
        partners = partners.with_prefetch([*partners.ids, *self.env.user.partner_id.ids])
        leads = records if self._name == "crm.lead" else None
        extra = self.env["mail.recipient.address"]._by_owner(partners, leads)
        editable, readable = set(self.ids), set(partners.ids)
        if user:
            editable = set(self.with_user(user)._filtered_access("write").ids)
            readable = set(partners.with_user(user)._filtered_access("read").ids)
        return {
            record.id: Card(
                kind=record._recipient_kind(),
                own=record._recipient_own_addresses(extra),
                parties=tuple(
                    partner._recipient_party(extra, partner.id in readable)
                    for partner in linked[record.id]
                ),
                can_edit=record.id in editable,
                own_ref=own[record.id].id or None,
                own_name=own[record.id].name or "",
            )
            for record in records
        }

    def _recipient_decisions(self, user=None, last_used=None):
        """Return the policy's decision for each record under the policy.

        :rtype: dict[int, Decision]
        """
        modes = self._recipient_modes()
        if not modes:
            return {}
        cards = self.browse(modes)._recipient_cards(user)
        last_used = last_used or {}
        return {
            res_id: policy.decide(card, modes[res_id], last_used.get(res_id, ()))
            for res_id, card in cards.items()
        }

    @api.model
    def _recipient_acting_user(self):
        """Return the employee whose rights count, or None for the system and for customers.

        `sudo` keeps the user: it is no exemption.
        """
        user = self.env.user
        if user.id == SUPERUSER_ID or not user._is_internal():
            return None
        return user

    @api.model
    def _recipient_is_interactive(self, message_type):
        """Whether a person is waiting for an answer. It decides how to say no, never whether."""
        return bool(
            self._recipient_acting_user()
            and message_type not in _AUTOMATED_TYPES
            and not from_context(self.env, AUTOMATION, Automation)
        )

    def _recipient_sentence(self, refusal):
        """Return the one sentence that tells the user why.

        Only what the user typed is repeated, never anything of a party."""
        # Only where it makes a difference: the record may be gone.
        lead = refusal.reason == policy.E_NO_LINK and len(self) == 1
        lead = lead and self.sudo()._recipient_kind() == policy.LEAD
        sentences = {
            policy.E_EDIT: self.env._(
                "You need edit permission on this record to send e-mail from it."
            ),
            policy.E_NO_LINK: self.env._(
                "No e-mail can be sent: this lead has no e-mail address and no linked contact or "
                "company."
            )
            if lead
            else self.env._("No e-mail can be sent: link a contact or a company first."),
            policy.E_NO_ADDRESS: self.env._(
                "No e-mail can be sent: neither this record nor the linked contacts and companies "
                "have an e-mail address."
            )
            if not refusal.partner_id
            else self.env._("This recipient has no e-mail address."),
            policy.E_HIDDEN: self.env._(
                "No e-mail can be sent: the linked contacts or companies are not accessible to you."
            ),
            policy.E_NOT_ALLOWED: self.env._(
                "%s is not registered on this record or on its linked contacts and companies.",
                refusal.text,
            )
            if refusal.text
            else self.env._(
                "This recipient is not registered on this record or on its linked contacts and "
                "companies."
            ),
            policy.E_INVALID: self.env._("“%s” is not one plain e-mail address.", refusal.text)
            if refusal.text
            else self.env._("This recipient has no valid e-mail address."),
            policy.E_EMPTY: self.env._("Choose at least one recipient."),
            policy.E_GONE: self.env._("The record that this e-mail was sent from is no more."),
            policy.E_FAILED: self.env._(
                "This e-mail was not sent: its recipients could not be checked."
            ),
            policy.E_CHANGED: self.env._(
                "The contact of this record has changed, check the recipients."
            ),
        }
        return sentences[refusal.reason]

    def _recipient_why_nobody(self, otherwise):
        """Return the sentence that says why nobody on this one card can be written to.

        :param str otherwise: the reason where somebody could be
        """
        decision = self._recipient_decisions(self._recipient_acting_user()).get(self.id)
        reason = decision.error if decision and decision.error else otherwise
        return self._recipient_sentence(Refusal(reason))

    def _recipient_refuse(self, refusals, path, interactive):
        """Log what is refused and, where a person waits, raise the sentence for the first one.

        :param list[Refusal] refusals:
        :raise UserError: when interactive
        """
        if not refusals:
            return
        log = self.env["mail.recipient.log"]
        verdict = "refused" if interactive else "dropped"
        document = self._recipient_log_document()
        values = [{**document, **log._values_of(refusal, path, verdict)} for refusal in refusals]
        if not interactive:
            log._record(values)
            return
        log._record_after_rollback(values)
        raise UserError(self._recipient_sentence(refusals[0]))

    def _recipient_log_mute(self, partner_ids):
        """Log those who would follow this one card, but have no address to be written to."""
        keys = self.env["res.partner"].sudo().browse(partner_ids)._recipient_keys()
        refused = [Refusal(policy.E_NO_ADDRESS, partner_id=ref) for ref in keys if not keys[ref]]
        self._recipient_refuse(refused, "follower", interactive=False)

    def _recipient_log_document(self):
        """Return what the log says of this one card, which may be gone."""
        if not self:
            return {}
        # Logged whether or not the user may see the company.
        existing_sudo = self.sudo().exists()
        company = existing_sudo._mail_get_companies()[self.id] if existing_sudo else self.browse()
        return {"res_model": self._name, "res_id": self.id, "company_id": company.id}

    @api.model
    def _recipient_automation_context(self):
        """Return the context of code that acts on a rule: empty while the policy is off."""
        modes = self.env["res.company"]._recipient_modes()
        return AUTOMATED_CONTEXT if modes else {}

    # === COMPOSING === #

    def message_post(self, **kwargs):
        choices = kwargs.pop("recipient_choices", None)
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        if not mode:
            return super().message_post(**self._recipient_without_policy(kwargs, choices))
        kwargs, scope = self._recipient_check_post(kwargs, choices, mode)
        scopes = Scopes.of(self.env)
        checked = self.with_context(**{SCOPE: scopes})
        with scopes.entered(scope):
            return super(MailThread, checked).message_post(**kwargs)

    def _recipient_precheck_post(self, kwargs, choices=None):
        """Refuse what `message_post` would refuse, where something else is written before it."""
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        interactive = self._recipient_is_interactive(kwargs.get("message_type", "notification"))
        if mode and interactive:
            choices = kwargs.get("recipient_choices") or choices
            self._recipient_check_post(kwargs, choices, mode, register=False)

    @api.model
    def _recipient_without_policy(self, kwargs, choices):
        """Post choices made just before the policy was switched off the way stock does."""
        if not choices:
            return kwargs
        partner_ids = [c["partner_id"] for c in choices if c.get("partner_id")]
        emails = [c["email"] for c in choices if not c.get("partner_id")]
        return {
            **kwargs,
            "partner_ids": list(dict.fromkeys([*(kwargs.get("partner_ids") or []), *partner_ids])),
            "outgoing_email_to": ",".join(
                [*filter(None, [kwargs.get("outgoing_email_to")]), *emails]
            ),
        }

    def _recipient_check_post(self, kwargs, choices, mode, path="message_post", register=True):
        """Check whom a message is addressed to before anything is written.

        :param dict kwargs: of `message_post` or `message_notify`
        :param choices: [{'email': str, 'partner_id': int | None}], one per chosen address, with
            'preselected' where it was taken from the card; an empty list says that nobody was
            chosen, None that nobody was asked to choose
        :param bool register: create what the settings say for unknown addresses
        :return: the arguments narrowed to what is allowed, and the scope of the message
        :rtype: tuple[dict, Scope]
        :raise UserError: interactively, for the first recipient that is refused
        """
        self.ensure_one()
        user = self._recipient_acting_user()
        card = self._recipient_cards(user)[self.id]
        scope = Scope(self._name, self.id, policy.decide(card, mode), mode)
        kwargs = dict(kwargs)
        kwargs.pop("recipient_map", None)
        partner_ids = kwargs.get("partner_ids") or []
        typed = kwargs.get("outgoing_email_to")
        if choices is None and not partner_ids and not typed:
            return kwargs, scope
        if not all(isinstance(pid, int) for pid in partner_ids):
            return kwargs, scope  # refused as malformed by the method itself
        chosen = self._recipient_sort_out(scope, user, choices or [], partner_ids, typed)
        interactive = self._recipient_is_interactive(kwargs.get("message_type", "notification"))
        self._recipient_refuse(chosen["refused"], path, interactive)
        if mode == policy.ANY and register and interactive:
            self._recipient_register_unknown(chosen)
        kwargs["partner_ids"] = [*chosen["employees"], *chosen["partners"]]
        if chosen["emails"] or "outgoing_email_to" in kwargs:
            kwargs["outgoing_email_to"] = ",".join(chosen["emails"])
        kwargs["recipient_map"] = {str(pid): keys for pid, keys in chosen["partners"].items()}
        if not chosen["partners"]:
            kwargs["recipient_map"] = dict(NOBODY)
        return kwargs, scope

    def _recipient_sort_out(self, scope, user, choices, partner_ids, typed):
        """Sort what was asked for into employees, partners with their keys, plain addresses and
        refusals."""
        chosen = {"employees": [], "partners": {}, "emails": [], "refused": []}
        refs = {choice.get("partner_id") for choice in choices if choice.get("partner_id")}
        partners = self.env["res.partner"].sudo().browse(refs.union(partner_ids))
        # Those on the card were looked up for the decision.
        on_card = partners.filtered(lambda partner: partner.id in scope.decision.keys_by_ref)
        others = (partners - on_card).exists()
        employees = self._recipient_employees(on_card | others)
        keys_by_ref = {**scope.decision.keys_by_ref, **others._recipient_keys()}
        visible = others.with_user(user)._filtered_access("read") if user and others else others
        readable = {*on_card.ids, *visible.ids}
        chosen["employees"] = [pid for pid in partner_ids if pid in employees]
        typed_addresses = tools.mail.email_split(typed or "") or filter(None, [typed])
        existing = {*on_card.ids, *others.ids}
        for choice in (*choices, *({"email": text} for text in typed_addresses)):
            # A contact that is gone (merged into another) says nothing about an address.
            ref = choice.get("partner_id")
            choice = {**choice, "partner_id": ref if ref in existing else None}  # noqa: PLW2901
            self._recipient_sort_address(scope, chosen, choice, employees, readable)
        existing -= employees
        for ref in dict.fromkeys(pid for pid in partner_ids if pid in existing):
            if ref not in chosen["partners"]:
                self._recipient_sort_partner(scope, chosen, ref, keys_by_ref[ref], ref in readable)
        return chosen

    @api.model
    def _recipient_sort_address(self, scope, chosen, choice, employees, readable):
        text, ref = choice.get("email") or "", choice["partner_id"]
        if ref in employees:
            chosen["employees"].append(ref)
            return
        key = address_key(text)
        hidden = bool(ref) and ref not in readable
        if choice.get("preselected"):
            reason = policy.judge_preselected(
                scope.decision, scope.mode, key, ref, hidden_ref=hidden
            )
        else:
            reason = policy.judge(scope.decision, scope.mode, key, hidden_ref=hidden)
        if reason:
            reason = reason_of_party(reason, hidden) if ref and not text else reason
            chosen["refused"].append(Refusal(reason, "" if hidden else text, ref))
            return
        candidate = scope.decision.by_key.get(key)
        ref = candidate.ref if candidate else ref
        if ref:
            keys = chosen["partners"].setdefault(ref, [])
            keys += [key] if key not in keys else []
        elif key not in chosen["emails"]:
            chosen["emails"].append(key)

    @api.model
    def _recipient_sort_partner(self, scope, chosen, ref, keys, readable):
        """A partner named without an address gets its first allowed one."""
        reasons = [
            policy.judge(scope.decision, scope.mode, key, hidden_ref=not readable)
            for key in keys or [None]
        ]
        if "" in reasons:
            chosen["partners"][ref] = [keys[reasons.index("")]]
        elif not readable and reasons[0] != policy.E_EDIT:
            chosen["refused"].append(Refusal(policy.E_HIDDEN, partner_id=ref))
        else:
            reason = reason_of_party(reasons[0], hidden=False)
            chosen["refused"].append(Refusal(reason, partner_id=ref))

    @api.model
    def _recipient_employees(self, partners):
        """Return the ids of the partners that are employees: users that are no customers."""
        # `partner_share` only spares the query: it can be written, the users cannot.
        candidates = partners.sudo().filtered(lambda partner: not partner.partner_share)
        if not candidates:
            return set()
        domain = [("partner_id", "in", candidates.ids), ("share", "=", False)]
        return set(self.env["res.users"].sudo().search_fetch(domain, ["partner_id"]).partner_id.ids)

    def _recipient_register_unknown(self, chosen):
        """Create what the settings say for addresses that are not in the CRM.

        A new contact is mailed as a contact, a new lead by its address."""
        made = self.env["mail.recipient.registration"]._register_unknown(chosen["emails"], self)
        for key, record in made.items():
            if record._name == "res.partner":
                chosen["emails"].remove(key)
                chosen["partners"][record.id] = [key]

    def message_notify(self, **kwargs):
        if not self.env["res.company"]._recipient_modes():
            return super().message_notify(**kwargs)
        thread = self._recipient_notified_thread(kwargs)
        mode = thread._recipient_modes().get(thread.id) if thread else None
        if mode:
            types = {"message_type": "user_notification"}
            checked, scope = thread._recipient_check_post({**kwargs, **types}, None, mode, "notify")
            kwargs = {key: value for key, value in checked.items() if key != "message_type"}
            scopes = Scopes.of(self.env)
            scoped = self.with_context(**{SCOPE: scopes})
            with scopes.entered(scope):
                return super(MailThread, scoped).message_notify(**kwargs)
        if not thread and kwargs.get("partner_ids"):
            kwargs["partner_ids"] = self._recipient_check_recordless(kwargs["partner_ids"])
        return super().message_notify(**kwargs)

    def _recipient_notified_thread(self, kwargs):
        """Return the record a notification is about: this one, or the one named by arguments."""
        if self:
            return self if len(self) == 1 else self.browse()
        model, res_id = kwargs.get("model"), kwargs.get("res_id")
        if model not in self.env or not isinstance(res_id, int):
            return self.browse()
        record = self.env[model].browse(res_id)
        is_thread = isinstance(record, self.env.registry["mail.thread"])
        return record.exists() if is_thread else self.browse()

    @api.model
    def _recipient_check_recordless(self, partner_ids):
        """A notification that belongs to no record reaches employees only, in registered mode."""
        mode = self.env["res.company"]._recipient_mode()
        if (
            mode != policy.REGISTERED
            or not self._recipient_acting_user()
            or not all(isinstance(pid, int) for pid in partner_ids)
        ):
            return partner_ids
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        employees = self._recipient_employees(partners)
        refused = [
            Refusal(policy.E_NOT_ALLOWED, partner_id=partner.id)
            for partner in partners
            if partner.id not in employees
        ]
        interactive = self._recipient_is_interactive("user_notification")
        self.env["mail.thread"]._recipient_refuse(refused, "notify", interactive)
        return [pid for pid in partner_ids if pid in employees]

    def _get_message_create_valid_field_names(self):
        names = super()._get_message_create_valid_field_names()
        # Only what the check itself has put there.
        return names | {"recipient_map"} if current_scope(self.env) else names

    # === NOTIFYING === #

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not recipients or len(self) != 1:
            return recipients
        scope = self._recipient_scope()
        mode = scope.mode if scope else self._recipient_modes().get(self.id)
        if not mode:
            return recipients
        outsiders = [r for r in recipients if not r["uid"] or r["ushare"]]
        if not outsiders:
            return recipients
        dropped = self._recipient_drop_outsiders(message, msg_vals or {}, mode, outsiders)
        self._recipient_log_mute([r["id"] for r in dropped if r["id"]])
        return [r for r in recipients if r not in dropped]

    def _recipient_scope(self):
        """Return what was checked of the message that is being posted on this one card, or None."""
        scope = current_scope(self.env)
        if scope and (scope.model, scope.res_id) == (self._name, self.id):
            return scope
        return None

    def _recipient_drop_outsiders(self, message, msg_vals, mode, outsiders):
        """Return those of `outsiders` (recipient data) whom this message must not reach."""
        scope = self._recipient_scope()
        if not scope:
            user = self._recipient_acting_user()
            scope = Scope(self._name, self.id, self._recipient_decisions(user)[self.id], mode)
        message_sudo = message.sudo()
        chosen = msg_vals.get("recipient_map", message_sudo.recipient_map) or {}
        message_type = msg_vals.get("message_type", message_sudo.message_type)
        # Who was chosen gets it, and no customer beside; a rule leaves followers as in stock.
        explicit = chosen and message_type not in _AUTOMATED_TYPES
        # Those that an address was chosen for are judged by it, the others by all they have.
        ids = [r["id"] for r in outsiders if r["id"] and not chosen.get(str(r["id"]))]
        partners = self.env["res.partner"].sudo().browse(ids)
        keys = partners._recipient_keys()
        return [
            r
            for r in outsiders
            if (explicit and r["id"] and str(r["id"]) not in chosen)
            or not any(
                not policy.judge(scope.decision, mode, key)
                for key in (
                    chosen.get(str(r["id"])) or keys[r["id"]]
                    if r["id"]
                    else [address_key(r["email_normalized"])]
                )
            )
        ]

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        modes = self._recipient_modes() if partner_ids else {}
        if policy.REGISTERED not in modes.values():
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        outsiders = set(partner_ids) - self._recipient_employees(partners)
        if not outsiders:
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        records_by_kept = defaultdict(self.browse)
        for record in self:
            kept = tuple(partner_ids)
            if modes.get(record.id) == policy.REGISTERED:
                # Whether the user may see a linked party is no matter: it is not told.
                linked = record.sudo()._recipient_linked_partners()
                linked |= record.sudo()._recipient_own_partner()
                kept = tuple(pid for pid in kept if pid not in outsiders or pid in linked._ids)
            records_by_kept[kept] |= record
        for kept, records in records_by_kept.items():
            if kept:
                super(MailThread, records)._message_subscribe(list(kept), subtype_ids, customer_ids)
        return True

    # === WHO IS PROPOSED === #

    def _partner_find_from_emails(self, records_emails, no_create=False, **kwargs):
        # Nothing is created by reading, opening or replying; unknown addresses become a lead or a
        # contact when the message is sent, where the settings say so.
        modes = self._recipient_modes()
        return super()._partner_find_from_emails(
            records_emails, no_create=no_create or bool(modes), **kwargs
        )

    def _message_get_default_recipients(self, with_cc=False, all_tos=False):
        defaults = super()._message_get_default_recipients(with_cc=with_cc, all_tos=all_tos)
        decisions = self._recipient_decisions(self._recipient_acting_user())
        for res_id, decision in decisions.items():
            candidate = decision.by_key.get(decision.default)
            # A partner is written to at its first address: another one is named as an address.
            keys = decision.keys_by_ref.get(candidate.ref, ()) if candidate else ()
            partner = keys[:1] == (decision.default,) if candidate else False
            defaults[res_id] = {
                "email_cc": "",
                "email_to": decision.default if candidate and not partner else "",
                "partner_ids": [candidate.ref] if partner else [],
            }
        return defaults

    def _message_get_suggested_recipients_batch(
        self, reply_discussion=False, reply_message=None, no_create=True, **kwargs
    ):
        decisions = self._recipient_decisions(self._recipient_acting_user())
        suggested = super()._message_get_suggested_recipients_batch(
            reply_discussion=reply_discussion,
            reply_message=reply_message,
            no_create=no_create or bool(decisions),
            **kwargs,
        )
        modes = self.browse(decisions)._recipient_modes() if reply_message else {}
        for res_id, decision in decisions.items():
            if reply_message:
                card = self.browse(res_id)
                suggested[res_id] = card._recipient_reply(reply_message, decision, modes[res_id])
            else:
                selected = [decision.by_key[key] for key in [decision.selected] if key]
                suggested[res_id] = [self._recipient_suggestion(c) for c in selected]
        return suggested

    # === PICKER === #

    def _recipient_picker(self):
        """Return what the picker shows for this one card, False when it is not under the policy.

        :return: {mode, error (a sentence), hidden (kinds), candidates ([{email, name, label, role,
            partner_id, selected, blacklisted}]), fields (on which the candidates depend)}
        """
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        if not mode:
            return False
        user = self._recipient_acting_user()
        last_used = self.env["mail.recipient.log"]._last_used(self)
        decision = self._recipient_decisions(user, last_used)[self.id]
        blacklisted = self.env["mail.blacklist"]._recipient_blacklisted(decision.by_key)
        error = decision.error and self._recipient_sentence(Refusal(decision.error))
        return {
            "mode": mode,
            "error": error,
            "hidden": list(decision.hidden),
            "candidates": [
                {
                    "email": candidate.address.email,
                    "name": candidate.name,
                    "label": candidate.address.label,
                    "role": candidate.role,
                    "partner_id": candidate.ref or False,
                    "selected": candidate.address.key == decision.selected,
                    "blacklisted": candidate.address.key in blacklisted,
                }
                for candidate in decision.candidates
            ],
            "fields": [
                name
                for name in (*self._recipient_link_fields(), self._mail_get_primary_email_field())
                if name
            ],
        }

    def _thread_to_store(self, store, fields, *, request_list=None):
        result = super()._thread_to_store(store, fields, request_list=request_list)
        policed = self.env["res.company"]._recipient_modes()
        if policed and "suggestedRecipients" in (request_list or []):
            for thread in self:
                picker = thread._recipient_picker()
                values = {"recipientPolicy": picker}
                if picker:
                    values["suggestedRecipients"] = []
                store.add(thread, values, as_thread=True)
        return result

    @api.model
    def _recipient_suggestion(self, candidate):
        return {
            "create_values": {},
            "email": candidate.address.email,
            "name": candidate.name or candidate.address.email,
            "partner_id": candidate.ref or False,
        }

    @api.model
    def _recipient_employee_keys(self, keys):
        """Return which of `keys` are addresses of employees."""
        return set(self._recipient_employee_refs(keys))

    @api.model
    def _recipient_employee_refs(self, keys):
        """Return the partner ids of those of `keys` that are addresses of employees, by key."""
        if not keys:
            return {}
        domain = Domain("email_normalized", "in", list(keys)) & Domain("share", "=", False)
        users_sudo = (
            self.env["res.users"].sudo().search_fetch(domain, ["email_normalized", "partner_id"])
        )
        refs = {address_key(user.email_normalized): user.partner_id.id for user in users_sudo}
        return {key: refs[key] for key in keys if key in refs}
