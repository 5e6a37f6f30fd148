from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_common.tools.mailboxes import address_key, spellings_of_all

from ..tools import policy
from ..tools.address import parse_addresses, unreadable_parts
from ..tools.copies import BCC, CC, TO, split
from ..tools.gate import Refusal, reason_of_party


class MailThread(models.AbstractModel):
    """Who was asked for, sorted by what may become of them."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_sort_out(self, scope, user, choices, partner_ids, typed):
        """Sort what was asked for into employees, partners with their keys, plain addresses and
        refusals.

        Of these `cc` has the keys that stand in Cc. Who is in Bcc, and in no other line, is in
        `bcc` alone: keys by the partner's id, those of nobody under 0.
        """
        chosen = {"employees": [], "partners": {}, "emails": [], "refused": [], "cc": [], "bcc": {}}
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
        typed_addresses = [address.email for address in parse_addresses(typed)]
        typed_addresses += unreadable_parts(typed)
        existing = {*on_card.ids, *others.ids}
        staff = {ref: keys_by_ref[ref] for ref in employees}

        def sort_addresses(asked):
            for choice in asked:
                # A contact that is gone (merged into another) says nothing about an address.
                ref = choice.get("partner_id")
                known = {**choice, "partner_id": ref if ref in existing else None}
                self._recipient_sort_address(scope, chosen, known, staff, readable)

        # Who is named openly as well gets it openly, and once.
        lines = split(choices)
        sort_addresses([*lines[TO], *({"email": text} for text in typed_addresses), *lines[CC]])
        others_named = existing - employees
        for ref in dict.fromkeys(pid for pid in partner_ids if pid in others_named):
            if ref not in chosen["partners"]:
                self._recipient_sort_partner(scope, chosen, ref, keys_by_ref[ref], ref in readable)
        sort_addresses(lines[BCC])
        return chosen

    @api.model
    def _recipient_sort_address(self, scope, chosen, choice, staff, readable):
        text, ref = choice.get("email") or "", choice["partner_id"]
        header = choice.get("header") or TO
        if ref in staff:
            self._recipient_sort_employee(chosen, ref, staff[ref], header)
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
        openly = {*chosen["emails"], *(k for keys in chosen["partners"].values() for k in keys)}
        if key in openly and (header != TO or not ref):
            return
        if header == BCC:
            keys = chosen["bcc"].setdefault(ref or 0, [])
        elif ref:
            keys = chosen["partners"].setdefault(ref, [])
        else:
            keys = chosen["emails"]
        keys += [key] if key not in keys else []
        chosen["cc"] += [key] if header == CC else []

    @api.model
    def _recipient_sort_employee(self, chosen, ref, keys, header):
        """A colleague is written to at all addresses, or told in the inbox."""
        if ref in chosen["employees"]:
            return
        if header == BCC:
            chosen["bcc"][ref] = list(keys)
            return
        chosen["employees"].append(ref)
        chosen["cc"] += keys if header == CC else ()

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

    def _recipient_register_unknown(self, chosen):
        """Create what the settings say for addresses that are not in the CRM.

        A new contact is mailed as a contact, a new lead by its address."""
        registrations = self.env["mail.recipient.registration"]
        made = registrations._register_unknown(chosen["emails"], self)
        for key, record in made.items():
            if record._name == "res.partner":
                chosen["emails"].remove(key)
                chosen["partners"][record.id] = [key]
        # Of who is in Bcc the card says nothing.
        secret = chosen["bcc"].pop(0, [])
        made = registrations._register_unknown(secret, self, is_told=False)
        for key in secret:
            record = made.get(key)
            ref = record.id if record is not None and record._name == "res.partner" else 0
            chosen["bcc"].setdefault(ref, []).append(key)

    # === OURSELVES === #

    @api.model
    def _recipient_ours(self, keys) -> set[str]:
        """Return which of `keys` are our own: aliases, mailboxes that are fetched, the addresses of
        our companies and of employees. Nobody answers them like a customer."""
        keys = set(keys)
        if not keys:
            return set()
        spelled = spellings_of_all(keys)
        # Whose address it is has nothing to do with what the user may see.
        env = self.sudo().env
        companies = env["res.company"].search([("partner_id.email_normalized", "in", spelled)])
        ours = [
            *env["mail.alias.domain"]._find_aliases(spelled),
            *env["fetchmail.server"].search([("user", "!=", False)]).mapped("user"),
            *companies.partner_id.mapped("email_normalized"),
        ]
        return keys & {*map(address_key, ours), *self._recipient_employee_keys(keys)}

    @api.model
    def _recipient_employees(self, partners):
        """Return the ids of the partners that are employees: users that are no customers."""
        # `partner_share` only spares the query: it can be written, the users cannot.
        candidates = partners.sudo().filtered(lambda partner: not partner.partner_share)
        if not candidates:
            return set()
        domain = [("partner_id", "in", candidates.ids), ("share", "=", False)]
        return set(self.env["res.users"].sudo().search_fetch(domain, ["partner_id"]).partner_id.ids)

    @api.model
    def _recipient_employee_keys(self, keys):
        """Return which of `keys` are addresses of employees."""
        return set(self._recipient_employee_refs(keys))

    @api.model
    def _recipient_employee_refs(self, keys):
        """Return the partner ids of those of `keys` that are addresses of employees, by key."""
        if not keys:
            return {}
        domain = Domain("email_normalized", "in", spellings_of_all(keys)) & Domain(
            "share", "=", False
        )
        users_sudo = (
            self.env["res.users"].sudo().search_fetch(domain, ["email_normalized", "partner_id"])
        )
        refs = {address_key(user.email_normalized): user.partner_id.id for user in users_sudo}
        return {key: refs[key] for key in keys if key in refs}
