from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.crm_mail_recipients.tools.policy import E_EMPTY


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _generate_and_send_invoices(self, moves, from_cron=False, **kwargs):
        """The batch that runs in the background goes on without recipients not allowed."""
        if from_cron:
            automated = moves._recipient_automation_context()
            self = self.with_context(**automated)  # noqa: PLW0642
            moves = moves.with_context(**automated)
        return super()._generate_and_send_invoices(moves, from_cron=from_cron, **kwargs)

    @api.model
    def _get_alerts(self, moves, moves_data):
        """A contact that has further addresses only has an e-mail address."""
        alerts = super()._get_alerts(moves, moves_data)
        if "account_missing_email" in alerts and moves._recipient_modes():
            mailed = moves.filtered(lambda move: "email" in moves_data[move]["sending_methods"])
            partners = mailed.partner_id
            if len(moves) == 1:
                partners = moves_data[moves]["mail_partner_ids"]
            if all(partners._recipient_keys().values()):
                del alerts["account_missing_email"]
        return alerts

    @api.model
    def _get_default_mail_partner_ids(self, move, mail_template, mail_lang):
        """Extend `account`, which leaves out who has nothing in the e-mail field, and finds nobody
        by another address."""
        if not move._recipient_modes():
            return super()._get_default_mail_partner_ids(move, mail_template, mail_lang)
        if mail_template.use_default_to:
            decision = move._recipient_offered()[move.id]
            candidate = decision.by_key.get(decision.default)
            refs = [candidate.ref] if candidate and candidate.ref else []
            return self.env["res.partner"].with_company(move.company_id).browse(refs)
        everybody = self.with_context(allow_partners_without_mail=True)
        partners = super(AccountMoveSend, everybody)._get_default_mail_partner_ids(
            move, mail_template, mail_lang
        )
        keys = partners._recipient_keys()
        return partners.filtered(lambda partner: keys[partner.id]).with_env(self.env)

    def _check_sending_data(self, moves, **custom_settings):
        """Refuse recipients before a document is made."""
        result = super()._check_sending_data(moves, **custom_settings)
        if "email" not in custom_settings.get("sending_methods", ()):
            return result
        partner_ids = custom_settings.get("mail_partner_ids") or []
        partner_ids = getattr(partner_ids, "ids", partner_ids)
        choices = custom_settings.get("recipient_choices")
        for move in moves:
            if choices == [] and not partner_ids:
                raise UserError(move._recipient_why_nobody(E_EMPTY))
            move._recipient_precheck_post({"partner_ids": partner_ids}, choices)
        return result

    @api.model
    def _get_default_sending_settings(self, move, **kwargs):
        """Who is not named is written to at the address that is proposed of the invoice alone."""
        settings = super()._get_default_sending_settings(move, **kwargs)
        if "recipient_choices" in kwargs:
            settings["recipient_choices"] = kwargs["recipient_choices"]
        elif "mail_partner_ids" not in kwargs and settings.get("mail_partner_ids"):
            partners = self.env["res.partner"].browse(settings["mail_partner_ids"])
            for decision in move._recipient_offered().values():
                choices = move._recipient_choices_of(partners, decision)
                settings["recipient_choices"] = [one for one in choices if one["email"]]
        return settings

    @api.model
    def _get_mail_params(self, move, move_data):
        """Send to the chosen addresses; the partners only say whose they are."""
        params = super()._get_mail_params(move, move_data)
        if params and move_data.get("recipient_choices"):
            params["recipient_choices"] = move_data["recipient_choices"]
        return params
