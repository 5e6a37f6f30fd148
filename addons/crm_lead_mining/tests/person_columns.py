"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

_PROFILE = (
    "company_employees_range company_legal_form company_revenue company_timezone company_linkedin"
    " company_x company_facebook company_instagram company_youtube company_github company_lei"
    " company_part_of identity_domain"
)
EXCEPTED = {
    "data about companies, which come in through the gate": {
        "crm.lead": f"{_PROFILE} company_vat company_register company_registry_id",
        "res.partner": f"{_PROFILE} identity_vat",
        "lead.mining.identity": "key",
        "lead.mining.result": "name identity_key",
        "lead.mining.technology": "name",
    },
    "names of sources, lists and settings": {
        "lead.mining.contact": "provider dataset dataset_version licence",
        "lead.mining.provenance": "provider dataset dataset_version licence",
        "lead.mining.industry": "code name section",
        "lead.mining.provider": "name api_key base_url note quota_left",
        "lead.mining.rate": "provider",
        "lead.mining.request": "name places words legal_form not_these dataset",
        "lead.mining.role": "name code",
        "lead.mining.search": "name pause_reason places words legal_form not_these dataset",
        "res.company": "lead_mining_interest lead_mining_privacy_contact lead_mining_recipients "
        "lead_mining_transfers",
    },
    "keys and states of the work itself": {
        "lead.mining.answer": "asked_cursor next_cursor helped",
        "lead.mining.refund": "subject",
        "lead.mining.sent": "message_id",
        "lead.mining.run": "message provider_notes run_key hold_token lease_token",
    },
    "made of columns that are searched": {"lead.mining.provenance": "source"},
    "hashes, and what keeps away who must not come in": {"lead.mining.suppression": "key"},
}
