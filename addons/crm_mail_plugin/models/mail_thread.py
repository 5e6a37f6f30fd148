import datetime

import lxml.html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, html_sanitize, is_html_empty
from odoo.tools.sql import escape_psql

from odoo.addons.crm_common.tools.mailboxes import spellings_of

from ..tools import addresses, emails

#: Records that one e-mail was logged on, of which one is looked for.
MAX_RECORDS = 100
#: How long equal content that a user hands over is taken for the same e-mail, sent again.
AGAIN = datetime.timedelta(minutes=10)
#: Class of what the log adds to the text of an e-mail.
NOTE = "o_mail_plugin_note"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.private
    def mail_plugin_log(self, email: emails.Email):
        """Log an e-mail on the record, once.

        With its Message-ID known it is the message that later replies are put under.

        :param email: the e-mail
        :return: its mail.message on the record, the existing one if it was logged before
        :raise AccessError: when the user may not post on the record
        """
        self.ensure_one()
        self.check_access(self._mail_post_access)
        if logged := self._mail_plugin_logged(email):
            return logged
        self.env["mail.plugin.claim"].take("log", self._name, self.id, email.key)
        message = self.message_post(**self._mail_plugin_message_values(email))
        # sudo: the log is closed to users.
        log_sudo = self.env["mail.plugin.log"].sudo()
        log_sudo.create({"email_key": email.key, "message_id": message.id})
        return message

    @api.private
    def mail_plugin_take(self, email: emails.Email):
        """Log an e-mail that the record was made of, and describe the record by its text."""
        text = self.mail_plugin_text(self.mail_plugin_log(email))
        if text and is_html_empty(self.description):
            self.description = text
        return self

    @api.private
    def mail_plugin_text(self, message) -> Markup:
        """Return the text of a logged e-mail without what the log tells of it, "" when empty."""
        if is_html_empty(message.body):
            return Markup()
        root = lxml.html.fragment_fromstring(message.body, create_parent="div")
        for note in root.find_class(NOTE):
            note.drop_tree()
        text = Markup(lxml.html.tostring(root, encoding="unicode")[len("<div>") : -len("</div>")])
        return Markup() if is_html_empty(text) else text

    @api.private
    def mail_plugin_earlier(self, email: emails.Email, domain: Domain):
        """Return the records of this model that an e-mail was logged on before.

        :param domain: which of them may be the e-mail's
        :return: the open record that has this very e-mail, and the last closed one that has it or
            one of the same content; each may be none
        """
        # sudo: the log is closed to users; of the records only theirs are returned.
        log_sudo = self.env["mail.plugin.log"].sudo()
        logged_sudo = log_sudo.search(
            [("email_key", "=", email.key), ("message_id.model", "=", self._name)],
            order="id desc",
            limit=MAX_RECORDS,
        )
        same_sudo = logged_sudo.filtered_domain(self._mail_plugin_same(email))
        same_ids = set(same_sudo.message_id.mapped("res_id"))
        records = self.with_context(active_test=False).search(
            Domain("id", "in", logged_sudo.message_id.mapped("res_id")) & domain, order="id desc"
        )
        records = records.with_env(self.env)
        closed = records.filtered(lambda record: record._mail_plugin_is_closed())
        same = (records - closed).filtered(lambda record: record.id in same_ids)
        return same[:1], closed[:1]

    @api.private
    def mail_plugin_follow(self, closed):
        """Tell on a new record which closed one it follows, if any."""
        if closed:
            body = self.env._("This follows %s, which is closed.", closed._get_html_link())
            self.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _mail_plugin_is_closed(self):
        """Say whether work on this one record has ended, so that no new e-mail belongs to it."""
        return "active" in self and not self.active

    @api.private
    def mail_plugin_domain(self, partner, address: str = "") -> Domain:
        """Return which records belong to a sender: theirs, their company's, and by e-mail.

        :param partner: a `res.partner`, the sender, may be none
        :param address: normalized e-mail address of the sender, else the contact's
        """
        address = self._mail_plugin_address_of(partner, address)
        domains = []
        if address:
            domains.append(self._mail_plugin_address_domain(address))
        if partner:
            family = partner.commercial_partner_id
            domains.append(Domain("partner_id.commercial_partner_id", "=", family.id))
        return Domain.OR(domains)

    @api.model
    def _mail_plugin_address_of(self, partner, address):
        return address or addresses.normalize(partner.email) or partner.email_normalized

    def _mail_plugin_address_domain(self, address):
        """Return which records have an e-mail address, that of `_primary_email`.

        Odoo keeps it as it stood in the e-mail that made the record, with a name in front.
        """
        spelled = [escape_psql(spelling) for spelling in spellings_of(address)]
        return Domain.OR(
            Domain(self._primary_email, "=ilike", pattern)
            for pattern in (*spelled, *(f"%<{spelling}>" for spelling in spelled))
        )

    def _mail_plugin_same(self, email) -> Domain:
        """Return which rows of the log are this very e-mail, logged before.

        Where nothing but its content is known, an equal one is another e-mail, unless the same
        user hands it over again at once.
        """
        same = Domain("email_key", "=", email.key)
        if email.is_identified:
            return same
        since = fields.Datetime.now() - AGAIN
        return (
            same
            & Domain("message_id.create_uid", "=", self.env.uid)
            & Domain("message_id.create_date", ">=", since)
        )

    def _mail_plugin_logged(self, email):
        """Return the message that an e-mail is on this record, if there is one."""
        ours = Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
        # sudo: the log is closed to users; who may post on the record may know of its messages.
        log_sudo = self.env["mail.plugin.log"].sudo()
        on_record = Domain("message_id", "any", ours)
        logged_sudo = log_sudo.search(on_record & self._mail_plugin_same(email), limit=1).message_id
        if not logged_sudo and email.message_id:
            # It may have come in through Odoo's own mail gateway.
            messages_sudo = self.env["mail.message"].sudo()
            by_id = Domain("message_id", "=", email.message_id)
            logged_sudo = messages_sudo.search(ours & by_id, limit=1)
        return logged_sudo.sudo(False)

    def _mail_plugin_message_values(self, email):
        """Return the arguments of ``message_post`` for an e-mail."""
        email = email.with_pictures_attached().shortened()
        values = {
            "body": _without_missing_pictures(email) + self._mail_plugin_notes(email),
            "subject": email.subject or None,
            "attachments": [
                (file.name, file.content, {"cid": file.cid}) for file in email.attachments
            ],
            "subtype_xmlid": "mail.mt_note",
            "incoming_email_to": email.recipients or False,
            "incoming_email_cc": email.copies or False,
        }
        if email.message_id:
            values["message_id"] = email.message_id
        if email.timestamp is not None:
            sent = datetime.datetime.fromtimestamp(email.timestamp / 1000, datetime.timezone.utc)
            values["date"] = sent.replace(tzinfo=None, microsecond=0)
        if sender := addresses.normalize(email.sender):
            values |= {
                "message_type": "email",
                "email_from": email.sender,
                "author_id": self._mail_plugin_author(sender).id,
            }
        return values

    @api.model
    def _mail_plugin_author(self, sender):
        """Return the contact whose words an e-mail is, as far as one user may say so.

        Nobody's words are put into a colleague's mouth: of theirs the address is shown.

        :param sender: normalized e-mail address
        """
        contacts = self.env["res.partner"]
        if not contacts.mail_plugin_is_own(sender) and contacts.mail_plugin_colleagues([sender]):
            return contacts
        author = contacts.mail_plugin_find(sender).filtered("active")
        # sudo: whether a contact is a user is told to users, but not by its users' rows.
        users_sudo = author.sudo().user_ids.filtered(lambda user: user._is_internal())
        return author.browse() if users_sudo and self.env.user not in users_sudo else author

    @api.model
    def _mail_plugin_notes(self, email) -> Markup:
        """Return what the log adds to an e-mail: who has logged it, and what is not with it."""
        notes = self._mail_plugin_left_out(email)
        if addresses.normalize(email.sender):
            today = format_date(self.env, fields.Date.context_today(self))
            user = self.env.user.name
            told = self.env._("Logged by %(user)s on %(date)s.", user=user, date=today)
            notes += Markup("<p class='small text-muted'>%s</p>") % told
        return Markup('<div class="%s">%s</div>') % (NOTE, notes) if notes else notes

    @api.model
    def _mail_plugin_left_out(self, email) -> Markup:
        """Return what a message tells of the e-mail's files that are not with it."""
        reasons = {
            "size": self.env._("too large together with the others"),
            "count": self.env._("too many files"),
            "unread": self.env._("could not be read"),
        }
        lines = [
            Markup("<li>%s: <a href='%s' target='_blank' rel='noopener'>%s</a></li>")
            % (file.name, file.url, file.url)
            if file.url
            else Markup("<li>%s: %s</li>") % (file.name, reasons[file.reason])
            for file in email.left_out
        ]
        if not lines:
            return Markup()
        title = self.env._("Files of this e-mail that were not stored here:")
        return Markup("<p>%s</p><ul>%s</ul>") % (title, Markup().join(lines))


def _without_missing_pictures(email) -> Markup:
    """Return the e-mail's text, clean, with words in place of pictures that did not come along.

    The Outlook add-in sends the text of a new record without its pictures.
    """
    html = html_sanitize(email.html)
    if "cid:" not in html:
        return Markup(html)
    present = {file.cid for file in email.attachments}
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for image in root.xpath("//img[starts-with(@src, 'cid:')]"):
        if image.get("src").removeprefix("cid:") not in present:
            image.tail = f"[{image.get('alt') or 'image'}]" + (image.tail or "")
            image.drop_tag()
    return Markup(lxml.html.tostring(root, encoding="unicode"))
