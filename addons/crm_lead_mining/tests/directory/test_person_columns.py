"""Every stored text of ours is searched for persons, or excepted by name with a reason."""

from odoo.tests import TransactionCase, tagged

OURS = ("crm_common", "crm_iap_credits", "crm_lead_", "crm_mail_", "helpdesk_mail_plugin")
TEXTS = ("char", "text", "html", "json")

#: What `lead.mining.eraser` finds and erases by its own rules.
BY_ERASER = {
    "iap.credit.entry": "document_name reason",
    "iap.credit.hold": "document_name reason",
    "lead.directory.company": "emails",
    "lead.directory.contact": "identity name job_title email phone",
    "lead.mining.answer": "companies",
    "lead.mining.contact": "name job_title email email_normalized phone source source_url "
    "notice_exemption_details",
    "lead.mining.notice": "address",
    "lead.mining.provenance": "part source source_url",
    "lead.mining.refund": "name note",
    "lead.mining.result": "data",
}
#: Why persons need not be looked for in the others.
EXCEPTED = {
    "data about companies, which come in through the gate": {
        "crm.lead": "company_employees_range company_revenue company_timezone company_linkedin "
        "company_x company_facebook company_instagram company_youtube company_github "
        "identity_domain",
        "res.partner": "company_employees_range company_revenue company_timezone company_linkedin "
        "company_x company_facebook company_instagram company_youtube company_github "
        "identity_domain identity_vat",
        "lead.directory.company": "identity name registry registry_id lei vat domain website "
        "street street2 city zip state_code country_code phone industry industries revenue "
        "description logo_url technologies timezone linkedin facebook twitter",
        "lead.enrichment": "domain registry_id identity_key overwritten",
        "lead.mining.identity": "key",
        "lead.mining.result": "name reason identity_key",
        "lead.mining.technology": "name",
    },
    "names of sources, lists and settings": {
        "lead.directory.dataset": "name version source url licence",
        "lead.directory.import": "encoding delimiter version registry mark path",
        "lead.mining.contact": "provider dataset dataset_version licence",
        "lead.mining.provenance": "provider dataset dataset_version licence",
        "lead.mining.industry": "code name section",
        "lead.mining.provider": "name api_key base_url note quota_left",
        "lead.mining.rate": "provider",
        "lead.mining.request": "name",
        "lead.mining.role": "name code",
        "lead.mining.search": "name pause_reason",
        "res.company": "lead_mining_interest lead_mining_privacy_contact lead_mining_recipients "
        "lead_mining_transfers",
        "iap.credit.pack": "name description",
        "iap.credit.order": "name return_path pack_name",
    },
    "keys and states of the work itself": {
        "lead.enrichment": "batch run_key hold_token lease_token",
        "lead.mining.answer": "asked_cursor next_cursor helped",
        "lead.mining.refund": "subject",
        "lead.mining.sent": "message_id",
        "lead.mining.run": "message provider_notes run_key hold_token lease_token",
        "iap.account": "token_hash",
        "iap.credit.entry": "document_model idempotency_key request_hash",
        "iap.credit.hold": "document_model token",
        "mail.mail": "recipient_origin_model",
        "mail.plugin.claim": "key",
        "mail.plugin.code": "nonce",
        "mail.plugin.rate": "key",
        "mail.plugin.log": "email_key",
        "mail.recipient.log": "res_model path",
    },
    "what users wrote about their own work, or is kept about users": {
        "mail.plugin.connection": "name origin last_address",
        "mail.recipient.log": "user_name",
        "mail.message": "recipient_map",
    },
    "hashes that cannot be turned back": {"lead.mining.suppression": "key reason"},
}


@tagged("post_install", "-at_install")
class TestPersonColumns(TransactionCase):
    def columns(self):
        """Yield the stored texts of our models, and ours of stock's."""
        ours = {module for module in self.env.registry._init_modules if module.startswith(OURS)}
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or not model._auto or model._transient:
                continue  # transient ones are emptied by themselves
            for field in model._fields.values():
                is_ours = field._module in ours or model._original_module in ours
                if is_ours and field.store and field.type in TEXTS and field.column_type:
                    yield name, field.name

    def test_every_stored_text_is_declared_or_excepted_with_a_reason(self):
        known = {
            (model, name)
            for places in (BY_ERASER, *EXCEPTED.values())
            for model, names in places.items()
            for name in names.split()
        }
        declared = {
            (model, name)
            for model in self.env["person.data.mixin"]._person_models()
            for name in self.env[model]._person_columns
        }
        self.assertFalse(sorted(set(self.columns()) - known - declared))
        self.assertFalse(sorted(known & declared), "declared, so no exception")

    def test_what_is_declared_or_excepted_is_there(self):
        for places in (BY_ERASER, *EXCEPTED.values()):
            for model, names in places.items():
                for name in names.split() if model in self.env else ():
                    self.assertIn(name, self.env[model]._fields, model)
        for model in self.env["person.data.mixin"]._person_models():
            for name in self.env[model]._person_columns:
                self.assertTrue(self.env[model]._fields[name].store, f"{model}.{name}")
