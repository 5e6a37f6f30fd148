from dataclasses import replace

from odoo import api, models

from ..tools import policy
from ..tools.copies import Copies
from ..tools.envelope import LINES, Envelope, envelope_of, shown
from ..tools.gate import Letter, entered


class MailThread(models.AbstractModel):
    """Who will get a message, told before it is sent."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_envelope(
        self, values: dict, choices: list[dict] | None, **notify
    ) -> Envelope | None:
        """Return who would get a message from this one card, None where it is not policed.

        It goes the way of the message itself: what is asked for is checked, the followers are
        added, and the gate judges the mail. Where one is refused nobody gets it, unless nobody
        waits for an answer: then that one is left out. Nothing is written.

        :param values: of the message, as `message_post` takes them
        :param choices: see `_recipient_check_post`
        :param notify: see `_notify_get_recipients`
        """
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        if not mode:
            return None
        scope, chosen = self._recipient_asked_for(values, choices, mode)
        refused = list(dict.fromkeys(chosen["refused"])) if chosen else []
        message_type = values.get("message_type", "notification")
        if refused and self._recipient_is_interactive(message_type):
            return Envelope(refused=tuple(refused))
        scope = replace(scope, left_out=refused)
        author_id, _from = self._message_compute_author(
            values.get("author_id"), values.get("email_from")
        )
        subtype = values.get("subtype_xmlid") or "mail.mt_note"
        message = {
            "message_type": "notification",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(subtype),
            "outgoing_email_to": False,
            "incoming_email_to": False,
            "incoming_email_cc": False,
            "recipient_map": None,
            "recipient_copies": None,
            **values,
            "partner_ids": values.get("partner_ids") or [],
            "author_id": author_id,
        }
        if chosen:
            message = self._recipient_addressed(message, chosen)
        copies = Copies.of(message["recipient_copies"], message["recipient_map"])
        named = {*message["partner_ids"], *copies.bcc_refs}
        with entered(self.env, scope):
            found = self._notify_get_recipients(self.env["mail.message"], message, **notify)
        mailed = [data for data in found if data["notif"] == "email"]
        letter = Letter(
            documents=((self._name, self.id),),
            partner_ids=tuple(data["id"] for data in mailed if data["id"]),
            copies=copies,
            to=",".join(data["email_normalized"] for data in mailed if not data["id"]),
        )
        verdict = self.env["mail.mail"]._recipient_judge_each({self.id: letter})[self.id]
        return envelope_of(verdict, scope.left_out, set(letter.partner_ids) - named)

    @api.model
    def _recipient_shown(self, envelope: Envelope | None) -> dict | bool:
        """Return the envelope of what is not sent yet as the client shows it, see `shown`, with
        {blacklisted, bounced} of each recipient that is told; False where there is none."""
        if not envelope:
            return False
        shown = self._recipient_shown_each({0: envelope})[0]
        marks = self._recipient_marks(one.email for one in envelope.recipients)
        for name in LINES:
            for line, one in zip(shown[name], getattr(envelope, name), strict=True):
                line.update({} if line["hidden"] else marks[one.email])
        return shown

    @api.model
    def _recipient_shown_each(self, envelopes: dict[int, Envelope]) -> dict[int, dict]:
        """Return envelopes of any key as the client shows them, see `shown`."""
        refs = set().union(*(envelope.refs for envelope in envelopes.values()))
        # Looked up to be told from those whom the user may view; of who is gone the log knows the
        # address.
        partners_sudo = self.env["res.partner"].sudo().browse(refs).exists()
        user = self._recipient_acting_user()
        hidden = set()
        if user:
            hidden = {*partners_sudo.ids} - {
                *partners_sudo.with_user(user)._filtered_access("read").ids
            }
        names = {partner.id: partner.name or "" for partner in partners_sudo}
        reasons = self._recipient_reasons()
        return {key: shown(one, names, hidden, reasons) for key, one in envelopes.items()}

    @api.model
    def _recipient_reasons(self) -> dict[str, str]:
        """Return what is said of who is left out or refused, by reason."""
        not_registered = self.env._("not registered here")
        failed = self.env._("could not be checked")
        no_address = self.env._("no e-mail address")
        return {
            policy.E_EDIT: self.env._("you may not edit this record"),
            policy.E_NO_LINK: not_registered,
            policy.E_NOT_ALLOWED: not_registered,
            policy.E_NO_ADDRESS: no_address,
            policy.E_EMPTY: no_address,
            policy.E_INVALID: self.env._("no valid e-mail address"),
            policy.E_HIDDEN: self.env._("not accessible to you"),
            policy.E_GONE: self.env._("the record is gone"),
            policy.E_FAILED: failed,
            policy.E_CHANGED: self.env._("the contact has changed"),
            policy.E_NOT_CHOSEN: self.env._("follows, but was not chosen"),
        }
