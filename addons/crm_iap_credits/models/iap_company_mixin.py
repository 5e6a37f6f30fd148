from odoo import api, models
from odoo.exceptions import AccessError


class IapCompanyMixin(models.AbstractModel):
    """Records that cannot be moved to where their writer has no right.

    Odoo asks the record rules before a write, about what the record was: whoever may write a
    record of one company could make it another company's.

    :cvar _moving_fields: fields that decide to whom a record belongs
    """

    _name = "iap.company.mixin"
    _description = "Belongs to a Company"

    _moving_fields = ("company_id",)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_companies()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(self._moving_fields) and not self.env.su:
            self._check_companies()
            self.check_access("write")
        return result

    def _check_companies(self):
        """Refuse companies that the user does not work for.

        :raise AccessError: if there is one.
        """
        if self.env.su or "company_id" not in self._moving_fields:
            return
        # Sudo: the names of other companies are not read, only compared.
        companies = self.sudo().company_id
        if not companies <= self.env.user.sudo().company_ids:
            raise AccessError(self.env._("You can only choose companies that you work for."))
        may_share = not self._fields["company_id"].required and self._may_share()
        if not may_share and not all(record.company_id for record in self.sudo()):
            raise AccessError(
                self.env._(
                    "Only administrators can share this with all companies: choose a company."
                )
            )

    @api.model
    def _may_share(self) -> bool:
        """Tell whether the user may make records that bind all companies."""
        return True
