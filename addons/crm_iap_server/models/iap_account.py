from odoo import api, models

from ..tools.tokens import key_of_link


class IapAccount(models.Model):
    _inherit = "iap.account"

    @api.model
    def _find_by_link(self, service_name, token_hash):
        """Extend `crm_iap_credits`: the link of a client database leads to its account here."""
        account_sudo = super()._find_by_link(service_name, token_hash)
        key = key_of_link(token_hash)
        kept = self.env["iap.server.client"]._kept_services()
        if account_sudo or not key or service_name not in kept:
            return account_sudo
        # Sudo: who knows the hash knows the token.
        token_sudo = self.env["iap.server.token"].sudo().search([("key", "=", key)], limit=1)
        return token_sudo.client_id.account_id

    def _get_customer(self):
        """Extend `crm_iap_credits`: for a client pays its customer."""
        # Sudo: the client's link, or being a colleague, is the right to buy for it.
        clients_sudo = self.env["iap.server.client"].sudo()
        client_sudo = clients_sudo.search([("account_id", "=", self.id)], limit=1)
        return client_sudo.partner_id.commercial_partner_id or super()._get_customer()

    def _send_low_balance(self):
        """Extend `crm_iap_credits`: of a client's account the client's people are told."""
        clients_sudo = self.env["iap.server.client"].sudo()
        client_sudo = clients_sudo.search([("account_id", "=", self.id)], limit=1)
        if not client_sudo:
            return super()._send_low_balance()
        template = self.env.ref("crm_iap_credits.mail_template_low_balance")
        url = self.get_base_url() + self._get_signed_credits_url()
        installed = dict(self.env["res.lang"].get_installed())
        for email, lang in client_sudo.alert_emails or ():
            template.with_context(
                recipient_lang=lang if lang in installed else self.env.lang, credits_url=url
            ).send_mail(
                self.id,
                email_values={"email_to": email, "recipient_ids": []},
                email_layout_xmlid="mail.mail_notification_light",
            )
        return None

    def _propose_top_up(self):
        """Extend `crm_iap_credits`: nobody here buys for a client."""
        clients_sudo = self.env["iap.server.client"].sudo()
        if clients_sudo.search_count([("account_id", "=", self.id)], limit=1):
            return None
        return super()._propose_top_up()
