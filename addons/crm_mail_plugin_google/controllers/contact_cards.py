"""The card of an e-mail's contact, with all that the database knows of that contact."""

from odoo.http import request

from odoo.addons.crm_mail_plugin.tools import addresses

from ..tools import cards
from .pane import redirect_url

#: People of one e-mail beside the one whose card it is.
MAX_OTHERS = 30
#: What is shown of a company's data, in this order.
FIRMOGRAPHICS = (
    "industry_group", "industry", "sub_industry", "employees", "founded_year", "company_type",
    "estimated_annual_revenue", "location",
)  # fmt: skip
MAX_DESCRIPTION = 400
#: Kinds of pictures that Google shows, by how they begin in base64.
PICTURES = {"iVBORw0KGgo": "png", "/9j/": "jpeg"}


class ContactCards:
    """Part of the add-on's controller: builds the cards of contacts."""

    def _gmail_mail_card(self, pane):
        """Return the card of the open e-mail: of its sender, or else of whom it went to."""
        people = self._gmail_people(pane)
        if not people:
            sections = (
                cards.Section(
                    (
                        cards.Paragraph(
                            request.env._(
                                "Nobody is on this e-mail but you and this database. Search for "
                                "the contact whom it is about."
                            )
                        ),
                    )
                ),
                self._gmail_search_section(pane),
            )
            return self._gmail_card(pane, "Odoo", sections=sections)
        return self._gmail_person_card(pane, people[0].address)

    def _gmail_people(self, pane):
        """Return the people of the open e-mail without the user: the sender first, colleagues at
        the end."""
        if pane.head is None:
            return []
        if pane.people is None:
            people = pane.head.people
            contacts = request.env["res.partner"]
            pane.known = contacts.mail_plugin_people(
                [person.address for person in people], pane.head.message_id
            )
            pane.known.read_contacts()
            nobodys = pane.known.mailboxes | pane.known.own
            nobodys.add(addresses.normalize(pane.account.email))
            first = people[0].address if pane.head.senders else ""
            pane.people = sorted(
                (person for person in people if person.address not in nobodys),
                key=lambda one: (one.address != first, one.address in pane.known.colleagues),
            )
        return pane.people

    def _gmail_find_contact(self, pane, address, name):
        """Return the contact that has an address, of the open e-mail or of the card of another."""
        self._gmail_people(pane)
        if pane.known and address in pane.known.found:
            return pane.known.find(address, name)
        return request.env["res.partner"].mail_plugin_find(address, name)

    def _gmail_card_of(self, pane, who):
        """Return the card of somebody.

        :param who: an address on the open e-mail, or the id of a contact
        """
        if who.isdecimal():
            contact = request.env["res.partner"].browse(int(who)).exists()
            return self._gmail_contact_card(pane, contact)
        return self._gmail_person_card(pane, who)

    def _gmail_person_card(self, pane, address):
        """Return the card of somebody on the open e-mail, who may be no contact yet."""
        name = pane.name_of(address)
        contact = self._gmail_find_contact(pane, address, name)
        is_archived = bool(contact) and not contact.active
        contact = contact.filtered("active")
        if contact:
            return self._gmail_contact_card(pane, contact, address)
        buttons = []
        if contact.has_access("create"):
            label = request.env._("Add to Odoo")
            buttons.append(pane.button(label, "add", contact, address))
        remark = request.env._("Not in Odoo yet")
        if is_archived:
            remark = request.env._("This contact is archived. Add it to bring it back.")
        widgets = [cards.Line(address, remark=remark, icon="person_add")]
        if buttons:
            widgets.append(cards.Buttons(tuple(buttons)))
        look = contact.mail_plugin_look(address, self._section_models().values())
        sections = (
            cards.Section(tuple(widgets)),
            *self._gmail_company_sections(pane, look),
            *self._gmail_record_sections(pane, look, address),
            *self._gmail_other_sections(pane, address),
        )
        return self._gmail_card(pane, name or address, sections=sections)

    def _gmail_contact_card(self, pane, contact, address=""):
        """Return the card of a contact.

        :param address: whose person of the e-mail the contact is, "" for none of it
        """
        self._gmail_people(pane)
        contact.mail_plugin_read_ahead()
        contact.check_access("read")
        # Of several contacts with one address, or of one without, the buttons mean this one.
        who = address or str(contact.id)
        address = address or contact.email_normalized or ""
        look = contact.mail_plugin_look(address, self._section_models().values())
        row = look.row()
        text = row["email"] or address
        widgets = [cards.Line(text or "–", label=request.env._("Email"), icon="mail")]
        if row["phone"]:
            number = "".join(c for c in row["phone"] if c in "+0123456789")
            call = cards.Click(link=f"tel:{number}") if number.strip("+") else None
            label = request.env._("Phone")
            widgets.append(cards.Line(row["phone"], label=label, icon="call", click=call))
        buttons = [
            cards.Button(request.env._("Open in Odoo"), cards.Click(link=redirect_url(contact)))
        ]
        if pane.head is not None and row["can_write_on_partner"]:
            is_logged = ("res.partner", contact.id) in self._gmail_logged(pane)
            label = request.env._("E-mail Logged") if is_logged else request.env._("Log E-mail")
            buttons.append(pane.button(label, "log", contact, who))
        widgets.append(cards.Buttons(tuple(buttons)))
        sections = (
            cards.Section(tuple(widgets)),
            *self._gmail_company_sections(pane, look, who),
            *self._gmail_record_sections(pane, look, who),
            *self._gmail_other_sections(pane, address),
        )
        subtitle = row["parent_name"] or ""
        if contact.function:
            subtitle = ", ".join(filter(None, (contact.function, subtitle)))
        picture = _picture(row["image"])
        return self._gmail_card(pane, row["name"], subtitle, picture, sections=sections)

    def _gmail_company_sections(self, pane, look, who=""):
        """Yield what is known of a company, and the button that buys what is not.

        :param look: the `Look` at the sender
        :param who: whose card it is, see `_gmail_card_of`
        """
        widgets = []
        data, company = {}, look.company
        if company:
            data = look.facts
            place = ", ".join(filter(None, (company.city, company.country_id.name)))
            widgets.append(
                cards.Line(
                    company.complete_name or company.display_name,
                    remark=place,
                    icon="apartment",
                    image=_picture(look.pictures.get(company.id)),
                    click=cards.Click(link=redirect_url(company)),
                )
            )
            if company.website:
                # No link: Google opens no address but this database's, as the deployment says.
                widgets.append(cards.Line(company.website, icon="language"))
            labels = self._gmail_firmographics()
            widgets.extend(
                cards.Line(str(data[key]), label=labels[key]) for key in labels if data.get(key)
            )
            if data.get("description"):
                widgets.append(cards.Paragraph(str(data["description"])[:MAX_DESCRIPTION]))
        if offer := self._look_up_offer(look.contact, company, data):
            price = offer["price"]
            label = request.env._("Look Up Company (%s credits)", price)
            if price == 1:
                label = request.env._("Look Up Company (1 credit)")
            name = {"create": "company", "update": "enrich"}[offer["action"]]
            widgets.append(cards.Buttons((pane.button(label, name, offer["record"], who),)))
        if widgets:
            yield cards.Section(tuple(widgets), request.env._("Company"))

    def _gmail_firmographics(self):
        """Return the labels of what is shown of a company's data."""
        words = (
            request.env._("Industry"), request.env._("Industry"), request.env._("Sub-industry"),
            request.env._("Employees"), request.env._("Founded"), request.env._("Company Type"),
            request.env._("Annual Revenue"), request.env._("Location"),
        )  # fmt: skip
        return dict(zip(FIRMOGRAPHICS, words, strict=True))

    # === RECORDS === #

    def _gmail_record_sections(self, pane, look, who):
        """Yield the leads, tasks and tickets of a sender, each with their true number.

        :param look: the `Look` at the sender
        :param who: whose card it is, see `_gmail_card_of`
        """
        found = self._get_sections(look.contact, look.address)
        logged = self._gmail_logged(pane)
        titles = self._gmail_titles()
        for name, model in self._section_models().items():
            records, count = request.env[model], found[f"{name}_count"]
            rows = found[f"{name}s"]
            widgets = [self._gmail_row(pane, records, row, logged, who) for row in rows]
            buttons = []
            if pane.head is not None:
                label = request.env._("New")
                buttons.append(pane.button(label, "make", records, who))
            if count > len(rows):
                label = request.env._("Show All")
                buttons.append(pane.button(label, "all", records, who))
            buttons.append(pane.button(request.env._("Search"), "search", records, who))
            title = f"{titles.get(name) or records._description} ({count})"
            yield cards.Section((*widgets, cards.Buttons(tuple(buttons))), title)

    def _gmail_titles(self):
        return {
            "lead": request.env._("Opportunities"),
            "task": request.env._("Tasks"),
            "ticket": request.env._("Tickets"),
        }

    def _gmail_row(self, pane, records, row, logged, address=""):
        """Return the line of a record: a click opens it in Odoo, its button logs the e-mail."""
        record = records.browse(row["id"])
        texts = [
            value
            for key, value in row.items()
            if key not in ("id", "name", "image", "phone") and isinstance(value, str) and value
        ]
        button = None
        is_taken = record._name in self._mail_content_logging_models_whitelist()
        if pane.head is not None and is_taken:
            is_logged = (record._name, record.id) in logged
            label = request.env._("E-mail Logged") if is_logged else request.env._("Log E-mail")
            icon = "mark_email_read" if is_logged else "forward_to_inbox"
            button = pane.button(label, "log", record, address, icon)
        return cards.Line(
            row["name"] or record.display_name or "–",
            remark=" · ".join(texts),
            click=cards.Click(link=redirect_url(record)),
            button=button,
        )

    def _gmail_logged(self, pane):
        """Return on which records the open e-mail was logged, by whomever.

        It is known once the people are, whom a card asks for after what a click has written.
        """
        if pane.known:
            return set(pane.known.places)
        if pane.head is None:
            return set()
        return set(request.env["mail.plugin.log"].places_of(pane.head.message_id))

    # === WHAT EACH CARD HAS === #

    def _gmail_other_sections(self, pane, address):
        """Yield the other people of the open e-mail."""
        people = [one for one in self._gmail_people(pane) if one.address != address]
        if not people:
            return
        shown = people[:MAX_OTHERS]
        contacts = request.env["res.partner"]
        widgets = []
        for one in shown:
            contact = pane.known.contacts.get(one.address)
            remark = one.address if contact or one.name else request.env._("Not in Odoo yet")
            widgets.append(
                cards.Line(
                    contact.name or one.name if contact else one.name or one.address,
                    remark=remark or "",
                    icon="person" if contact else "person_add",
                    click=pane.click("person", contacts, one.address),
                )
            )
        if len(people) > len(shown):
            text = request.env._("And %s more.", len(people) - len(shown))
            widgets.append(cards.Paragraph(text))
        yield cards.Section(tuple(widgets), request.env._("In This E-mail"))

    def _gmail_search_section(self, pane, records=None, address="", value=""):
        """Return the section in which something is searched for."""
        records = request.env["res.partner"] if records is None else records
        titles = self._gmail_titles()
        names = {model: titles.get(name) for name, model in self._section_models().items()}
        what = names.get(records._name) or request.env._("Contacts")
        button = pane.button(request.env._("Search"), "find", records, address, needs=("query",))
        return cards.Section((cards.Field("query", what, value), cards.Buttons((button,))))

    def _gmail_card(self, pane, title, subtitle="", image="", sections=()):
        """Return a card, with whose Google account and user it is shown with."""
        env = request.env
        account = cards.Line(
            pane.account.email,
            label=env._("Google account"),
            remark=env._("Odoo: %s", pane.user_name),
            icon="account_circle",
        )
        widgets = [account]
        if not pane.names_account:
            widgets.append(
                cards.Paragraph(
                    env._(
                        "This e-mail names %s nowhere: it came by a list, as a blind copy, or to a "
                        "shared or delegated mailbox. What you do is done by your user of Odoo.",
                        pane.account.email,
                    )
                )
            )
        menu = (
            (env._("Refresh"), pane.click("refresh")),
            (env._("Search"), pane.click("search", env["res.partner"])),
            (env._("Disconnect"), pane.click("disconnect")),
        )
        return cards.Card(
            title, subtitle, image, tuple(sections), (cards.Section(tuple(widgets)),), menu
        )


def _picture(image):
    """Return a picture as a card takes it, "" for none and for a kind that Gmail does not show.

    :param image: base64 as data, False for none
    """
    text = (image or "").rpartition(",")[2]
    kind = next((kind for start, kind in PICTURES.items() if text.startswith(start)), "")
    return f"data:image/{kind};base64,{text}" if kind else ""
