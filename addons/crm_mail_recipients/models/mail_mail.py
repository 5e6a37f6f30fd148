from contextlib import nullcontext

from odoo import Command, api, fields, models

from ..tools import policy
from ..tools.gate import ORIGIN, Origin, current_scope, from_context
from ..tools.guard import undone

FAILURE = "recipient_policy"
# What a new mail that names nobody says of itself.
_TO_NOBODY = (False, "mail_email_missing")


class MailMail(models.Model):
    _inherit = "mail.mail"

    # Where the mail comes from, whatever record it says it belongs to.
    recipient_origin_model = fields.Char(readonly=True, copy=False)
    recipient_origin_id = fields.Integer(readonly=True, copy=False)
    failure_type = fields.Selection(
        selection_add=[(FAILURE, "Recipient not registered on the record")],
        ondelete={FAILURE: "set null"},
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._recipient_modes():
            return super().create(vals_list)
        origin = from_context(self.env, ORIGIN, Origin)
        res_ids = origin.take(len(vals_list)) if origin else [False] * len(vals_list)
        stamped = [
            {
                **vals,
                "recipient_origin_model": origin.model if origin else False,
                "recipient_origin_id": res_id,
            }
            for vals, res_id in zip(vals_list, res_ids, strict=True)
        ]
        checked = current_scope(self.env) or not self._recipient_may_be_policed(stamped)
        # A caller that swallows the refusal keeps no mail.
        with nullcontext() if checked else undone(self.env):
            mails = super().create(stamped)
            mails._recipient_check_composed()
        return mails

    @api.model
    def _recipient_may_be_policed(self, vals_list):
        """Return whether new mails may belong to a card under the policy, from its model alone."""
        messages = self.env["mail.message"].browse(
            vals["mail_message_id"] for vals in vals_list if vals.get("mail_message_id")
        )
        models = {self.env.context.get("default_model"), *messages.mapped("model")}
        for vals in vals_list:
            models |= {vals.get("model"), vals["recipient_origin_model"]}
        return any(self._recipient_is_card_model(model) for model in models)

    def _recipient_check_composed(self):
        """Check new mails with the rights of who writes them; a refusal undoes them all.

        Notifications of a message that was checked are not checked twice.
        """
        scope = current_scope(self.env)
        mails = self.filtered(
            lambda mail: (
                not scope
                or not mail.is_notification
                # Of the message, which is at hand: a mail's own are looked up through it.
                or (mail.mail_message_id.model, mail.mail_message_id.res_id)
                != (scope.model, scope.res_id)
            )
        )
        if not mails:
            return
        user = self.env["mail.thread"]._recipient_acting_user()
        to_nobody = []
        for mail_id, verdict in mails._recipient_verdicts(user).items():
            mail = mails.browse(mail_id)
            if verdict.refused:
                mail._recipient_narrow(verdict, one=len(self) == 1)
            elif verdict.is_empty and mail.failure_type in _TO_NOBODY:
                to_nobody.append(verdict)
            mail._recipient_register(verdict)
        # They go to nobody as in stock; here it is said as well.
        self.env["mail.recipient.log"]._record_verdicts(to_nobody, "mail", "dropped")

    def _recipient_narrow(self, verdict, one):
        """Refuse one new mail, or leave out the recipients that are not allowed."""
        thread = self._recipient_thread(verdict)
        interactive = (
            one and not self.is_notification and thread._recipient_is_interactive(self.message_type)
        )
        thread._recipient_refuse(verdict.refused, "mail", interactive)
        values = {
            "recipient_ids": [Command.set([*verdict.partners, *verdict.employees])],
            "email_to": ",".join(verdict.to),
            "email_cc": ",".join(verdict.cc),
        }
        if verdict.is_empty:
            values = {
                "state": "cancel",
                "failure_type": FAILURE,
                "failure_reason": thread._recipient_sentence(verdict.refused[0]),
            }
        self.write(values)

    def _recipient_register(self, verdict):
        """In any-address mode, create what the settings say for unknown addresses of one mail."""
        thread = self._recipient_thread(verdict)
        # A card that is gone has no company, whose setting would be asked for.
        modes = {decision.error == policy.E_GONE or mode for decision, mode in verdict.decisions}
        if modes == {policy.ANY} and thread._recipient_is_interactive(self.message_type):
            self.env["mail.recipient.registration"]._register_unknown(
                [*verdict.to, *verdict.cc], thread
            )
