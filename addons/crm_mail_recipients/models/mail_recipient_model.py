from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class MailRecipientModel(models.Model):
    """One more kind of document under the policy, with the fields that link its parties."""

    _name = "mail.recipient.model"
    _description = "Document under the Recipient Policy"
    _rec_name = "model_id"

    model_id = fields.Many2one(
        "ir.model",
        "Document",
        required=True,
        ondelete="cascade",
        domain=[("is_mail_thread", "=", True), ("transient", "=", False)],
    )
    model = fields.Char(related="model_id.model", string="Technical Name")
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Contacts and Companies",
        domain="[('model_id', '=', model_id), ('relation', '=', 'res.partner'),"
        " ('ttype', 'in', ('many2one', 'many2many'))]",
        help="The fields that link the contacts and companies who may be written to.",
    )
    active = fields.Boolean(default=True)

    _model_unique = models.UniqueIndex("(model_id)", "This document is already in the list.")

    @api.constrains("model_id", "field_ids")
    def _check_fields(self):
        for row in self:
            if not row.model_id.is_mail_thread or row.model_id.transient:
                raise ValidationError(self.env._("%s has no chatter.", row.model_id.name))
            strange = row.field_ids.filtered(
                lambda f, row=row: f.model_id != row.model_id or f.relation != "res.partner"
            )
            if strange or not row.field_ids:
                raise ValidationError(
                    self.env._("Choose fields of %s that link contacts.", row.model_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _fields_by_model(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the fields of the configured documents, by model."""
        # Read by everybody's mail, edited by those who may change the settings.
        return {row.model: tuple(row.field_ids.mapped("name")) for row in self.sudo().search([])}
