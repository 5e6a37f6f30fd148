from odoo import api, fields, models

from ..tools.address import address_key, parse_addresses, unreadable_parts
from ..tools.copies import CC, CHOICES, TO, split


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    # [{'email': str, 'partner_id': int | False}], one per chosen address; with 'preselected' where
    # it was taken from the card.
    recipient_choices = fields.Json(
        string="Recipients",
        compute="_compute_recipient_choices",
        store=True,
        readonly=False,
        precompute=False,
    )
    is_recipient_policed = fields.Boolean(compute="_compute_recipient_picker")
    recipient_picker = fields.Json(compute="_compute_recipient_picker")
    recipient_missing = fields.Boolean(compute="_compute_recipient_missing")

    @api.model_create_multi
    def create(self, vals_list):
        """Whom a caller names is who was chosen: nobody is preselected beside them."""
        if self.env["res.company"]._recipient_modes():
            vals_list = [
                {"recipient_choices": [], **vals} if self._recipient_names_somebody(vals) else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _recipient_names_somebody(self, vals):
        named = vals.get("partner_ids")
        return bool(named and self.new({"partner_ids": named}).partner_ids)

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
        if record:
            # Also where only colleagues are proposed: then no customer is.
            colleagues = composer.partner_ids._origin - outsiders
            values["partner_ids"] = [(6, 0, colleagues.ids)]
            decision = record._recipient_offered()[record.id]
            choices = record._recipient_choices_of(outsiders, decision)
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

        An address that is not allowed stays, to be shown and refused instead of replaced. Where
        somebody was chosen already, or the user is about to choose, nobody is preselected.
        """
        for composer in self:
            record = composer._recipient_record()
            if not record:
                composer.recipient_choices = False
            elif composer.template_id:
                if not composer._recipient_keeps_chosen():
                    composer.recipient_choices = composer._recipient_template_choices(record)[TO]
            elif composer.subtype_is_log:
                composer.recipient_choices = False
            elif composer.parent_id:
                _colleagues, choices = composer._recipient_reply(record)
                composer.recipient_choices = choices[TO]
            elif not composer._recipient_is_chosen():
                suggested = record._message_get_suggested_recipients()
                composer.recipient_choices = [
                    {"email": s["email"], "partner_id": s["partner_id"], "preselected": True}
                    for s in suggested
                ]

    def _recipient_is_chosen(self):
        """Whether the user has chosen recipients, or opened this one composer to choose them."""
        return bool(
            self.composition_comment_option
            or self.partner_ids
            or any(not choice.get("preselected") for choice in self.recipient_choices or [])
        )

    def _recipient_keeps_chosen(self):
        """Whether the template leaves the recipients to who was chosen: it names none itself."""
        return self.template_id.use_default_to and self._recipient_is_chosen()

    def _recipient_reply(self, record):
        """Return whom a reply to the parent message is for: the colleagues, and the choices by
        line. Who was in Cc is in Cc again."""
        # Who stood in Cc was shown to all who may read the message.
        in_cc = self.parent_id.sudo()._recipient_in_cc()
        suggested = record._message_get_suggested_recipients(reply_message=self.parent_id)
        ids = [s["partner_id"] for s in suggested if s["partner_id"]]
        people = self.env["res.partner"].browse(ids)
        employees = record._recipient_employees(people)
        choices = [
            {
                "email": s["email"],
                "partner_id": s["partner_id"],
                "header": CC if address_key(s["email"]) in in_cc else TO,
            }
            for s in suggested
            if s["partner_id"] not in employees
        ]
        return people.browse(employees), split(choices)

    @api.depends(
        "is_recipient_policed",
        *CHOICES.values(),
        "partner_ids",
        "subtype_id",
    )
    def _compute_recipient_missing(self):
        for composer in self:
            composer.recipient_missing = (
                composer.is_recipient_policed
                and not composer._recipient_all_choices()
                and not composer.partner_ids
                and not composer.subtype_is_log
            )

    def _recipient_template_choices(self, record):
        """What the template took from the card is marked: it holds as long as the card offers it.

        What is no address stays, to be refused or logged instead of lost."""
        values = self._generate_template_for_composer(
            record.ids,
            {"email_cc", "email_to", "partner_ids"},
            allow_suggested=self.message_type == "comment",
            find_or_create_partners=False,
        )[record.id]
        decision = record._recipient_offered()[record.id]
        named = self.env["res.partner"].browse(values.get("partner_ids") or [])
        choices = record._recipient_choices_of(named, decision)
        for header, text in ((TO, values.get("email_to")), (CC, values.get("email_cc"))):
            if not text:
                continue
            for address in parse_addresses(text):
                candidate = decision.by_key.get(address.key)
                ref = candidate.ref if candidate else False
                choices.append(
                    {"email": address.email, "partner_id": ref or False, "header": header}
                )
            choices += [
                {"email": part, "partner_id": False, "header": header}
                for part in unreadable_parts(text)
            ]
        for choice in choices:
            choice["preselected"] = address_key(choice["email"]) in decision.by_key
        return split(choices)

    def _compute_partner_ids(self):
        """Outsiders are chosen address by address; `partner_ids` keeps the colleagues."""
        kept = self.filtered(
            lambda c: c.template_id and c._recipient_record() and c._recipient_keeps_chosen()
        )
        result = super(MailComposeMessage, self - kept)._compute_partner_ids()
        for composer in self - kept:
            record = composer._recipient_record()
            if not record:
                continue
            if composer.parent_id and not composer.template_id and not composer.subtype_is_log:
                composer.partner_ids |= composer._recipient_reply(record)[0]
            if composer.partner_ids:
                employees = record._recipient_employees(composer.partner_ids)
                composer.partner_ids = composer.partner_ids.browse(employees)
        return result

    def _generate_template_for_composer(
        self, res_ids, render_fields, allow_suggested=False, find_or_create_partners=True
    ):
        """Addresses stay addresses: a card under the policy makes no contact out of them."""
        if find_or_create_partners and self._recipient_any_policed(res_ids):
            find_or_create_partners = False
        values_by_id = super()._generate_template_for_composer(
            res_ids,
            render_fields,
            allow_suggested=allow_suggested,
            find_or_create_partners=find_or_create_partners,
        )
        if self.composition_mode != "mass_mail" and self._recipient_any_policed(res_ids):
            self._recipient_find_colleagues(values_by_id.values())
        return values_by_id

    @api.model
    def _recipient_find_colleagues(self, values_list):
        """Make colleagues out of their addresses in To and Cc, as stock makes contacts of all."""
        texts = [
            (values, name, text)
            for values in values_list
            for name in ("email_to", "email_cc")
            if (text := values.get(name))
        ]
        keys = {address.key for *_where, text in texts for address in parse_addresses(text)}
        refs = self.env["mail.thread"]._recipient_employee_refs(keys)
        for values, name, text in texts:
            addresses = parse_addresses(text)
            found = [refs[address.key] for address in addresses if address.key in refs]
            if found:
                others = [a.email for a in addresses if a.key not in refs]
                values[name] = ",".join([*others, *unreadable_parts(text)])
                values["partner_ids"] = [*values.get("partner_ids", []), *found]

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
                values["outgoing_email_to"] = values.pop("email_to", "") or ""
                copied = values.pop("email_cc", "")
                if copied:
                    found = [address.email for address in parse_addresses(copied)]
                    values["recipient_choices"] = [
                        {"email": one, "header": CC} for one in (*found, *unreadable_parts(copied))
                    ]
                # Stock forgets whom a composer for several cards is addressed to.
                named = [*(values.get("partner_ids") or []), *self.partner_ids.ids]
                values["partner_ids"] = list(dict.fromkeys(named))
        return values_by_id

    def _prepare_mail_values_rendered(self, res_ids):
        values_by_id = super()._prepare_mail_values_rendered(res_ids)
        if self._recipient_record():
            for values in values_by_id.values():
                values["recipient_choices"] = self._recipient_all_choices()
        return values_by_id
