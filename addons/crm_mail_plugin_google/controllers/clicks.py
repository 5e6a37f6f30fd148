"""What the buttons of the cards do."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers.common import get_sender
from odoo.addons.crm_mail_plugin.controllers.second_generation import SEARCH_ROWS, SHORTEST_TERM
from odoo.addons.crm_mail_plugin.models.mail_thread import AGAIN
from odoo.addons.crm_mail_plugin.tools import addresses

from ..tools import actions, cards
from .contact_cards import ContactCards

#: What is done with the e-mail that the card was made for.
OF_THE_EMAIL = ("add", "log", "make", "pick", "put", "put_new")


class Clicks(ContactCards):
    """Part of the add-on's controller: each action of `Pane.click` is a method."""

    def _gmail_clicked(self, pane):
        action = pane.action()
        if action.name in OF_THE_EMAIL and action.message != pane.event.message_id:
            raise UserError(
                request.env._("Another e-mail is open now. Refresh this card, and try again.")
            )
        handler = {
            "add": self._gmail_add,
            "all": self._gmail_all,
            "company": self._gmail_buy,
            "contact": self._gmail_show_contact,
            "disconnect": self._gmail_disconnect,
            "enrich": self._gmail_buy,
            "find": self._gmail_find,
            "insert": self._gmail_insert,
            "log": self._gmail_log,
            "make": self._gmail_make,
            "person": self._gmail_show_person,
            "pick": self._gmail_pick,
            "put": self._gmail_put,
            "put_new": self._gmail_put_new,
            "refresh": self._gmail_refresh,
            "search": self._gmail_search,
        }.get(action.name)
        if handler is None:
            raise actions.InvalidAction()
        return handler(pane, action)

    # === SHOWING === #

    def _gmail_refresh(self, pane, action):
        return cards.clicked(cards.replaced(self._gmail_first_card(pane)))

    def _gmail_show_person(self, pane, action):
        return cards.clicked(cards.pushed(self._gmail_person_card(pane, action.text)))

    def _gmail_show_contact(self, pane, action):
        contact = self._gmail_record(action)
        return cards.clicked(cards.pushed(self._gmail_contact_card(pane, contact)))

    def _gmail_disconnect(self, pane, action):
        request.env["mail.plugin.connection"].google_end(pane.account.subject)
        return cards.clicked(cards.replaced(self._gmail_sign_in_card(pane)))

    def _gmail_all(self, pane, action):
        """Show all records of a sender, as far as a card holds them."""
        records = self._gmail_model(action)
        contact, address = request.env["res.partner"], action.text
        if address.isdecimal():
            contact, address = contact.browse(int(address)).exists(), ""
        else:
            contact = contact.mail_plugin_find(address).filtered("active")
        found, count = records.mail_plugin_found_of(contact, address, SEARCH_ROWS)
        return self._gmail_list(pane, found, count, action.text)

    def _gmail_search(self, pane, action):
        """Show the field to search in."""
        records = self._gmail_model(action)
        section = self._gmail_search_section(pane, records, action.text)
        card = self._gmail_card(pane, request.env._("Search in Odoo"), sections=(section,))
        return cards.clicked(cards.pushed(card))

    def _gmail_find(self, pane, action):
        """Show what a search finds."""
        records, query = self._gmail_model(action), pane.event.inputs.get("query", "")
        if len(query) < SHORTEST_TERM:
            raise UserError(request.env._("Type at least %s letters.", SHORTEST_TERM))
        found, count = self._find_records(records._name, (query,))
        return self._gmail_list(pane, found, count, action.text, query)

    def _gmail_list(self, pane, found, count, address, query=""):
        """Return the answer that lists records."""
        logged = self._gmail_logged(pane)
        rows = found.mail_plugin_rows()
        if found._name == "res.partner":
            widgets = [
                cards.Line(
                    row["name"],
                    remark=row["email"] or "",
                    icon="apartment" if row["is_company"] else "person",
                    click=pane.click("contact", found.browse(row["id"])),
                    button=self._gmail_row(pane, found, row, logged).button,
                )
                for row in rows
            ]
        else:
            widgets = [self._gmail_row(pane, found, row, logged) for row in rows]
        if not widgets:
            widgets = [cards.Paragraph(request.env._("Nothing was found."))]
        elif count > len(rows):
            text = request.env._("%(shown)s of %(count)s are shown.", shown=len(rows), count=count)
            widgets.append(cards.Paragraph(text))
        sections = (
            self._gmail_search_section(pane, found.browse(), address, query),
            cards.Section(tuple(widgets)),
        )
        card = self._gmail_card(pane, request.env._("Search in Odoo"), sections=sections)
        return cards.clicked(cards.replaced(card) if query else cards.pushed(card))

    # === WRITING === #

    def _gmail_add(self, pane, action):
        """Make a contact of somebody on the e-mail."""
        contacts, address = request.env["res.partner"], addresses.normalize(action.text)
        contact = contacts.mail_plugin_get_or_create(address, pane.name_of(address))
        card = self._gmail_contact_card(pane, contact, address)
        return cards.clicked(
            cards.replaced(card), says=request.env._("%s was added.", contact.display_name)
        )

    def _gmail_log(self, pane, action):
        """Log the e-mail on a record, once for all colleagues."""
        record = self._gmail_record(action)
        if record._name not in self._mail_content_logging_models_whitelist():
            raise AccessError(request.env._("E-mails are not logged on such records."))
        if (record._name, record.id) in self._gmail_logged(pane):
            raise UserError(request.env._("This e-mail is logged there already."))
        email = pane.email
        record.mail_plugin_log(email)
        says = request.env._("The e-mail was logged on %s.", record.display_name)
        if not action.text:
            return cards.clicked(says=says)
        card = self._gmail_card_of(pane, action.text)
        return cards.clicked(cards.replaced(card), says=says)

    def _gmail_make(self, pane, action):
        """Make a record of the e-mail, or ask first where it is to be put."""
        records = self._gmail_model(action)
        if not records._mail_plugin_place:
            record, says = self._gmail_create(pane, records, action.text)
            return self._gmail_made(pane, action.text, says)
        section = self._gmail_places(pane, records, action.text)
        card = self._gmail_card(pane, request.env._("Where to put it"), sections=section)
        return cards.clicked(cards.pushed(card))

    def _gmail_pick(self, pane, action):
        """Search for where a record is to be put."""
        query = pane.event.inputs.get("query", "")
        if 0 < len(query) < SHORTEST_TERM:
            raise UserError(request.env._("Type at least %s letters.", SHORTEST_TERM))
        section = self._gmail_places(pane, self._gmail_model(action), action.text, query)
        card = self._gmail_card(pane, request.env._("Where to put it"), sections=section)
        return cards.clicked(cards.replaced(card))

    def _gmail_places(self, pane, records, who, query=""):
        """Yield the sections in which a record's place is chosen: the project of a task."""
        places, count = self._find_records(records._mail_plugin_place, (query,) if query else ())
        rows = places.mail_plugin_rows()
        widgets = [
            cards.Line(
                row["name"],
                remark=" · ".join(
                    value for key, value in row.items() if key not in ("id", "name") and value
                ),
                click=pane.click("put", places.browse(row["id"]), f"{records._name} {who}"),
            )
            for row in rows
        ]
        if query or count > len(rows):
            field = cards.Field("query", request.env._("Search in Odoo"), query)
            button = pane.button(request.env._("Search"), "pick", records, who)
            yield cards.Section((field, cards.Buttons((button,))))
        if count > len(rows):
            text = request.env._("%(shown)s of %(count)s are shown.", shown=len(rows), count=count)
            widgets.append(cards.Paragraph(text))
        none = request.env._("Nothing was found.") if query else request.env._("There is none yet.")
        yield cards.Section(tuple(widgets) or (cards.Paragraph(none),))
        if places.has_access("create"):
            button = pane.button(
                request.env._("Create and Use"),
                "put_new",
                places.browse(),
                f"{records._name} {who}",
                needs=("place",),
            )
            field = cards.Field("place", request.env._("New: its name"))
            yield cards.Section((field, cards.Buttons((button,))))

    def _gmail_put(self, pane, action):
        """Make a record of the e-mail in the place that was chosen."""
        name, _blank, who = action.text.partition(" ")
        place = self._gmail_record(action)
        _record, says = self._gmail_create(pane, self._gmail_records(name), who, place)
        return self._gmail_made(pane, who, says, pop=True)

    def _gmail_put_new(self, pane, action):
        """Make a place, and a record of the e-mail in it."""
        name, _blank, who = action.text.partition(" ")
        title = pane.event.inputs.get("place", "")
        if not title:
            raise UserError(request.env._("Type a name first."))
        _email = pane.email  # Read before anything is written.
        place = self._gmail_new_place(self._gmail_model(action), title)
        _record, says = self._gmail_create(pane, self._gmail_records(name), who, place)
        return self._gmail_made(pane, who, says, pop=True)

    def _gmail_new_place(self, places, title):
        """Return a place that is made, of a double click the one that the first click has made."""
        request.env["mail.plugin.claim"].take("place", places._name, request.env.uid, title)
        since = fields.Datetime.now() - AGAIN
        made = Domain("create_uid", "=", request.env.uid) & Domain("create_date", ">=", since)
        place = places.search(made & Domain("name", "=", title), limit=1)
        return place or places.create({"name": title})

    def _gmail_create(self, pane, records, who, *place):
        """Make a record of the e-mail for somebody.

        :param who: see `_gmail_card_of`
        :return: the record, and what is said of it
        """
        if records._name not in self._section_models().values():
            raise AccessError(request.env._("You may not create this."))
        email, contact, address, name = pane.email, request.env["res.partner"], "", ""
        if who.isdecimal():
            contact = contact.browse(int(who))
        else:
            address, name = who, pane.name_of(who)
            contact = contact.mail_plugin_find(address, name).filtered("active")
        partner = get_sender(
            contact.id, partner_email=address, partner_name=name, text=email.html, **pane.head.sent
        )
        record = records.mail_plugin_get_or_create(partner, email, *place)
        return record, request.env._("%s is in Odoo.", record.display_name)

    def _gmail_made(self, pane, who, says, pop=False):
        card = cards.replaced(self._gmail_card_of(pane, who))
        return cards.clicked(*([{"pop": True}] if pop else []), card, says=says)

    def _gmail_buy(self, pane, action):
        """Look up a company's data, for credits."""
        subject = self._gmail_record(action)
        request.env["mail.plugin.claim"].take("company data", subject.id)
        if action.name == "company":
            answer = self.res_partner_enrich_and_create_company(subject.id)
        elif self._get_company_facts(subject):
            # A double click, or a colleague's: they are paid for.
            answer = {"enrichment_info": {"type": "company_updated"}}
        else:
            answer = self.res_partner_enrich_and_update_company(subject.id)
        info = answer.get("enrichment_info") or {}
        says = answer.get("error") or self._gmail_bought(info)
        card = self._gmail_card_of(pane, action.text)
        return cards.clicked(cards.replaced(card), says=says)

    def _gmail_bought(self, info):
        """Return what is said of a lookup."""
        return {
            "company_created": request.env._("The company was added."),
            "company_updated": request.env._("The company's data were filled in."),
            "no_data": request.env._("Nothing is known about this company."),
            "missing_data": request.env._("This address belongs to no company's domain."),
            "insufficient_credit": request.env._(
                "There are not enough credits. An administrator can buy some in Odoo."
            ),
        }.get(info.get("type")) or str(
            info.get("info") or request.env._("The data could not be looked up.")
        )

    # === RECORDS === #

    def _gmail_records(self, model):
        """Return the model of an action.

        :raise InvalidAction: for one that the user's add-on does not show
        """
        if model not in self._searchable_models():
            raise actions.InvalidAction()
        return request.env[model]

    def _gmail_model(self, action):
        return self._gmail_records(action.model)

    def _gmail_record(self, action):
        """Return the record of an action.

        :raise UserError: when it is gone
        """
        record = self._gmail_model(action).browse(action.id).exists()
        if not record:
            raise UserError(request.env._("This record no longer exists."))
        record.check_access("read")
        return record
