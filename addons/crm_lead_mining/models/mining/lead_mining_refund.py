import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.tools import SQL

from odoo.addons.crm_iap_credits.exceptions import CreditError
from odoo.addons.crm_iap_credits.tools.budgets import month_bounds
from odoo.addons.crm_iap_credits.tools.shown import shown

from ...exceptions import RefundRefused
from ...tools.privacy import Person
from ...tools.refunds import COMPANY, contact_subject
from ...tools.settings import Settings

_logger = logging.getLogger(__name__)

#: Refunds per transaction of the scheduled action.
BATCH_SIZE = 100

CAUSES = [
    ("bad_data", "Bad Data"),
    ("bounce", "E-mail Bounced"),
    ("duplicate", "Duplicate Found Later"),
]
FLAWS = [
    ("wrong_person", "The person does not work there"),
    ("wrong_email", "The e-mail address is wrong"),
    ("wrong_phone", "The phone number is wrong"),
    ("closed", "The company no longer exists"),
    ("wrong_company", "The company does not match the criteria"),
    ("duplicate", "We already knew it"),
    ("other", "Other"),
]


class LeadMiningRefund(models.Model):
    """Credits given back for one part of a delivery: the company, or one of its contacts.

    The unique index decides that a part is given back once. The row is written where the cause is
    noticed; the ledger's entry follows in a transaction that can be tried again. The limit of the
    month is judged by these rows, which nobody deletes, nor what they are about.
    """

    _name = "lead.mining.refund"
    _inherit = ["person.data.mixin"]
    _description = "Lead Mining Refund"
    _order = "id desc"

    _person_columns = ("name", "note")
    _person_sequence = 16

    result_id = fields.Many2one(
        "lead.mining.result", required=True, readonly=True, index=True, ondelete="restrict"
    )
    request_id = fields.Many2one(related="result_id.request_id", store=True, index=True)
    company_id = fields.Many2one(related="result_id.company_id", store=True, index=True)
    subject = fields.Char(
        required=True, readonly=True, help='"company", or "contact:" and its place, from 0.'
    )
    name = fields.Char(readonly=True, help="The company or person that was paid for.")
    credits = fields.Integer(required=True, readonly=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    flaw = fields.Selection(FLAWS, string="What Is Wrong", readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Reported By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    state = fields.Selection(
        [("pending", "Being Refunded"), ("posted", "Refunded")],
        required=True,
        readonly=True,
        default="pending",
    )
    # A foreign key does no harm here: entry and row are written by the same transaction.
    entry_id = fields.Many2one(
        "iap.credit.entry",
        string="Ledger Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="crm_iap_credits.group_billing_administrator,sales_team.group_sale_manager",
    )

    _subject_uniq = models.Constraint(
        "UNIQUE(result_id, subject)",
        "The credits of this company or contact have already been refunded.",
    )
    _credits_positive = models.Constraint(
        "CHECK(credits > 0)", "A refund must be of at least one credit."
    )
    _posted_has_entry = models.Constraint(
        "CHECK((state = 'posted') = (entry_id IS NOT NULL))",
        "A completed refund must have an entry in the ledger.",
    )
    _pending_idx = models.Index("(id) WHERE state = 'pending'")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Refunds of credits stay on record."))

    # === CAUSES === #

    @api.model
    def _ask_what_is_wrong(self, **context) -> dict:
        """Return the dialog that reports bad data."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Bad Data"),
            "res_model": "lead.mining.bad.data",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    @api.model
    def _report_bad_data(self, reported: list[tuple], *, flaw: str, note=False):
        """Give back what a user says is bad, at once: all that can be, or nothing.

        :param reported: each a `lead.mining.result` that the user may complain about, and subjects
        :param flaw: a key of FLAWS
        :raise RefundRefused: if nothing of it can be given back, or it is too much for the month
        """
        values = []
        for result, subjects in reported:
            result_sudo = result.sudo()  # users see results, and write none
            refundable = result_sudo._refundable()
            chosen = {subject: refundable[subject] for subject in subjects if subject in refundable}
            values += self._prepare(result_sudo, chosen, cause="bad_data", flaw=flaw, note=note)
        if not values:
            result, subjects = reported[0]
            raise result.sudo()._refund_refusal(subjects)
        self._lock_limits(self.env.user)
        self._check_monthly_limit(sum(one["credits"] for one in values))
        # Sudo: users write no refunds; what may be given back was judged above.
        refunds_sudo = self.sudo().create(values)
        refunds_sudo._post()
        return refunds_sudo

    @api.model
    def _report_bounce(self, message_ids: list[str], emails: set[str]):
        """Give back, soon, the contacts whose address refused a mail for good.

        Only a mail counts that left this database, for the address that was delivered: not for
        one that a user has written since.

        :param message_ids: of the mail that bounced, as the delivery report names it
        :param emails: addresses that refused it, normalised
        """
        # Sudo: a bounce arrives without a user.
        contacts_sudo = self.env["lead.mining.sent"].sudo()._find_contacts(message_ids)
        values = []
        for contact in contacts_sudo:
            email = contact._delivered_email()
            if email in emails:
                subject = contact_subject(contact.position)
                refundable = contact.result_id._refundable()
                chosen = {key: refundable[key] for key in (subject,) if key in refundable}
                values += self._prepare(contact.result_id, chosen, cause="bounce", note=email)
        self._queue(values)

    @api.model
    def _report_duplicates(self, results):
        """Give back, soon, the companies of results that turned out to be known before.

        What is over the user's limit of the month, or delivered too long ago, is left as it is.
        What a scheduled action merges counts for who has mined it.
        """
        prices = {
            result_sudo: result_sudo._refundable().get(COMPANY, 0)
            for result_sudo in results.sudo()  # users merge leads of others' requests too
        }
        paid_sudo = results.sudo().filtered(prices.get)
        users = {
            result_sudo: result_sudo.request_id.create_uid
            if self.env.user._is_superuser()
            else self.env.user
            for result_sudo in paid_sudo
        }
        self._lock_limits(self.env["res.users"].union(*users.values()))
        values, left = [], {}
        for result_sudo, user in users.items():
            price = prices[result_sudo]
            if user not in left:
                left[user] = self._monthly_credits_left(user)
            if price <= left[user]:
                left[user] -= price
                values += self._prepare(
                    result_sudo, {COMPANY: price}, cause="duplicate", user_id=user.id
                )
        self._queue(values)

    @api.model
    def _prepare(self, result, prices: dict[str, int], **values) -> list[dict]:
        return [
            {
                "result_id": result.id,
                "subject": subject,
                "name": result._subject_name(subject),
                "credits": price,
                "user_id": self.env.uid,
                **values,
            }
            for subject, price in prices.items()
        ]

    @api.model
    def _queue(self, vals_list: list[dict]):
        """Note refunds that the scheduled action posts: the balance is not locked here."""
        if vals_list:
            # Sudo: only the rules of this model write its rows.
            self.sudo().create(vals_list)
            self.env.ref("crm_lead_mining.ir_cron_refund")._trigger()

    # === LIMIT OF THE MONTH === #

    @api.model
    def _lock_limits(self, users):
        """Have nobody else judge the limit of these users until this transaction ends.

        Waits for others. The rows are written, not only locked: whoever waited gets PostgreSQL's
        serialization error, which makes Odoo try all again and see what came back meanwhile.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH own AS (
                    SELECT id FROM res_users WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
                )
                UPDATE res_users SET active = active FROM own WHERE res_users.id = own.id
                """,
                users.ids,
            ),
            log_exceptions=False,
        )

    @api.model
    def _monthly_credits_left(self, user=None) -> int:
        """Return what a user may still get back this month by own reports.

        :param user: a `res.users`, by default who asks
        """
        user = user or self.env.user
        if user._is_superuser():
            return self._monthly_limit()
        # Sudo: the months are those of the company's budgets, whoever may read its address.
        zone = user.sudo().company_id.partner_id.tz
        month, _next = month_bounds(fields.Datetime.now(), zone)
        spent = self.sudo()._read_group(
            [
                ("user_id", "=", user.id),
                ("cause", "in", ("bad_data", "duplicate")),
                ("create_date", ">=", month),
            ],
            aggregates=["credits:sum"],
        )[0][0]
        return max(self._monthly_limit() - (spent or 0), 0)

    @api.model
    def _monthly_limit(self) -> int:
        return Settings.of(self.env).refund_monthly_credits

    @api.model
    def _check_monthly_limit(self, credits: int):
        left = self._monthly_credits_left()
        if credits > left:
            raise RefundRefused(
                self.env._(
                    "By reporting bad data, you can have %(limit)s credits a month refunded, of "
                    "which %(left)s are left: ask an administrator to check these companies.",
                    limit=shown(self.env, self._monthly_limit()),
                    left=shown(self.env, left),
                ),
                cause="limit",
            )

    # === POSTING === #

    def _post(self):
        """Write the ledger's entries, each of which undoes a part of a capture."""
        for refund in self:
            request = refund.request_id
            entry = request._account_sudo().refund(
                refund.result_id.entry_id,
                refund.credits,
                reason=refund._entry_reason(),
                idempotency_key=f"mining-refund:{refund.result_id.id}:{refund.subject}",
                document=request,
            )
            refund.write({"entry_id": entry.id, "state": "posted"})

    def _entry_reason(self) -> str:
        cause = dict(self._fields["cause"]._description_selection(self.env))[self.cause]
        return self.env._(
            "%(cause)s: %(name)s (%(request)s)",
            cause=cause,
            # The company's name, also for a contact: a ledger's entry is never erased.
            name=self.result_id.name,
            request=self.request_id.name,
        )

    @api.model
    def _cron_post(self):
        """Post what is pending; a batch that others disturb is tried again."""
        last_id = tries = 0
        while pending := self.search(
            [("state", "=", "pending"), ("id", ">", last_id)], limit=BATCH_SIZE, order="id"
        ):
            try:
                pending._post_possible()
                self.env.cr.flush()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                tries += 1
                if tries == MAX_TRIES_ON_CONCURRENCY_FAILURE:
                    raise
                continue
            last_id = pending[-1].id
            if not self.env["ir.cron"]._commit_progress(len(pending)):
                return

    def _post_possible(self):
        """Post those that the ledger accepts; the others wait for an administrator."""
        for refund in self:
            try:
                refund._post()
            except CreditError as error:
                _logger.warning("Refund %s of lead mining stays pending: %s", refund.id, error)

    # === PRIVACY === #

    @api.model
    def _person_label(self):
        return self.env._("Credits refunded")

    @api.model
    def _person_find(self, traces, companies):
        contacts = self.env["lead.mining.contact"]._person_find(traces, companies)
        person = Person.of_traces(traces)
        found = self._person_candidates(traces, traces.names).filtered_domain(
            self._person_scope(companies)
        )
        return contacts._refunds() | found.filtered(
            lambda refund: refund._is_of(person) or person.is_named_in(refund.note or "")
        )

    def _is_of(self, person: Person) -> bool:
        """Tell whether these credits were given back for the person."""
        return self.subject != COMPANY and person.is_one(self.note, self.name)

    def _person_data(self, traces):
        return self._person_values()

    def _person_erase(self, traces):
        person = Person.of_traces(traces)
        remarks = self.filtered(
            lambda refund: person.is_named_in(refund.note or "") and not refund._is_of(person)
        )
        remarks.note = False
        (self - remarks)._forget()

    def _forget(self) -> None:
        """Take the person out; the money stays as it was."""
        self.write({"name": self.env._("Erased contact"), "note": False})
