from odoo import models
from odoo.tools.mail import email_split_tuples, formataddr

from ..tools.address import address_key, display_name
from ..tools.copies import BCC, CC, TO, Copies

# RFC 5322, 3.4: a group without members, where nobody is to be shown.
_NOBODY_SHOWN = "undisclosed-recipients:;"
_SHOWN_HEADER = "x-msg-to-add"


class MailMail(models.Model):
    """To and Cc in the headers of each copy of a message, Bcc in no header of any."""

    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_split_entries(self, entries: list[dict], verdict) -> list[dict]:
        """Return the outgoing mails of this one mail, one more for each address in Bcc.

        :param entries: see `_prepare_outgoing_list`
        :param verdict: of this mail, None where the policy is off
        """
        # The queue sends for everybody.
        message_sudo = self.sudo().mail_message_id
        copies = message_sudo._recipient_copies()
        if not (copies.cc or copies.bcc):
            return entries
        cc = self._recipient_shown_cc(copies, verdict)
        return [one for entry in entries for one in self._recipient_split_entry(entry, copies, cc)]

    def _recipient_shown_cc(self, copies: Copies, verdict) -> list[str]:
        """Return what the header Cc says, with the names: the same to everybody."""
        colleagues = self.env["mail.thread"]._recipient_employee_refs(copies.cc)
        owners = {key: int(ref) for ref, keys in copies.chosen.items() for key in keys}
        owners = {**owners, **colleagues}
        # Those in Cc are shown to each other, whoever sends the queue.
        partners_sudo = self.env["res.partner"].sudo().browse({*owners.values()} - {0}).exists()
        names = {partner.id: display_name(partner.name) for partner in partners_sudo}
        return [
            formataddr((names.get(owners.get(key), ""), key))
            for key in copies.cc
            if verdict is None or key in colleagues or verdict.may_show(key)
        ]

    def _recipient_split_entry(self, entry: dict, copies: Copies, cc: list[str]) -> list[dict]:
        """Return one outgoing mail as the one that its addresses in To and Cc get, and one for each
        in Bcc.

        One that reaches nobody gets no other addresses to be shown: without any that is told to be
        meant, stock would send it to all of them.
        """
        partner, keys = entry["partner_id"], entry["email_to_normalized"]
        if not keys:
            return [{**entry, "email_cc": []}]
        lines: dict[str, list[str]] = {TO: [], CC: [], BCC: []}
        for key in dict.fromkeys(keys):
            lines[copies.header(key, partner.id if partner else None)].append(key)
        headers = {n: v for n, v in entry["headers"].items() if n.lower() != _SHOWN_HEADER}
        added = [v for n, v in entry["headers"].items() if n.lower() == _SHOWN_HEADER]
        shown = self._recipient_shown_to(",".join(added), {*lines[TO]}, copies)
        name = display_name(partner.name) if partner else ""
        found = []
        if openly := [*lines[TO], *lines[CC]]:
            to = [formataddr((name, key)) for key in lines[TO]]
            extended = {**headers, "X-Msg-To-Add": ",".join(shown)} if to and shown else headers
            found.append(
                {
                    **entry,
                    "email_to": to or shown or [_NOBODY_SHOWN],
                    "email_cc": cc,
                    "email_to_normalized": openly,
                    "headers": extended,
                }
            )
        found += [
            {
                **entry,
                "email_to": shown or [_NOBODY_SHOWN],
                "email_cc": cc,
                "email_to_normalized": [key],
                # Of it stock makes the envelope, and takes it away before the mail leaves.
                "headers": {**headers, "Bcc": key},
            }
            for key in lines[BCC]
        ]
        return found

    def _recipient_shown_to(self, text: str, own: set[str], copies: Copies) -> list[str]:
        """Return who is shown in To beside `own`: nobody of those in Cc or Bcc."""
        openly = {key for keys in copies.chosen.values() for key in keys}
        secret = {key for keys in copies.bcc.values() for key in keys} - openly
        return [
            formataddr((name, email))
            for name, email in email_split_tuples(text)
            if address_key(email) not in own.union(secret, copies.cc)
        ]
