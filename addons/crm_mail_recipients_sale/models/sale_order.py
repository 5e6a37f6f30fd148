from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "mail.recipient.mixin"]
    _recipient_fields = ("partner_id", "recipient_company_id")

    recipient_company_id = fields.Many2one(
        compute="_compute_recipient_company_id", precompute=True, store=True, readonly=False
    )

    # Opportunities have quotations where `sale_crm` is installed; quotations are under the policy
    # without it as well.
    @api.depends(lambda self: ["opportunity_id"] if "opportunity_id" in self._fields else [])
    def _compute_recipient_company_id(self):
        """Take the company linked to the opportunity along, unless it is another company's."""
        for order in self:
            linked = order.recipient_company_id
            if "opportunity_id" in self._fields:
                company = order.opportunity_id.recipient_company_id
                # A branch sells to the contacts of its company too.
                shared = company.company_id <= order.company_id.parent_ids
                linked = company if company and shared else linked
            order.recipient_company_id = linked

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        # Invoices are under the policy where `crm_mail_recipients_account` is installed.
        if "recipient_company_id" in self.env["account.move"]._fields:
            values["recipient_company_id"] = self.recipient_company_id.id
        return values

    def _get_invoice_grouping_keys(self):
        """No company gets an invoice of what was sold to another one."""
        keys = super()._get_invoice_grouping_keys()
        return [*keys, "recipient_company_id"] if self._recipient_modes() else keys

    def message_post(self, **kwargs):
        """Refuse before a quotation is marked as sent."""
        if self.env.context.get("mark_so_as_sent"):
            self._recipient_precheck_post(kwargs)
        return super().message_post(**kwargs)

    def _send_order_notification_mail(self, *args, **kwargs):
        """A confirmation or a payment never fails for its e-mail."""
        automated = self.with_context(**self._recipient_automation_context())
        return super(SaleOrder, automated)._send_order_notification_mail(*args, **kwargs)
