from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "mail.recipient.mixin"]
    _recipient_fields = ("partner_id", "recipient_company_id")

    def message_post(self, **kwargs):
        """Refuse before a quotation is marked as sent."""
        if self.env.context.get("mark_so_as_sent"):
            self._recipient_precheck_post(kwargs)
        return super().message_post(**kwargs)

    def _send_order_notification_mail(self, *args, **kwargs):
        """A confirmation or a payment never fails for its e-mail."""
        automated = self.with_context(**self._recipient_automation_context())
        return super(SaleOrder, automated)._send_order_notification_mail(*args, **kwargs)
