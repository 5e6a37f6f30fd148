from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.settings import Settings

#: Groups that the right to mine may be given to, the broadest first; each implies the one before.
AUDIENCES = {
    "salesperson": "sales_team.group_sale_salesman",
    "all_documents": "sales_team.group_sale_salesman_all_leads",
    "manager": "sales_team.group_sale_manager",
}
#: Settings whose field is named as they are, with "lead_mining_" before it.
NUMBERS = (
    "max_leads", "max_contacts", "price_lead", "price_contact", "refund_days",
    "refund_monthly_credits", "keep_answers_days",
)  # fmt: skip
STORED = (*NUMBERS, "tell_each")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_mining = fields.Boolean()
    lead_mining_audience = fields.Selection(
        [
            ("salesperson", "All salespeople"),
            ("all_documents", "Salespeople who see all documents"),
            ("manager", "Administrators of Sales only"),
        ],
        string="Who may generate leads",
        default="salesperson",
    )
    lead_mining_max_leads = fields.Integer(string="Leads per request")
    lead_mining_max_contacts = fields.Integer(string="Contacts per company")
    lead_mining_price_lead = fields.Integer(string="Credits per lead")
    lead_mining_price_contact = fields.Integer(string="Credits per contact")
    lead_mining_refund_days = fields.Integer(
        string="Days to refund credits",
        help="How long after the delivery credits are refunded for bad data, a hard bounce or a "
        "duplicate found later; 0 for the day of the delivery only.",
    )
    lead_mining_refund_monthly_credits = fields.Integer(
        string="Refunded credits per user and month",
        help="The most that one user can have refunded in a calendar month by reporting bad data "
        "and merging duplicates. Bounces do not count.",
    )
    lead_mining_keep_answers_days = fields.Integer(
        string="Days to keep the answers of providers",
        help="How long what providers answered is kept after a request or an enrichment has ended, "
        "with the persons in it; never shorter than credits can be refunded. What was delivered "
        "stays on leads and contacts. A request that is tried again later asks the providers anew.",
    )
    lead_mining_tell_each = fields.Boolean(
        string="A message for each lead",
        help="Send salespeople a message for each lead that somebody else generates for them, "
        "instead of one message that lists all leads of a request.",
    )
    lead_mining_lanes = fields.Integer(
        string="Requests at a time", help="How many requests run at the same time."
    )

    lead_mining_health = fields.Html(
        compute="_compute_lead_mining_health", groups="base.group_system"
    )

    # What each company tells the people whose data it mines, see `res.company`.
    lead_mining_legal_basis = fields.Selection(
        related="company_id.lead_mining_legal_basis", readonly=False
    )
    lead_mining_interest = fields.Char(related="company_id.lead_mining_interest", readonly=False)
    lead_mining_privacy_contact = fields.Char(
        related="company_id.lead_mining_privacy_contact", readonly=False
    )
    lead_mining_recipients = fields.Char(
        related="company_id.lead_mining_recipients", readonly=False
    )
    lead_mining_transfers = fields.Char(related="company_id.lead_mining_transfers", readonly=False)
    lead_mining_keep_companies = fields.Integer(
        related="company_id.lead_mining_keep_companies", readonly=False
    )
    lead_mining_keep_contacts = fields.Integer(
        related="company_id.lead_mining_keep_contacts", readonly=False
    )
    lead_mining_erase_expired = fields.Boolean(
        related="company_id.lead_mining_erase_expired", readonly=False
    )
    lead_mining_notice_days = fields.Integer(
        related="company_id.lead_mining_notice_days", readonly=False
    )
    lead_mining_create_partners = fields.Boolean(
        related="company_id.lead_mining_create_partners", readonly=False
    )

    def _compute_lead_mining_health(self):
        line = Markup('<li><i class="fa fa-fw %s" aria-hidden="true"></i> %s</li>')
        icons = {True: "fa-check text-success", False: "fa-exclamation-triangle text-warning"}
        health = Markup().join(
            line % (icons[is_well], sentence)
            for is_well, sentence in [
                *self.env["lead.lane.mixin"]._health(),
                # Sudo: a number of rows, none of which administrators may read.
                *self.env["lead.mining.identity"].sudo()._health(),
            ]
        )
        self.lead_mining_health = Markup('<ul class="list-unstyled mb-0">%s</ul>') % health

    @api.constrains("lead_mining_max_leads", "lead_mining_max_contacts")
    def _check_lead_mining_limits(self):
        for settings in self.filtered("lead_mining"):
            if settings.lead_mining_max_leads < 1 or settings.lead_mining_max_contacts < 1:
                raise ValidationError(self.env._("Allow at least one lead and one contact."))

    @api.constrains("lead_mining_price_lead", "lead_mining_price_contact")
    def _check_lead_mining_prices(self):
        for settings in self:
            if min(settings.lead_mining_price_lead, settings.lead_mining_price_contact) < 0:
                raise ValidationError(self.env._("A price cannot be negative."))

    @api.constrains("lead_mining_keep_answers_days")
    def _check_lead_mining_retention(self):
        if any(settings.lead_mining_keep_answers_days < 0 for settings in self):
            raise ValidationError(self.env._("A period cannot be negative."))

    @api.constrains("lead_mining_refund_days", "lead_mining_refund_monthly_credits")
    def _check_lead_mining_refunds(self):
        for settings in self:
            limits = settings.lead_mining_refund_days, settings.lead_mining_refund_monthly_credits
            if min(limits) < 0:
                raise ValidationError(self.env._("The refund limits cannot be negative."))

    @api.model
    def get_values(self):
        audience = self._lead_mining_audience()
        settings = Settings.of(self.env)
        return super().get_values() | {
            **{f"lead_mining_{name}": getattr(settings, name) for name in STORED},
            "lead_mining": bool(audience),
            "lead_mining_audience": audience or "salesperson",
            "lead_mining_lanes": self.env["lead.mining.worker"]._lane_count(),
        }

    def set_values(self):
        result = super().set_values()
        # Sudo: saving settings is checked by the form's own rights.
        chosen = {name: self[f"lead_mining_{name}"] for name in STORED}
        Settings.store(self.env(su=True), chosen)
        audience = self.lead_mining and self.lead_mining_audience
        if audience != self._lead_mining_audience():
            self._set_lead_mining_audience(audience)
        if self.lead_mining:
            self.env["lead.mining.worker"]._set_lanes(self.lead_mining_lanes)
        return result

    def action_lead_mining_notice_template(self):
        """Open the notice's text."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.template",
            "res_id": self.env.ref("crm_lead_mining.mail_template_notice").id,
            "views": [(False, "form")],
        }

    def action_first_steps(self):
        """Show the first steps, also those that are done or that somebody has put aside."""
        self.env["first.steps"].dismiss(False)
        return self.env["ir.actions.actions"]._for_xml_id("crm.action_your_pipeline")

    @api.model
    def _lead_mining_audience(self) -> str | bool:
        """Return the key of AUDIENCES that may mine, or False when it is switched off."""
        # Asked for each batch of leads, by lanes that must see it as it is: one statement.
        implying = self._lead_mining_group().implied_by_ids.ids
        id_of = self.env["ir.model.data"]._xmlid_to_res_id
        return next((key for key, xmlid in AUDIENCES.items() if id_of(xmlid) in implying), False)

    @api.model
    def _set_lead_mining_audience(self, audience: str | bool) -> None:
        group = self._lead_mining_group()
        for key, xmlid in AUDIENCES.items():
            command = fields.Command.link if key == audience else fields.Command.unlink
            # Sudo: who may save settings need not be allowed to write groups.
            self.env.ref(xmlid).sudo().implied_ids = [command(group.id)]

    @api.model
    def _lead_mining_group(self):
        id_of = self.env["ir.model.data"]._xmlid_to_res_id
        return self.env["res.groups"].sudo().browse(id_of("crm_lead_mining.group_lead_mining_user"))
