import functools
from collections.abc import Iterable
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_common.tools.mailboxes import spellings_of

from ..tools import addresses, questions
from .res_partner import EACH_ADDRESS, HAS_SEVERAL, MAX_CANDIDATES

#: Contacts with one address that are looked at: a list that somebody has imported with the same
#: address in each row may have any number.
MAX_NAMESAKES = 200
#: What is read of contacts that are shown or asked for, all at once and nothing else.
SHOWN = (
    "active", "city", "commercial_partner_id", "company_id", "complete_name", "country_id", "email",
    "email_normalized", "function", "is_company", "name", "parent_id", "partner_share", "phone",
    "website",
)  # fmt: skip


class People:
    """What is known of the addresses of an e-mail, read by one statement.

    :ivar found: the addresses, each once
    :ivar mailboxes: those that are nobody's, but this database's: mail to an alias becomes a
        record, and catch-all, bounces and notifications are its own
    :ivar colleagues: those of internal users, whatever contacts have them
    :ivar own: those of the user who asks
    :ivar user_name: what that user is called
    :ivar places: model and id of each record that the e-mail is on, whoever put it there
    """

    def __init__(self, contacts: Any, found: Iterable[str], message_id: str = ""):
        """Ask for addresses.

        :param contacts: an empty `res.partner` of the user who asks
        :param found: normalized addresses
        :param message_id: Message-ID of the e-mail, "" for none
        """
        self._contacts = contacts
        self.found = list(dict.fromkeys(filter(None, found)))
        # By the ways in which Odoo may have stored each.
        self._asked = {one: address for address in self.found for one in spellings_of(address)}
        asked = {"people": contacts._mail_plugin_people_query(list(self._asked))}
        if message_id:
            asked["places"] = contacts.env["mail.plugin.log"].places_query(message_id)
        told = questions.ask(contacts.env, asked)
        self.places = [(row["model"], row["res_id"]) for row in told.get("places", ())]
        found_as: dict[str, list[str]] = {}
        for row in told["people"]:
            found_as.setdefault(row["kind"], []).append(row["text"])
        self.mailboxes = self._mailboxes(found_as.get("alias", []))
        among = (*found_as.get("login", []), *found_as.get("colleague", []))
        self.colleagues = {self._asked[spelling] for spelling in among}
        own = set(map(addresses.normalize, found_as.get("own", [])))
        self.own = {address for address in self.found if not own.isdisjoint(spellings_of(address))}
        self.user_name = next(iter(found_as.get("name", [])), "")
        self._rows = [row for row in told["people"] if row["id"]]

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

    @property
    def has_contacts(self) -> bool:
        """Whether any contact has one of the addresses, whoever may see it."""
        return bool(self._rows)

    def read_contacts(self) -> Any:
        """Read all contacts that have the addresses, by one query, and return them.

        Whoever looks for one first and asks for the others later does it before.
        """
        candidates = self._contacts.browse(dict.fromkeys(row["id"] for row in self._rows))
        candidates.mail_plugin_read_ahead()
        return candidates

    def find(self, address: str, name: str = "") -> Any:
        """Return the contact that has one of the addresses, of those that the user may see.

        An address that merely contains it is another person's. Among several contacts the active
        come first, then the one of the sender's name, then those that have it as their first.

        :param address: one of the normalized addresses that were asked for
        :param name: what the sender is called
        :return: at most one contact, it may be archived
        """
        spellings = spellings_of(address)
        rows = sorted(
            (row for row in self._rows if row["text"] in spellings),
            key=lambda row: (
                not row["active"],
                not name or (row["name"] or "").lower() != name.lower(),
                row["kind"] == "other",
                row["id"],
            ),
        )
        candidates = self._contacts.browse(dict.fromkeys(row["id"] for row in rows))
        candidates = candidates[:MAX_CANDIDATES]
        candidates.mail_plugin_read_ahead()
        return candidates._filtered_access("read")[:1]

    @functools.cached_property
    def contacts(self) -> dict[str, Any]:
        """The active contact that has each address as its first, as far as the user sees them,
        nothing for nobody.

        One that is none of ours goes before one that is: it is the same person's other row.
        """
        readable = set(self.read_contacts()._filtered_access("read")._ids)
        by_address: dict[str, Any] = {}
        for row in sorted(self._rows, key=lambda row: (row["kind"] != "contact", row["id"])):
            address = self._asked[row["text"]]
            if not row["active"] or row["kind"] == "other" or row["id"] not in readable:
                continue
            by_address.setdefault(address, self._contacts.browse(row["id"]))
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
    def mail_plugin_people(self, found: Iterable[str], message_id: str = "") -> People:
        """Return what is known of normalized addresses, see `People`."""
        return People(self.browse(), found, message_id)

    @api.private
    def mail_plugin_find(self, address: str, name: str = ""):
        """Return the contact that has a normalized e-mail address, see `People.find`."""
        return self.mail_plugin_people([address]).find(address, name)

    @api.model
    def _mail_plugin_people_query(self, asked: list[str]) -> SQL:
        """Return the query for whose these spellings of addresses are: its columns are kind, id
        of the contact, the spelling, name of the contact, and whether that is active.

        The name and the addresses of the user are told with them, for whom that is asked with
        every e-mail. "other" is a contact that has the address beside its first.
        """
        self.flush_model(["active", "email", "email_normalized", "name"])
        self.env["mail.alias"].flush_model(["alias_full_name"])
        self.env["res.company"].flush_model(["active", "partner_id"])
        self.env["res.users"].flush_model(["active", "login", "partner_id", "share"])
        return SQL(
            f"""
            SELECT told.kind, NULL::integer AS id, told.text, NULL AS name, NULL::boolean AS active
              FROM res_users u
              JOIN res_partner contact ON contact.id = u.partner_id
             CROSS JOIN LATERAL (VALUES ('own', u.login), ('own', contact.email),
                                        ('own', contact.email_normalized),
                                        ('name', contact.name)) AS told (kind, text)
             WHERE u.id = %(uid)s AND told.text IS NOT NULL
             UNION ALL
            SELECT 'alias', NULL, alias_full_name, NULL, NULL FROM mail_alias
             WHERE alias_full_name = ANY(%(asked)s)
             UNION ALL
            SELECT 'login', NULL, login, NULL, NULL FROM res_users
             WHERE login = ANY(%(asked)s) AND active AND share IS NOT TRUE
             UNION ALL
           (SELECT CASE WHEN EXISTS (SELECT FROM res_users u
                                      WHERE u.partner_id = contact.id
                                        AND u.active AND u.share IS NOT TRUE)
                        THEN 'colleague'
                        WHEN EXISTS (SELECT FROM res_company company
                                      WHERE company.partner_id = contact.id AND company.active)
                        THEN 'company'
                        ELSE 'contact'
                   END, contact.id, one.text, contact.name, contact.active
              FROM unnest(%(asked)s::text[]) AS one (text)
             CROSS JOIN LATERAL (SELECT id, name, active FROM res_partner
                                  WHERE email_normalized = one.text
                                  ORDER BY active DESC, id LIMIT %(namesakes)s) AS contact)
             UNION ALL
           (SELECT 'other', id, told.text, name, active
              FROM res_partner
             CROSS JOIN LATERAL unnest({EACH_ADDRESS}) AS told (text)
             WHERE %(has_several)s AND {EACH_ADDRESS} && %(asked)s::text[]
               AND told.text = ANY(%(asked)s) AND email_normalized IS DISTINCT FROM told.text
             ORDER BY active DESC, id LIMIT %(namesakes)s)
            """,
            asked=asked,
            namesakes=MAX_NAMESAKES,
            has_several=SQL(HAS_SEVERAL.replace("%", "%%")),
            uid=self.env.uid,
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
