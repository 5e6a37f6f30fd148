import logging

from odoo import SUPERUSER_ID, models
from odoo.fields import Command

from odoo.addons.crm_common.tools.alone import NOT_NOW

_logger = logging.getLogger(__name__)


class IapCreditOrder(models.Model):
    """Makes invoice and credit note by itself, where the company wants it."""

    # One theme a file.
    _inherit = "iap.credit.order"  # pylint: disable=consider-merging-classes-inherited

    def _add_credits(self, payment):
        """Override of `crm_iap_credits` to keep the taxes of the day, and invoice what was paid."""
        taxes = self._get_taxes()
        self.write({"tax_ids": [Command.set(taxes.ids)], "is_tax_free": not taxes})
        result = super()._add_credits(payment)
        if self.company_id.invoices_credits and not self.invoice_id:
            self._book(self._post_invoice)
        return result

    def _take_credits_back(self, refund):
        """Override of `crm_iap_credits` to make a credit note of what was refunded."""
        result = super()._take_credits_back(refund)
        # What could not be credited of an earlier refund is being made by hand.
        self._credit(min(-refund.amount, self._get_amount_to_credit()))
        if self._is_draft_void():
            self._book(self.invoice_id.button_cancel)
        return result

    def _reopen(self, refund):
        """Override of `crm_iap_credits` to take back the booking of money that nobody got."""
        result = super()._reopen(refund)
        if refund.payment_id:
            self._book(refund.payment_id.action_cancel)
        return result

    def _credit_refunds_of_draft(self):
        """Make a credit note of what was given back while the invoice was a draft."""
        self._credit(self._get_amount_to_credit())

    def _credit(self, amount):
        """Make a credit note of so much, if there is an invoice and the company wants it."""
        is_owed = self.currency_id.compare_amounts(amount, 0) > 0
        if self.company_id.invoices_credits and self.invoice_id.state == "posted" and is_owed:
            self._book(lambda: self._post_credit_note(amount))

    def _get_amount_to_credit(self) -> float:
        """Return what the invoice asks for, was given back, and is on no credit note yet.

        It asks for nothing that was given back before it was made, or that somebody has taken out
        of the draft. What somebody has added to it is not credited.
        """
        asked_too_much = self.invoice_id.amount_total - self.received_amount
        return min(asked_too_much, self.refunded_amount) - self._get_credited_amount()

    def _match_open_items(self):
        """Match what was paid and given back with the invoice and its credit notes.

        So nobody is asked for what was paid, nor given what was given back.
        """
        payments = self.transaction_ids
        payments |= payments.child_transaction_ids
        payments |= payments.child_transaction_ids
        moves = payments.payment_id.move_id | self.invoice_id | self.invoice_id.reversal_move_ids
        lines = moves.filtered(lambda move: move.state == "posted").line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        for ours in lines.grouped("account_id").values():
            ours.reconcile()

    def _is_draft_void(self) -> bool:
        """Tell whether there is a draft invoice of money that was given back, all of it.

        An invoice that had a number before is another matter: its credit note is what counts.
        """
        invoice = self.invoice_id
        return self.state == "refunded" and invoice.state == "draft" and not invoice.posted_before

    def _get_credited_amount(self) -> float:
        """Return what credit notes give back of the invoice: those of refunds that have failed in
        the end too, so that the refund that follows is not credited twice."""
        notes = self.invoice_id.reversal_move_ids.filtered(
            lambda note: note.state == "posted" and note.move_type == "out_refund"
        )
        return sum(notes.mapped("amount_total"))

    def _book(self, make):
        """Make a document, and tell the billing administrator if it cannot be made.

        Who paid has the credits, and who was refunded the money, whatever becomes of it.
        """
        try:
            with self.env.cr.savepoint():
                make()
        except NOT_NOW:
            raise  # others were in the way: all is tried again
        except Exception as error:  # accounts may be set up in any way
            _logger.exception("Credit order %s was not booked", self.name)
            self._alert(
                self.env._(
                    "The invoice or credit note could not be made: %s. Make it by hand.",
                    str(error).strip().rstrip("."),
                )
            )

    def _post_invoice(self):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        self.invoice_id = self._create_invoice(root)
        self.invoice_id.action_post()

    def _post_credit_note(self, amount):
        """Give back so much of the invoice: its number stays, and the note has its own."""
        note = self.env["account.move"].with_company(self.company_id).create(
            {
                "move_type": "out_refund",
                "reversed_entry_id": self.invoice_id.id,
                "partner_id": self.invoice_id.partner_id.id,
                "currency_id": self.currency_id.id,
                "invoice_date": self._get_local_date(),
                "invoice_origin": self.name,
                "ref": self.invoice_id.name,
                "invoice_line_ids": [
                    Command.create(self._prepare_invoice_line(amount, self._get_invoiced_taxes()))
                ],
            }
        )  # fmt: skip
        self._match_price(note, amount)
        note.action_post()

    def _get_invoiced_taxes(self):
        """Return the taxes that the invoice has asked for, whatever they are today."""
        return self.invoice_id.invoice_line_ids.tax_ids
