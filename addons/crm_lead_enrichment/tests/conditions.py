"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: What only a group sees.
ONLY_FOR = {
    "crm_lead_enrichment.crm_lead_view_form_enrichment": (
        ".div:crm_lead_enrichment.group_lead_enrichment_user "
        ".div:crm_lead_enrichment.group_lead_enrichment_user "
        "action_enrich:crm_lead_enrichment.group_lead_enrichment_user"
    ),
    "crm_lead_enrichment.res_partner_view_form_enrichment": (
        ".div:crm_lead_enrichment.group_lead_enrichment_user "
        ".div:crm_lead_enrichment.group_lead_enrichment_user "
        "action_enrich:crm_lead_enrichment.group_lead_enrichment_user"
    ),
}
