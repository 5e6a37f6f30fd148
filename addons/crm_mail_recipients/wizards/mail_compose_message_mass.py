from odoo import models

from ..tools.gate import Letter, Verdict


class MailComposeMessage(models.TransientModel):
    """Mailings and rules: nobody sees here who is written to before it is sent."""

    _inherit = "mail.compose.message"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_mass_verdicts(self, values_by_id: dict[int, dict]) -> dict[int, Verdict]:
        """Judge a mailing's mails before they are made, of the records under the policy.

        :param values_by_id: see `_prepare_mail_values`
        """
        mails = self.env["mail.mail"]
        if (
            self.composition_mode != "mass_mail"
            or not self.env["res.company"]._recipient_modes()
            or not mails._recipient_is_card_model(self.model)
        ):
            return {}
        letters = {
            res_id: Letter(
                documents=((self.model, res_id),),
                # Commands as stock makes and reads them: (4, id).
                partner_ids=tuple(c[1] for c in values.get("recipient_ids") or [] if c[1]),
                to=values.get("email_to") or "",
                cc=values.get("email_cc") or "",
            )
            for res_id, values in values_by_id.items()
        }
        user = self.env["mail.thread"]._recipient_acting_user()
        return mails._recipient_judge_each(letters, user)

    def _get_recipients_data(self, mail_values_dict):
        """Opt-outs, duplicates and the traces of a mailing go by what is found here."""
        found = super()._get_recipients_data(mail_values_dict)
        for res_id, verdict in self._recipient_mass_verdicts(mail_values_dict).items():
            keys = [key for key in verdict.written_to if key not in verdict.cc]
            found[res_id] |= {
                "mail_to": keys,
                "mail_to_normalized": list(keys),
                "recipient_keys": verdict.written_to,
            }
        return found

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """Stock asks it of the record's own address, to which the mail need not go."""
        found = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if not self.use_exclusion_list or self.composition_mode != "mass_mail":
            return found
        written_to = {
            res_id: data["recipient_keys"]
            for res_id, data in (recipients_info or {}).items()
            if "recipient_keys" in data
        }
        keys = {key for keys in written_to.values() for key in keys}
        blacklisted = self.env["mail.blacklist"]._recipient_blacklisted(keys)
        opted_out = {
            res_id for res_id, keys in written_to.items() if blacklisted.intersection(keys)
        }
        return found - written_to.keys() | opted_out

    def _process_mail_values_state(self, mail_values_dict):
        """The addresses that were asked about are those the mails go to, whatever changes until
        they leave; who may not be written to is said to be that, and not without an address."""
        result = super()._process_mail_values_state(mail_values_dict)
        for res_id, verdict in self._recipient_mass_verdicts(result).items():
            values = result[res_id]
            chosen = {str(ref): list(keys) for ref, keys in verdict.partners.items()}
            if chosen:
                values["recipient_map"] = chosen
            if verdict.is_empty and verdict.refused:
                values |= {"state": "cancel", "failure_type": "recipient_policy"}
        return result

    def _manage_mail_values(self, mail_values_all):
        """A rule that found nobody to write to goes on; it is logged."""
        kept = super()._manage_mail_values(mail_values_all)
        mails = self.env["mail.mail"]
        if (
            self.env["res.company"]._recipient_modes()
            and self.composition_mode == "comment"
            and mails._recipient_is_card_model(self.model)
            and not self.env["mail.thread"]._recipient_is_interactive(self.message_type)
            and self.template_id.use_default_to
        ):
            named = ("partner_ids", "recipient_choices", "outgoing_email_to")
            letters = {
                res_id: Letter(documents=((self.model, res_id),))
                for res_id, values in kept.items()
                if not any(values.get(name) for name in named)
            }
            verdicts = mails._recipient_judge_each(letters).values()
            self.env["mail.recipient.log"]._record_verdicts(verdicts, "message_post", "dropped")
        return kept
