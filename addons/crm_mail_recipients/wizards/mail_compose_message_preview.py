import re
from collections import defaultdict

from odoo import api, fields, models

# Records that are looked at before a mailing is sent, and those of one reason that are named.
_MOST, _NAMED = 1000, 20
# What makes the text of each mail another one.
_DYNAMIC = re.compile(r"\{\{|<t[\s>]|\st-[a-z]")


class MailComposeMessage(models.TransientModel):
    """Which records get none of a mailing's mails, and why, told before it is sent."""

    _inherit = "mail.compose.message"  # pylint: disable=consider-merging-classes-inherited

    recipient_preview = fields.Json(compute="_compute_recipient_preview")

    @api.depends(
        "composition_mode",
        "model",
        "res_ids",
        "res_domain",
        "template_id",
        "partner_ids",
        "use_exclusion_list",
        "subject",
        "body",
    )
    def _compute_recipient_preview(self):
        for composer in self:
            composer.recipient_preview = composer._recipient_preview()

    def _recipient_preview(self) -> dict | bool:
        """Return who is left out of this one mailing, False where it is not under the policy.

        It is {records, looked_at, mailed (numbers of records), left_out: [{reason (a sentence),
            number, names}]}. Nothing is written.
        """
        mails = self.env["mail.mail"]
        if (
            self.composition_mode != "mass_mail"
            or not self.env["res.company"]._recipient_modes()
            or not mails._recipient_is_card_model(self.model)
        ):
            return False
        records = self.env[self.model]
        if self.res_domain:
            domain = self._evaluate_res_domain()
            number, records = records.search_count(domain), records.search(domain, limit=_MOST)
        else:
            res_ids = self._evaluate_res_ids()
            number = len(res_ids)
            # Which they are is the client's word.
            records = records.browse(res_ids[:_MOST]).exists()._filtered_access("read")
        if not records._recipient_modes():
            return False
        values = self._process_mail_values_state(self._recipient_preview_values(records))
        verdicts = self._recipient_mass_verdicts(values)
        types = dict(mails._fields["failure_type"]._description_selection(self.env))
        reasons = self.env["mail.thread"]._recipient_reasons()
        left_out = defaultdict(records.browse)
        stopped = records.browse()
        for record in records:
            state, verdict = values[record.id], verdicts.get(record.id)
            refused = verdict.refused if verdict else ()
            refused = [reasons.get(one.reason, one.reason) for one in refused]
            if state.get("state") not in ("cancel", "exception"):
                for reason in dict.fromkeys(refused):
                    text = self.env._("one of several recipients: %s", reason)
                    left_out[text] |= record
                continue
            stopped |= record
            reason = types.get(state.get("failure_type"), "")
            if refused and verdict.is_empty:
                reason = refused[0]
            left_out[reason] |= record
        return {
            "records": number,
            "looked_at": len(records),
            "mailed": len(records - stopped),
            "left_out": [
                {
                    "reason": reason,
                    "number": len(some),
                    "names": [record.display_name for record in some[:_NAMED]],
                }
                for reason, some in sorted(left_out.items(), key=lambda one: -len(one[1]))
            ],
        }

    def _recipient_preview_values(self, records) -> dict[int, dict]:
        """Return of the values of each record's mail those by which it is sent or not, see
        `_prepare_mail_values`."""
        found = {}
        if self.template_id:
            found = self._generate_template_for_composer(
                records.ids,
                {"email_cc", "email_to", "partner_ids"},
                find_or_create_partners=False,
            )
        elif not self.partner_ids:
            found = records._message_get_default_recipients()
        # Two mails of one text to one address are sent once; reports make each another one.
        is_dynamic = _DYNAMIC.search(f"{self.subject or ''} {self.body or ''}")
        is_dynamic = is_dynamic or self.template_id.report_template_ids
        values = {}
        for record in records:
            whom = found.get(record.id, {})
            ids = {*(whom.get("partner_ids") or []), *self.partner_ids.ids}
            values[record.id] = {
                "attachment_ids": self.attachment_ids.ids,
                "body": record.id if is_dynamic else "",
                "email_cc": whom.get("email_cc"),
                "email_to": whom.get("email_to"),
                "recipient_ids": [(4, ref) for ref in ids],
                "subject": "",
            }
        return values
