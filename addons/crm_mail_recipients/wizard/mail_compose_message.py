from odoo import api, fields, models

from ..tools.address import parse_addresses


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    # [{'email': str, 'partner_id': int | False}], one per chosen address.
    recipient_choices = fields.Json(
        compute="_compute_recipient_choices", store=True, readonly=False, precompute=False
    )
    is_recipient_policed = fields.Boolean(compute="_compute_recipient_picker")
    recipient_picker = fields.Json(compute="_compute_recipient_picker")
    recipient_missing = fields.Boolean(compute="_compute_recipient_missing")

    @api.model
    def default_get(self, fields_list):
        """Outsiders that the client proposes (reply to all) become choices, to be seen and removed.

        What is given to `create` stays as it is, and is checked when the message is posted.
        """
        values = super().default_get(fields_list)
        proposed = values.get("partner_ids")
        if not proposed or not self.env["res.company"]._recipient_modes():
            return values
        composer = self.new({key: v for key, v in values.items() if key != "recipient_choices"})
        record = composer._recipient_record()
        outsiders = composer.partner_ids._origin
        outsiders -= outsiders.browse(record._recipient_employees(outsiders))
        if record and outsiders:
            colleagues = composer.partner_ids._origin - outsiders
            values["partner_ids"] = [(6, 0, colleagues.ids)]
            choices = composer._recipient_choices_of(record, outsiders)
            values["recipient_choices"] = [*(values.get("recipient_choices") or []), *choices]
        return values

    def _recipient_record(self):
        """Return the one card that this composer writes from, void when it is not policed."""
        record = self.env["mail.thread"]
        if self.composition_mode != "comment" or self.composition_batch or not self.model:
            return record
        ids = self._evaluate_res_ids()[:1]
        model = self.env[self.model]
        if ids and isinstance(model, self.env.registry["mail.thread"]):
            record = model.browse(ids)
        return record if record._recipient_modes() else record.browse()

    @api.depends("composition_mode", "model", "res_ids")
    def _compute_recipient_picker(self):
        for composer in self:
            composer.recipient_picker = composer._recipient_record()._recipient_picker()
            composer.is_recipient_policed = bool(composer.recipient_picker)

    @api.depends(
        "composition_mode", "model", "res_ids", "template_id", "subtype_id", "message_type"
    )
    def _compute_recipient_choices(self):
        """What the template addresses, allowed or not; without a template, the preselected one.

        An address that is not allowed stays, to be shown and refused instead of replaced.
        """
        for composer in self:
            record = composer._recipient_record()
            if not record or composer.subtype_is_log:
                composer.recipient_choices = False
            elif composer.template_id:
                composer.recipient_choices = composer._recipient_template_choices(record)
            else:
                suggested = record._message_get_suggested_recipients(
                    reply_message=composer.parent_id or None
                )
                composer.recipient_choices = [
                    {"email": s["email"], "partner_id": s["partner_id"]} for s in suggested
                ]

    @api.depends("is_recipient_policed", "recipient_choices", "subtype_id")
    def _compute_recipient_missing(self):
        for composer in self:
            composer.recipient_missing = (
                composer.is_recipient_policed
                and not composer.recipient_choices
                and not composer.subtype_is_log
            )

    def _recipient_template_choices(self, record):
        values = self._generate_template_for_composer(
            record.ids,
            {"email_cc", "email_to", "partner_ids"},
            allow_suggested=self.message_type == "comment",
            find_or_create_partners=False,
        )[record.id]
        choices = self._recipient_choices_of(
            record, self.env["res.partner"].browse(values.get("partner_ids") or [])
        )
        typed = f"{values.get('email_to') or ''},{values.get('email_cc') or ''}"
        choices += [{"email": a.email, "partner_id": False} for a in parse_addresses(typed)]
        return choices

    @api.model
    def _recipient_choices_of(self, record, partners):
        """Return one choice for each outsider among `partners`, at the address offered first."""
        user = record._recipient_acting_user()
        decision = record._recipient_decisions(user)[record.id]
        # Partners are looked up to address them; what the user may not view stays a number.
        partners_sudo = partners.sudo()
        partners_sudo -= partners_sudo.browse(record._recipient_employees(partners_sudo))
        readable = partners_sudo.with_user(user)._filtered_access("read") if user else partners_sudo
        choices = []
        for partner in partners_sudo:
            offered = [c.address.email for c in decision.candidates if c.ref == partner.id]
            known = parse_addresses(partner.email) if partner.id in readable.ids else ()
            emails = [*offered, *(address.email for address in known)]
            choices.append({"email": emails[0] if emails else "", "partner_id": partner.id})
        return choices

    def _compute_partner_ids(self):
        """Outsiders are chosen address by address; `partner_ids` keeps the colleagues."""
        result = super()._compute_partner_ids()
        for composer in self:
            record = composer._recipient_record()
            if record and composer.partner_ids:
                employees = record._recipient_employees(composer.partner_ids)
                composer.partner_ids = composer.partner_ids.browse(employees)
        return result

    def _generate_template_for_composer(
        self, res_ids, render_fields, allow_suggested=False, find_or_create_partners=True
    ):
        """Addresses stay addresses: a card under the policy makes no contact out of them."""
        if find_or_create_partners and self._recipient_any_policed(res_ids):
            find_or_create_partners = False
        return super()._generate_template_for_composer(
            res_ids,
            render_fields,
            allow_suggested=allow_suggested,
            find_or_create_partners=find_or_create_partners,
        )

    def _recipient_any_policed(self, res_ids):
        model = self.env[self.model] if self.model else None
        if not isinstance(model, self.env.registry["mail.thread"]):
            return False
        if not (self.env["res.company"]._recipient_modes() and model._recipient_link_fields()):
            return False  # without a query: outside the policy, a mail costs what it does in stock
        return bool(model.browse(filter(None, res_ids)).exists()._recipient_modes())

    def _prepare_mail_values_dynamic(self, res_ids):
        values_by_id = super()._prepare_mail_values_dynamic(res_ids)
        if self.composition_mode != "mass_mail" and self._recipient_any_policed(res_ids):
            for values in values_by_id.values():
                typed = [values.pop("email_to", ""), values.pop("email_cc", "")]
                values["outgoing_email_to"] = ",".join(filter(None, typed))
        return values_by_id

    def _prepare_mail_values_rendered(self, res_ids):
        values_by_id = super()._prepare_mail_values_rendered(res_ids)
        if self._recipient_record():
            for values in values_by_id.values():
                values["recipient_choices"] = self.recipient_choices or []
        return values_by_id
