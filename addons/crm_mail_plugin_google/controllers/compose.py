"""What is shown beside a draft: Odoo's templates, and who should not get it."""

from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import html_sanitize

from odoo.addons.crm_mail_plugin.tools import addresses, emails

from ..tools import actions, cards

MAX_TEMPLATES = 20
#: Characters of a text that Gmail is given.
MAX_MARKUP = 60_000
#: Records of a contact among which an open one is looked for.
MAX_RECORDS = 50


class Compose:
    """Part of the add-on's controller: templates for drafts."""

    def _gmail_compose_card(self, pane):
        people = [address for one in pane.event.recipients if (address := addresses.normalize(one))]
        named = self._gmail_named(pane)
        if not people:
            text = request.env._(
                "Fill in the draft's recipients first, then open this again: a template is filled "
                "in for the contact whom you write to."
            )
            section = cards.Section((cards.Paragraph(text),))
            return self._gmail_card(pane, request.env._("Templates"), sections=(section,))
        contact = request.env["res.partner"].mail_plugin_find(people[0]).filtered("active")
        sections = []
        for record in self._gmail_subjects(contact, people[0]):
            sections += self._gmail_refused(record, named)
            sections += self._gmail_templates(pane, record)
        if not sections:
            text = request.env._("There is no template for %s.", people[0])
            if not contact:
                text = request.env._("%s is not in Odoo yet.", people[0])
            sections = [cards.Section((cards.Paragraph(text),))]
        title = contact.display_name or people[0]
        subtitle = request.env._("Insert a template of Odoo")
        return self._gmail_card(pane, title, subtitle, sections=sections)

    def _gmail_subjects(self, contact, address):
        """Yield what a draft to somebody may be about: them, and what is open of theirs."""
        if contact:
            yield contact
        for model in self._section_models().values():
            records = request.env[model]
            found = records.search(records.mail_plugin_domain(contact, address), limit=MAX_RECORDS)
            yield from found.filtered(lambda record: not record._mail_plugin_is_closed())[:1]

    def _gmail_named(self, pane):
        """Return all whom the draft is to: their addresses, and as it stands what is none, which
        Gmail may read as one all the same."""
        return [addresses.normalize(one) or one for one in pane.event.recipients]

    def _gmail_templates(self, pane, record):
        """Yield the section of a record's templates, if it has any."""
        templates = request.env["mail.template"].search(
            [("model", "=", record._name)], limit=MAX_TEMPLATES, order="name"
        )
        widgets = tuple(
            cards.Line(
                template.name,
                remark=template.description or "",
                icon="description",
                click=pane.click("insert", record, str(template.id)),
            )
            for template in templates
        )
        if widgets:
            yield cards.Section(widgets, record.display_name)

    def _gmail_refused(self, record, people):
        """Yield the section of those who should not get a draft about a record, if any."""
        refused = record.gmail_refusals(people)
        lines = tuple(
            cards.Line(address, remark=reason, icon="block") for address, reason in refused.items()
        )
        if lines:
            yield cards.Section(
                lines, request.env._("Not to be written to about %s", record.display_name)
            )

    def _gmail_insert(self, pane, action):
        """Put a template into the draft, filled in for a record; the user sends it from Gmail."""
        record = self._gmail_record(action)
        if not action.text.isdecimal():
            raise actions.InvalidAction()
        template = request.env["mail.template"].browse(int(action.text)).exists()
        if not template or template.model != record._name:
            raise UserError(request.env._("This template no longer exists."))
        if refused := record.gmail_refusals(self._gmail_named(pane)):
            [(address, reason), *_others] = refused.items()
            raise UserError(
                request.env._(
                    "Nothing was inserted. %(address)s should not be written to about %(record)s: "
                    "%(reason)s.",
                    address=address,
                    record=record.display_name,
                    reason=reason,
                )
            )
        found = template._generate_template(record.ids, ("subject", "body_html"))[record.id]
        markup = str(html_sanitize(found.get("body_html") or ""))
        if len(markup) > MAX_MARKUP:
            raise UserError(request.env._("This template is too long for Gmail."))
        return cards.inserted(markup, emails.plain_subject(found.get("subject") or ""))
