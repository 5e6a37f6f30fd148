from collections.abc import Iterable

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_common.tools.mailboxes import spellings_of

from ..tools import addresses

#: Domains of aliases that are looked at; a company has one.
MAX_DOMAINS = 500
#: What the addresses of a domain are made of.
_OF_DOMAINS = ["bounce_alias", "catchall_alias", "default_from", "name"]


class ResPartner(models.Model):
    """Who is one of ours, and so not whom an e-mail is about."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    @api.private
    def mail_plugin_ours(self):
        """Return those of the contacts that are internal users' or our companies' own."""
        # sudo: users and companies are closed to some; said is only who is one of ours.
        users_sudo = self.env["res.users"].sudo()
        companies_sudo = self.env["res.company"].sudo()
        among = [("partner_id", "in", self.ids)]
        users_sudo = users_sudo.search([*among, ("share", "=", False)])
        partners_sudo = users_sudo.partner_id | companies_sudo.search(among).partner_id
        return self & partners_sudo.sudo(False)

    @api.model
    @api.private
    def mail_plugin_colleagues(self, found: Iterable[str]) -> set[str]:
        """Return which normalized addresses are internal users', whatever contacts have them."""
        asked = _by_spelling(found)
        # sudo: users are closed to some; said is only whose address it is.
        users_sudo = self.env["res.users"].sudo()
        same = Domain("email_normalized", "in", list(asked)) | Domain("login", "in", list(asked))
        users_sudo = users_sudo.search(Domain("share", "=", False) & same)
        known = users_sudo.mapped("email_normalized") + users_sudo.mapped("login")
        return {asked[address] for address in known if address in asked}

    @api.private
    def mail_plugin_in_order(self, found: Iterable[str]):
        """Return the contacts in the order of these addresses, those that are ours at the end."""
        places: dict[str, int] = {}
        for place, text in enumerate(found):
            for spelling in spellings_of(addresses.normalize(text)):
                places.setdefault(spelling, place)
        ours, last = self.mail_plugin_ours(), len(places)
        return self.sorted(
            lambda contact: (contact in ours, places.get(contact.email_normalized or "", last))
        )

    @api.private
    @api.model
    def mail_plugin_contacts_of(self, found: list[str]) -> dict:
        """Return the contact of each address of an e-mail's people, as far as the user sees them.

        One that is none of ours goes before one that is: it is the same person's other row.

        :param found: normalized addresses
        :return: `res.partner` by address, nothing for nobody
        """
        asked = {spelling: address for address in found for spelling in spellings_of(address)}
        contacts = self.search(Domain("email_normalized", "in", list(asked)), order="id")
        by_address: dict = {}
        for contact in contacts.mail_plugin_in_order(found):
            by_address.setdefault(asked[contact.email_normalized], contact)
        return by_address

    @api.model
    @api.private
    def mail_plugin_is_own(self, address: str) -> bool:
        """Say whether a normalized address is the user's own."""
        return bool(self.mail_plugin_own([address]))

    @api.model
    @api.private
    def mail_plugin_own(self, found: Iterable[str]) -> set[str]:
        """Return which normalized addresses are the user's own."""
        user = self.env.user
        own = (user.login, user.email, user.partner_id.email_normalized)
        known = set(filter(None, map(addresses.normalize, own)))
        return {address for address in found if not known.isdisjoint(spellings_of(address))}

    @api.model
    @api.private
    def mail_plugin_mailboxes(self, found: Iterable[str]) -> set[str]:
        """Return which normalized addresses are nobody's, but this database's: mail to an alias
        becomes a record, and catch-all, bounces and notifications are its own."""
        ours, asked = set(), _by_spelling(found)
        # sudo: aliases and their domains are closed to some users; everybody gets mail from them.
        domains_sudo = self.env["mail.alias.domain"].sudo()
        domains_sudo = domains_sudo.search_fetch([], _OF_DOMAINS, limit=MAX_DOMAINS)
        taken = {
            addresses.normalize(address)
            for name in ("default_from_email", "catchall_email", "bounce_email")
            for address in domains_sudo.mapped(name)
        }
        aliases_sudo = self.env["mail.alias"].sudo()
        named = [("alias_full_name", "in", list(asked))]
        taken.update(
            aliases_sudo.search_fetch(named, ["alias_full_name"]).mapped("alias_full_name")
        )
        bounces = [address.split("@") for address in domains_sudo.mapped("bounce_email") if address]
        for spelling, address in asked.items():
            local, _at, domain = spelling.rpartition("@")
            if spelling in taken or any(
                local.startswith(f"{name}+") and domain == host for name, host in bounces
            ):
                ours.add(address)
        return ours

    @api.model
    @api.private
    def mail_plugin_customer(self, people: Iterable[tuple[str, str]]):
        """Return the contact of the first who is none of ours, made when there is none.

        :param people: name and address of each, in order
        :return: none, when all are ours or nobody can be written to
        """
        known = {}
        for name, text in people:
            if address := addresses.normalize(text):
                known.setdefault(address, name)
        ours = self.mail_plugin_mailboxes(known) | self.mail_plugin_colleagues(known)
        for address, name in known.items():
            if address in ours or addresses.is_unread(address) or self.mail_plugin_is_own(address):
                continue
            contact = self.mail_plugin_find(address, name)
            if contact.mail_plugin_ours():
                continue
            if contact or self.has_access("create"):
                return self.mail_plugin_get_or_create(address, name)
        return self.browse()


def _by_spelling(found):
    """Return each normalized address by the ways in which Odoo may have stored it."""
    return {
        spelling: address for address in filter(None, found) for spelling in spellings_of(address)
    }
