from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import consteq, format_date, hmac

from odoo.addons.crm_common.tools.alone import together_or_alone

NOTICE_TEMPLATE = "crm_lead_mining.mail_template_notice"
NOTICE_ACTIVITY = "crm_lead_mining.mail_activity_type_notice"
#: Leads whose activities are made in one transaction.
BATCH_SIZE = 100


class LeadMiningContact(models.Model):
    """Persons are told where their data come from, and can object (Article 14 GDPR)."""

    _inherit = "lead.mining.contact"

    def action_send_notice(self):
        """Send the notice to those who have an address, and keep the proof.

        :return: a notification that tells how many were told
        :raise UserError: while a company that answers for the data does not say who and where it is
        """
        self.check_access("write")
        self._check_controllers()
        told = self.filtered("email_normalized")
        mails_sudo = self.env["mail.mail"].sudo()  # made below with the rights on the contacts
        if told:
            template = self.env.ref(NOTICE_TEMPLATE)
            mails_sudo = template.send_mail_batch(told.ids).sudo()
        told._log_notices(mails_sudo)
        told._set_notice_done({"notice_state": "sent"})
        return self._notice_notification(len(told), len(self) - len(told))

    def _check_controllers(self) -> None:
        for company in self.controller_id:
            if lacks := company._lacks_for_notice():
                sentence = self.env._(
                    "The notice has to say who answers for the data of %(company)s. Missing: "
                    "%(lacks)s. An administrator enters it in the settings.",
                    company=company.name,
                    lacks=", ".join(lacks),
                )
                if not self.env.user.has_group("base.group_system"):
                    raise UserError(sentence)
                settings = self.env.ref("crm.crm_config_settings_action").id
                raise RedirectWarning(sentence, settings, self.env._("Go to the Settings"))

    def action_exempt(self):
        """Ask why no notice is needed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("No Notice Needed"),
            "res_model": "lead.mining.notice.exemption",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_contact_ids": self.ids},
        }

    def _log_notices(self, mails_sudo):
        # Sudo: proofs are written by sending, never by hand.
        self.env["lead.mining.notice"].sudo().create(
            [
                {
                    "contact_id": contact.id,
                    "sent_at": fields.Datetime.now(),
                    "address": contact.email_normalized,
                    "user_id": self.env.uid,
                    "mail_message_id": mail_sudo.mail_message_id.id,
                }
                for contact, mail_sudo in zip(self, mails_sudo, strict=True)
            ]
        )

    def _set_notice_done(self, values: dict) -> None:
        """Mark that these persons were told, or need not be, and close what is done."""
        self.write(values)
        self.lead_id._close_notice_activities()

    def _notice_notification(self, told: int, without_address: int) -> dict:
        sentences = []
        if told == 1:
            sentences.append(self.env._("1 notice is on its way."))
        elif told:
            sentences.append(self.env._("%s notices are on their way.", told))
        if without_address == 1:
            sentences.append(
                self.env._("1 person has no e-mail address: inform them in another way.")
            )
        elif without_address:
            sentences.append(
                self.env._(
                    "%s persons have no e-mail address: inform them in another way.",
                    without_address,
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if without_address else "success",
                "message": " ".join(sentences),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _set_first_contact(self):
        """Note the first contact, which makes the notice due at once."""
        self.write({"first_contact_on": fields.Date.context_today(self)})
        self.filtered(lambda contact: contact.notice_state == "to_send")._schedule_notices()

    def _schedule_notices(self):
        """Remind the salespeople of the leads, once for each lead."""
        leads = self.lead_id
        reminded = leads.activity_search([NOTICE_ACTIVITY])
        leads = leads.filtered(lambda lead: lead.id not in reminded.mapped("res_id"))
        today = fields.Date.context_today(self)
        due = {
            lead: min(contact.notice_due or today for contact in self if contact.lead_id == lead)
            for lead in leads
        }
        # Nobody is written to: the activity is seen where salespeople look every day.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [lead._notice_activity_values(max(day, today)) for lead, day in due.items()]
        )

    @api.model
    def _cron_schedule_notices(self):
        """Remind of notices that are due within the days of the company that answers for them.

        A lead that nobody can be reminded of stands in no other one's way.
        """
        cron, contacts = self.env["ir.cron"], self._with_notice_due()
        for start in range(0, len(contacts), BATCH_SIZE):
            batch = contacts[start : start + BATCH_SIZE]
            together_or_alone(batch, lambda some: some._schedule_notices())
            if not cron._commit_progress():
                return

    @api.model
    def _with_notice_due(self):
        ((most_days,),) = self.env["res.company"]._read_group(
            [], aggregates=["lead_mining_notice_days:max"]
        )
        today = fields.Date.context_today(self)
        activity_type = self.env.ref(NOTICE_ACTIVITY)
        due = self.search(
            [
                ("notice_state", "=", "to_send"),
                ("notice_due", "<=", fields.Date.add(today, days=most_days)),
                # Lost leads are reminded of as well: the data are still held.
                ("lead_id.activity_ids", "not any", [("activity_type_id", "=", activity_type.id)]),
            ]
        )
        return due.filtered(
            lambda contact: (
                (contact.notice_due - today).days <= contact.controller_id.lead_mining_notice_days
            )
        )

    # === TEXT OF THE NOTICE === #

    def _notice_lang(self) -> str:
        """Return the language in which the person is told: the lead's, else the controller's."""
        self.ensure_one()
        lang = self.lead_id.lang_id.filtered("active").code or self.controller_id.partner_id.lang
        return lang or self.env.lang or ""

    def _legal_basis_label(self) -> str:
        basis = self.legal_basis or self.controller_id.lead_mining_legal_basis
        return dict(self._fields["legal_basis"]._description_selection(self.env))[basis]

    def _categories_text(self) -> str:
        """Return which data are held, without the data themselves."""
        held = {
            self.env._("name"): self.name,
            self.env._("position"): self.job_title,
            self.env._("e-mail address"): self.email,
            self.env._("phone number"): self.phone,
        }
        return ", ".join(label for label, value in held.items() if value)

    def _source_text(self) -> str:
        """Return where the data come from, as exactly as it is known."""
        origin = self.dataset or self.provider_name
        parts = (origin, self.dataset_version, self.licence, self.source_url)
        where = ", ".join(filter(None, parts)) or self.env._("not known")
        when = self.fetched_on or self.collected_on
        return f"{where} ({format_date(self.env, when)})" if when else where

    # === OBJECTION === #

    def _objection_token(self) -> str:
        self.ensure_one()
        # Sudo: the secret of the database signs the link.
        return hmac(self.env(su=True), "lead-mining-objection", (self.id, self.email_normalized))

    def _objection_url(self) -> str:
        """Return the address where the person can object without a login."""
        self.ensure_one()
        return f"{self.get_base_url()}/lead_mining/objection/{self.id}/{self._objection_token()}"

    def _is_objection_token(self, token: str) -> bool:
        # As bytes: of texts it compares ASCII only.
        return consteq(self._objection_token().encode(), token.encode(errors="replace"))

    def _object(self):
        """The person does not want to be mined: never again, for whichever company."""
        self.ensure_one()
        Suppression = self.env["lead.mining.suppression"]
        Suppression._add(
            self._tombstones(), reason=self.env._("Article 14 notice"), source="opt_out"
        )
        self.lead_id._message_log(
            body=self.env._("%s objects to being contacted: do not write to them again.", self.name)
        )
