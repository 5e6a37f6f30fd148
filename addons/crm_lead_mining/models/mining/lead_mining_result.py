from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...company import company_json
from ...company.alike import Place
from ...company.identity import identity_keys
from ...exceptions import RefundRefused
from ...tools import results_table
from ...tools.refunds import COMPANY, Delivery, contact_subject
from ...tools.results_table import ResultRow
from ...tools.settings import Settings

OUTCOMES = [
    ("created", "Delivered"),
    ("updated", "Updated"),
    ("linked", "Linked"),
    ("duplicate", "Already Known"),
    ("skipped", "Skipped"),
    ("invalid", "Unusable"),
    ("failed", "Not Saved"),
]


class LeadMiningResult(models.Model):
    _name = "lead.mining.result"
    _inherit = ["lead.mining.stored.mixin"]
    _description = "Lead Mining Result"
    _order = "request_id desc, id"

    _person_columns = ("data", "reason")
    _stored_column = "data"
    _person_sequence = 14
    _keeps_places = True

    request_id = fields.Many2one(
        "lead.mining.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    provider_id = fields.Many2one(
        "lead.mining.provider", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    name = fields.Char(readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    identity_key = fields.Char(string="Identity", readonly=True, index="btree_not_null")
    data = fields.Json(readonly=True, help="The company as the provider described it.")
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Known Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contact_count = fields.Integer(string="Contacts", readonly=True)
    credits = fields.Integer(readonly=True)
    contact_price = fields.Integer(
        readonly=True, help="Credits that each contact cost, included in those of the company."
    )
    # A foreign key does no harm here: the entry is written by the same transaction, before.
    entry_id = fields.Many2one(
        "iap.credit.entry",
        string="Paid By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="crm_iap_credits.group_billing_administrator,sales_team.group_sale_manager",
    )
    refund_ids = fields.One2many("lead.mining.refund", "result_id", readonly=True)
    refunded = fields.Integer(
        compute="_compute_refunded", store=True, help="Credits that were refunded."
    )
    refund_reason = fields.Char(compute="_compute_refund_reason")
    can_refund = fields.Boolean(compute="_compute_can_refund")

    _refund_bounded = models.Constraint(
        "CHECK(refunded BETWEEN 0 AND credits)", "A refund cannot exceed what was paid."
    )

    # === COMPUTE METHODS === #

    @api.depends("refund_ids.credits")
    def _compute_refunded(self):
        for result in self:
            result.refunded = sum(result.refund_ids.mapped("credits"))

    @api.depends("refund_ids.cause", "refund_ids.flaw")
    def _compute_refund_reason(self):
        refunds = self.refund_ids
        causes = dict(refunds._fields["cause"]._description_selection(self.env))
        flaws = dict(refunds._fields["flaw"]._description_selection(self.env))
        for result in self:
            reasons = [
                ": ".join(filter(None, (causes[refund.cause], flaws.get(refund.flaw))))
                for refund in result.refund_ids
            ]
            result.refund_reason = ", ".join(dict.fromkeys(reasons))

    @api.depends("credits", "refunded")
    def _compute_can_refund(self):
        # Sudo: the entry is hidden from salespeople.
        for result, result_sudo in zip(self, self.sudo(), strict=True):
            result.can_refund = bool(result_sudo._refundable())

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_delivered(self):
        if self.filtered_domain(self._delivered_domain()):
            raise UserError(
                self.env._("Delivered companies are kept, as their credits are accounted for.")
            )

    @api.model
    def _delivered_domain(self) -> list:
        """Return what tells the results that stay: what was delivered, whether paid or free."""
        return ["|", ("outcome", "in", ("created", "updated")), ("entry_id", "!=", False)]

    @api.model
    def _is_any_delivered(self, domain: list) -> bool:
        """Tell whether any result of `domain` stays, so that what it belongs to stays too."""
        # Sudo: no result is overlooked, nor one of an archived request.
        results_sudo = self.sudo().with_context(active_test=False)
        return bool(results_sudo.search_count([*domain, *self._delivered_domain()], limit=1))

    @api.autovacuum
    def _gc_persons(self):
        """Forget the persons of deliveries for which no credits come back any more.

        Contacts and leads keep theirs, for their own time; analyses need the company's values.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE lead_mining_result SET data = data - %(keys)s"
                " WHERE create_date < %(before)s AND data ?| %(keys)s",
                keys=["contacts", "emails", "description", "sources"],
                before=fields.Datetime.now() - Settings.of(self.env).answers_kept,
            )
        )
        self.invalidate_model(["data"])

    # === ACTIONS === #

    def action_open_lead(self):
        """Show what became of the company, or say why nothing did."""
        self.ensure_one()
        if record := self.lead_id or self.partner_id:
            return record.get_formview_action()
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.name or "",
                "message": self.reason or outcomes[self.outcome],
            },
        }

    def action_never_mine(self):
        """Never mine these companies again, whether they were delivered or not."""
        Suppression = self.env["lead.mining.suppression"]
        entries = {
            entry
            for result in self
            for entry in Suppression._company_entries(
                Place.of_company(company_json.from_json(result.data or {})),
                result.name,
                *result._identity_keys(),
            )
        }
        return Suppression._never_mine(
            entries, self.company_id[:1], self.env._("Added from a result")
        )

    def _identity_keys(self) -> list[str]:
        self.ensure_one()
        keys = identity_keys(company_json.from_json(self.data)) if self.data else ()
        return [*keys, self.identity_key]

    def action_report_bad_data(self):
        """Ask what is wrong with these companies."""
        return self.env["lead.mining.refund"]._ask_what_is_wrong(default_result_ids=self.ids)

    # === REFUNDS === #

    def _refundable(self) -> dict[str, int]:
        """Return the credits of each part that can be given back now; needs sudo."""
        self.ensure_one()
        if not self.entry_id:
            return {}
        return self._delivery().refundable(fields.Datetime.now(), self._refund_days())

    def _delivery(self) -> Delivery:
        return Delivery(
            credits=self.credits,
            contact_price=self.contact_price,
            contact_count=self.contact_count,
            delivered_at=self.create_date,
            refunded=frozenset(self.refund_ids.mapped("subject")),
        )

    def _refund_refusal(self, subjects: list[str]) -> RefundRefused:
        """Return the error that says why none of these parts can be given back."""
        days = self._refund_days()
        refusals = {
            self._delivery().refusal(subject, fields.Datetime.now(), days) for subject in subjects
        }
        if not self.entry_id:
            refusals = {"unpaid"}
        sentences = {
            "done": self.env._("The credits have already been refunded."),
            "late": self.env._("Credits are refunded only within %s days of the delivery.", days),
            "unpaid": self.env._("No credits were spent on this."),
        }
        cause = next(cause for cause in sentences if cause in refusals or cause == "unpaid")
        return RefundRefused(sentences[cause], cause=cause)

    @api.model
    def _refund_days(self) -> int:
        return Settings.of(self.env).refund_days

    def _all_subjects(self) -> list[str]:
        return [COMPANY, *map(contact_subject, range(self.contact_count))]

    def _subject_name(self, subject: str) -> str:
        """Return the name that the company or person was delivered with."""
        if subject == COMPANY:
            return self.name
        return self._delivered_contact(int(subject.removeprefix("contact:"))).get("name", self.name)

    def _delivered_contact(self, position: int) -> dict:
        """Return a contact as the provider described it, empty if that is not kept anymore."""
        contacts = (self.data or {}).get("contacts", [])
        return contacts[position] if 0 <= position < len(contacts) else {}

    # === FILES === #

    def _to_file(self, file_format: str) -> bytes:
        """Return the results as a file; of companies that were not paid only what became of them.

        :param file_format: "csv" or "xlsx"
        """
        rows = self._to_rows()
        contacts = results_table.most_contacts(rows)
        header = self._header(contacts)
        table = [results_table.cells(row, contacts) for row in rows]
        if file_format == "csv":
            return results_table.to_csv(header, table)
        return results_table.to_xlsx(self.request_id.name, header, table)

    def _to_rows(self) -> list[ResultRow]:
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        readable = set(self.lead_id._filtered_access("read").ids)
        return [
            ResultRow(
                name=result.name or "",
                outcome=outcomes[result.outcome],
                reason=result.reason or "",
                credits=result.credits - result.refunded,
                lead=result.lead_id.name if result.lead_id.id in readable else "",
                company=company_json.from_json(result.data) if result.data else None,
            )
            for result in self
        ]

    def _header(self, contacts: int) -> list[str]:
        env = self.env
        source = {
            "provider": env._("Provider"),
            "dataset": env._("Dataset"),
            "dataset_version": env._("Edition"),
            "licence": env._("Licence"),
            "url": env._("Source URL"),
            "fetched_on": env._("Fetched On"),
        }
        return [
            env._("Company"),
            *(env._(one.label) for one in results_table.COMPANY_COLUMNS),
            *(
                f"{env._(one.label)} {number}"
                for number in range(1, contacts + 1)
                for one in results_table.CONTACT_COLUMNS
            ),
            env._("Outcome"),
            env._("Reason"),
            env._("Credits"),
            env._("Lead"),
            *(source[column] for column in results_table.PROVENANCE_COLUMNS),
        ]

    # === PRIVACY === #

    @api.model
    def _person_label(self):
        return self.env._("Results of requests")
