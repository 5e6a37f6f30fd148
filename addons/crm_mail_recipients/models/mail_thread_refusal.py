from odoo import models
from odoo.exceptions import UserError

from ..tools import policy
from ..tools.gate import Refusal
from ..tools.guard import guarded
from ..tools.policy import Decision


class MailThread(models.AbstractModel):
    """How a refusal is told and logged."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_sentence(self, refusal: Refusal) -> str:
        """Return the one sentence that tells the user why.

        Only what the user typed is repeated, never anything of a party."""
        # Only where it makes a difference: the record may be gone.
        lead = refusal.reason == policy.E_NO_LINK and len(self) == 1
        lead = lead and self.sudo()._recipient_kind() == policy.LEAD
        sentences = {
            policy.E_EDIT: self.env._(
                "You need edit permission on this record to send e-mail from it."
            ),
            policy.E_NO_LINK: self.env._(
                "No e-mail can be sent: this %s has no e-mail address and no linked contact or "
                "company.",
                self.env["ir.model"]._get(self._name).name.lower(),
            )
            if lead
            else self.env._("No e-mail can be sent: link a contact or a company first."),
            policy.E_NO_ADDRESS: self.env._(
                "No e-mail can be sent: neither this record nor the linked contacts and companies "
                "have an e-mail address."
            )
            if not refusal.partner_id
            else self.env._("This recipient has no e-mail address."),
            policy.E_HIDDEN: self.env._(
                "No e-mail can be sent: the linked contacts or companies are not accessible to you."
            ),
            policy.E_NOT_ALLOWED: self.env._(
                "%s is not registered on this record or on its linked contacts and companies.",
                refusal.text,
            )
            if refusal.text
            else self.env._(
                "This recipient is not registered on this record or on its linked contacts and "
                "companies."
            ),
            policy.E_INVALID: self.env._(
                "“%s” is not a single, plain e-mail address.", refusal.text
            )
            if refusal.text
            else self.env._("This recipient has no valid e-mail address."),
            policy.E_EMPTY: self.env._("Choose at least one recipient."),
            policy.E_GONE: self.env._(
                "The record that this e-mail was sent from no longer exists."
            ),
            policy.E_FAILED: self.env._(
                "This e-mail was not sent: its recipients could not be checked."
            ),
            policy.E_CHANGED: self.env._(
                "The contact of this record has changed: check the recipients."
            ),
        }
        return sentences[refusal.reason]

    def _recipient_why_nobody(self, otherwise: str) -> str:
        """Return the sentence that says why nobody on this one card can be written to.

        :param otherwise: the reason where somebody could be
        """
        decision = self._recipient_decisions(self._recipient_acting_user()).get(self.id)
        reason = decision.error if decision and decision.error else otherwise
        return self._recipient_sentence(Refusal(reason))

    def _recipient_refuse(self, refusals: list[Refusal], path: str, interactive: bool) -> None:
        """Log what is refused and, where a person waits, raise the sentence for the first one.

        :raise UserError: when interactive
        """
        if not refusals:
            return
        log = self.env["mail.recipient.log"]
        verdict = "refused" if interactive else "dropped"
        document = self._recipient_log_document()
        values = [{**document, **log._values_of(refusal, path, verdict)} for refusal in refusals]
        if not interactive:
            # Nobody waits: a message of the gateway is kept whatever becomes of the log.
            with guarded(self.env, f"logging what {self} leaves out"):
                log._record(values)
            return
        log._record_after_rollback(values)
        raise UserError(self._recipient_sentence(refusals[0]))

    def _recipient_log_dropped(self, decision: Decision, partner_ids: list[int]) -> None:
        """Log those who would follow this one card, but cannot be judged or have no address."""
        if not partner_ids:
            return
        if decision.error == policy.E_FAILED:
            refused = [Refusal(policy.E_FAILED, partner_id=ref) for ref in partner_ids]
        else:
            keys = self.env["res.partner"].sudo().browse(partner_ids)._recipient_keys()
            mute = [ref for ref in keys if not keys[ref]]
            refused = [Refusal(policy.E_NO_ADDRESS, partner_id=ref) for ref in mute]
        self._recipient_refuse(refused, "follower", interactive=False)

    def _recipient_log_document(self):
        """Return what the log says of this one card, which may be gone."""
        if not self:
            return {}
        # Logged whether or not the user may see the company.
        existing_sudo = self.sudo().exists()
        company = existing_sudo._mail_get_companies()[self.id] if existing_sudo else self.browse()
        return {"res_model": self._name, "res_id": self.id, "company_id": company.id}
