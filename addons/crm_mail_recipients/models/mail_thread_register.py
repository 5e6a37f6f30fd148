from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools.mail import parse_contact_from_email

from ..tools import policy
from ..tools.address import parse_addresses
from ..tools.policy import Decision

# Of the latest messages from outside, as many are looked at.
_LATEST = 20
_MOST = 3
# A company may have hundreds of contacts.
_MOST_OWNERS = 5


class MailThread(models.AbstractModel):
    """Who asks on a card, and cannot be answered, is put on it by one click."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_offers(self, decision: Decision, mode: str) -> list[dict]:
        """Return the addresses around this one card that the user may register.

        It is [{email, contact, owners: [{model, id, name}]}]; without owners the contact of that
            name is linked, or a new one made of the address.
        """
        if mode != policy.REGISTERED or decision.error in (policy.E_EDIT, policy.E_FAILED):
            return []
        known = decision.by_key
        if decision.hidden:
            # Whom one may not view is not written to by another name.
            known = self._recipient_decisions()[self.id].by_key
        unknown = [key for key in self._recipient_asking() if key not in known]
        ours = self._recipient_ours(unknown)
        found = [key for key in unknown if key not in ours]
        if not found:
            return []
        owners = self._recipient_shown_owners(decision)
        if not owners and not self._recipient_may_link():
            return []
        return [
            {
                "email": key,
                "contact": "" if owners else self._recipient_known(key).name or "",
                "owners": owners,
            }
            for key in found[:_MOST]
        ]

    def _recipient_asking(self) -> dict[str, str]:
        """Return the addresses on this one card and of those who wrote to it, by key: as they
        stand there, with a name where there is one."""
        extra = self.env["mail.recipient.address"]._by_owner(
            self.env["res.partner"], self if self._name == "crm.lead" else None
        )
        texts = [address.email for address in self._recipient_own_addresses(extra)]
        primary = self._mail_get_primary_email_field()
        texts = [self[primary] if primary else "", *texts]
        # Whoever sees the card sees who wrote on it.
        messages_sudo = self.env["mail.message"].sudo()
        messages_sudo = messages_sudo.search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "in", ("email", "comment")),
                "|",
                ("author_id", "=", False),
                ("author_id.partner_share", "=", True),
            ],
            limit=_LATEST,
        )
        texts += messages_sudo.mapped("email_from")
        found = {}
        for text in texts:
            addresses = parse_addresses(text)
            for address in addresses:
                whole = text if len(addresses) == 1 else address.email
                found.setdefault(address.key, whole)
        return found

    def _recipient_shown_owners(self, decision: Decision) -> list[dict]:
        """Return on whom of this one card the user may put an address, as the client shows it."""
        if decision.error in (policy.E_EDIT, policy.E_FAILED):
            return []
        return [
            {"model": owner._name, "id": owner.id, "name": owner.name}
            for owner in self._recipient_owners()[:_MOST_OWNERS]
        ]

    def _recipient_owners(self):
        """Return on whom of this one card the user may put an address: the lead or contact itself,
        and the contacts and companies linked."""
        card = self._recipient_own_partner() | self._recipient_linked_partners()
        owners = [*card._filtered_access("read")._filtered_access("write")]
        if self._recipient_kind() == policy.LEAD:
            owners.insert(0, self)
        return owners

    def _recipient_link_field(self) -> str | None:
        """Return the field of this one card in which a contact would be linked."""
        return next(
            (
                name
                for name in self._recipient_link_fields()
                if self._fields[name].type == "many2one" and not self._fields[name].readonly
            ),
            None,
        )

    def _recipient_may_link(self) -> bool:
        return bool(
            self._recipient_link_field()
            and not self._recipient_linked_partners()
            and self.env["res.partner"].has_access("create")
        )

    def _recipient_accept(self, email: str, model: str | None, res_id: int | None) -> None:
        """Put `email` on a contact, company or lead of this one card; with no `model` link the
        contact that has it, or a new one.

        :raise UserError: where it is nobody of the card
        """
        self.ensure_one()
        self.check_access("write")
        addresses = parse_addresses(email)
        if len(addresses) != 1:
            raise UserError(self.env._("“%s” is not a single, plain e-mail address.", email))
        key = addresses[0].key
        owners = self._recipient_owners()
        if not model and not owners and self._recipient_may_link():
            self[self._recipient_link_field()] = self._recipient_contact_of(key)
            return
        owner = next((o for o in owners if (o._name, o.id) == (model, res_id)), None)
        if owner is None:
            raise UserError(self.env._("The contact of this record has changed: reload the page."))
        main = owner._mail_get_primary_email_field()
        texts = [owner[main], *owner.recipient_address_ids.mapped("email")]
        if not owner[main]:
            owner[main] = key
        # Whoever clicks twice, or after a colleague, has what was asked for.
        elif key not in {address.key for text in texts for address in parse_addresses(text)}:
            owner.recipient_address_ids = [Command.create({"email": key})]

    def _recipient_known(self, key: str):
        """Return the contact that has the address `key`, as far as the user may view it."""
        partner = self._partner_find_from_emails_single([key], no_create=True)
        company_sudo = self.sudo()._mail_get_companies()[self.id]
        return partner or partner._recipient_sender(key, company_sudo)

    def _recipient_contact_of(self, key: str):
        """Return the contact with the address `key`, a new one where there is none."""
        if known := self._recipient_known(key):
            return known
        name = parse_contact_from_email(self._recipient_asking().get(key, key))[0]
        return self.env["res.partner"].create({"name": name or key, "email": key})
