import functools
from collections.abc import Iterable
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_common.tools.mailboxes import spellings_of

from ..tools import addresses

#: What is read of contacts that are shown or asked for, all at once and nothing else.
SHOWN = (
    "active", "city", "commercial_partner_id", "company_id", "complete_name", "country_id", "email",
    "email_normalized", "function", "is_company", "name", "parent_id", "partner_share", "phone",
    "website",
)  # fmt: skip


class People:
    """What is known of the addresses of an e-mail, read by one query.

    :ivar mailboxes: those that are nobody's, but this database's: mail to an alias becomes a
        record, and catch-all, bounces and notifications are its own
    :ivar colleagues: those of internal users, whatever contacts have them
    :ivar own: those of the user who asks
    :ivar user_name: what that user is called
    """

    def __init__(self, contacts: Any, found: Iterable[str]):
        """Ask for addresses.

        :param contacts: an empty `res.partner` of the user who asks
        :param found: normalized addresses
        """
        self._contacts = contacts
        self._found = list(dict.fromkeys(filter(None, found)))
        # By the ways in which Odoo may have stored each.
        self._asked = {one: address for address in self._found for one in spellings_of(address)}
        rows = contacts._mail_plugin_people_rows(list(self._asked))
        found_as: dict[str, list[str]] = {}
        for kind, _id, text in rows:
            found_as.setdefault(kind, []).append(text)
        self.mailboxes = self._mailboxes(found_as.get("alias", []))
        among = (*found_as.get("login", []), *found_as.get("colleague", []))
        self.colleagues = {self._asked[spelling] for spelling in among}
        own = set(map(addresses.normalize, found_as.get("own", [])))
        self.own = {address for address in self._found if not own.isdisjoint(spellings_of(address))}
        self.user_name = next(iter(found_as.get("name", [])), "")
        self._rows = [row for row in rows if row[0] in ("colleague", "company", "contact")]

    def _mailboxes(self, aliases):
        ours, own = set(), self._contacts.env["mail.alias.domain"].mail_plugin_addresses()
        taken = own.mailboxes.union(aliases)
        for spelling, address in self._asked.items():
            local, _at, domain = spelling.rpartition("@")
            if spelling in taken or any(
                local.startswith(f"{name}+") and domain == host for name, host in own.bounces
            ):
                ours.add(address)
        return ours

    def read_contacts(self) -> Any:
        """Read all contacts that have the addresses, by one query, and return them.

        Whoever looks for one first and asks for the others later does it before.
        """
        candidates = self._contacts.browse(row[1] for row in self._rows)
        candidates.mail_plugin_read_ahead()
        return candidates

    @functools.cached_property
    def contacts(self) -> dict[str, Any]:
        """The contact of each address, as far as the user sees them, nothing for nobody.

        One that is none of ours goes before one that is: it is the same person's other row.
        """
        readable = set(self.read_contacts()._filtered_access("read")._ids)
        by_address: dict[str, Any] = {}
        for _kind, record_id, spelling in sorted(
            self._rows, key=lambda row: (row[0] != "contact", row[1])
        ):
            address = self._asked[spelling]
            if record_id in readable and address not in by_address:
                by_address[address] = self._contacts.browse(record_id)
        return by_address


class ResPartner(models.Model):
    """Who is one of ours, and so not whom an e-mail is about."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited
    _mail_plugin_shown = SHOWN

    @api.private
    def mail_plugin_read_ahead(self) -> None:
        """Read what is shown of the contacts, and what decides who sees them, by one query."""
        if not self:
            return
        # sudo: it goes to the cache alone; whoever tells of it asks for the right to read first.
        self.sudo().fetch(SHOWN)
        # By it rules of several companies compare; else all columns of companies are read.
        self.env.companies.sudo().fetch(["parent_path"])

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
    def mail_plugin_people(self, found: Iterable[str]) -> People:
        """Return what is known of normalized addresses."""
        return People(self.browse(), found)

    @api.model
    def _mail_plugin_people_rows(self, asked: list[str]) -> list[tuple[str, int, str]]:
        """Return whose these spellings of addresses are: kind, id of the contact, the spelling;
        and the name and addresses of the user, of whom that is asked with every e-mail.

        Contacts are active ones; a colleague whose contact is archived is told as one by login.
        """
        self.flush_model(["active", "email", "email_normalized", "name"])
        self.env["mail.alias"].flush_model(["alias_full_name"])
        self.env["res.company"].flush_model(["active", "partner_id"])
        self.env["res.users"].flush_model(["active", "login", "partner_id", "share"])
        return self.env.execute_query(
            SQL(
                """
                SELECT told.kind, NULL::integer, told.text
                  FROM res_users u
                  JOIN res_partner contact ON contact.id = u.partner_id
                 CROSS JOIN LATERAL (VALUES ('own', u.login), ('own', contact.email),
                                            ('own', contact.email_normalized),
                                            ('name', contact.name)) AS told (kind, text)
                 WHERE u.id = %(uid)s AND told.text IS NOT NULL
                 UNION ALL
                SELECT 'alias', NULL, alias_full_name FROM mail_alias
                 WHERE alias_full_name = ANY(%(asked)s)
                 UNION ALL
                SELECT 'login', NULL, login FROM res_users
                 WHERE login = ANY(%(asked)s) AND active AND share IS NOT TRUE
                 UNION ALL
                SELECT kind, id, email_normalized
                  FROM (
                        SELECT contact.id, contact.email_normalized, contact.active,
                               CASE WHEN EXISTS (SELECT FROM res_users u
                                                  WHERE u.partner_id = contact.id
                                                    AND u.active AND u.share IS NOT TRUE)
                                    THEN CASE WHEN contact.active THEN 'colleague' ELSE 'login' END
                                    WHEN EXISTS (SELECT FROM res_company company
                                                  WHERE company.partner_id = contact.id
                                                    AND company.active)
                                    THEN 'company'
                                    ELSE 'contact'
                               END AS kind
                          FROM res_partner contact
                         WHERE contact.email_normalized = ANY(%(asked)s)
                       ) AS contacts
                 WHERE active OR kind = 'login'
                """,
                asked=asked,
                uid=self.env.uid,
            )
        )

    @api.model
    @api.private
    def mail_plugin_colleagues(self, found: Iterable[str]) -> set[str]:
        """Return which normalized addresses are internal users', whatever contacts have them."""
        return self.mail_plugin_people(found).colleagues

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

    @api.model
    @api.private
    def mail_plugin_is_own(self, address: str) -> bool:
        """Say whether a normalized address is the user's own."""
        return bool(self.mail_plugin_people([address]).own)

    @api.model
    @api.private
    def mail_plugin_mailboxes(self, found: Iterable[str]) -> set[str]:
        """Return which normalized addresses are nobody's, but this database's."""
        return self.mail_plugin_people(found).mailboxes

    @api.model
    @api.private
    def mail_plugin_customer(self, people: Iterable[tuple[str, str]]):
        """Return the contact of the first who is none of ours, made when there is none.

        :param people: name and address of each, in order
        :return: none, when all are ours or nobody can be written to
        """
        names: dict[str, str] = {}
        for name, text in people:
            if address := addresses.normalize(text):
                names.setdefault(address, name)
        known = self.mail_plugin_people(names)
        ours = known.mailboxes | known.colleagues | known.own
        for address, name in names.items():
            if address in ours or addresses.is_unread(address):
                continue
            contact = self.mail_plugin_find(address, name)
            if contact.mail_plugin_ours():
                continue
            if contact or self.has_access("create"):
                return self.mail_plugin_get_or_create(address, name)
        return self.browse()
