"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: Of what stands under a condition: what is seen of an empty record, can be changed, is needed.
EMPTY = {
    "crm_lead_mining.crm_case_kanban_view_leads": "action_open_lead_mining",
    "crm_lead_mining.crm_case_tree_view_leads": "action_open_lead_mining",
    "crm_lead_mining.crm_case_tree_view_oppor": "action_open_lead_mining",
    "crm_lead_mining.crm_lead_view_form": "action_create_partner",
    "crm_lead_mining.lead_mining_contact_view_form": "action_create_partner",
    "crm_lead_mining.lead_mining_privacy_view_form": ".div .group",
    "crm_lead_mining.lead_mining_provider_view_form": ".div code:edit price_text",
    "crm_lead_mining.lead_mining_request_view_dialog": "action_save_search",
    "crm_lead_mining.lead_mining_request_view_form": (
        ".span .span action_download_csv action_download_xlsx action_save_search "
        "action_view_results campaign_id:edit contact_count contact_filter:edit "
        "contact_number:edit contacts country_ids:edit country_ids:need dataset:edit "
        "delivery_order:edit filter_on_size:edit founded_from:edit founded_to:edit "
        "industry_ids:edit known_policy:edit lead_mining_preview lead_number:edit "
        "lead_type:edit legal_form:edit no_subsidiaries:edit not_these:edit places:edit "
        "preferred_role_id:edit progress provider_id:edit revenue_from:edit role_ids:edit "
        "seniority:edit size_max:edit size_min:edit state_ids:edit tag_ids:edit team_id:edit "
        "technology_ids:edit user_id:edit web_ribbon with_email:edit with_phone:edit "
        "with_website:edit words:edit"
    ),
    "crm_lead_mining.lead_mining_search_view_form": (
        "company_id:edit contacts country_ids:need web_ribbon"
    ),
    "crm_lead_mining.lead_mining_suppression_import_view_form": ".group",
    "crm_lead_mining.lead_mining_suppression_view_form": "kind kind:edit value:edit value:need",
    "crm_lead_mining.view_crm_lead_kanban": "action_open_lead_mining",
}

#: What only a group sees.
ONLY_FOR = {
    "crm_lead_mining.crm_case_kanban_view_leads": ".header:crm_lead_mining.group_lead_mining_user",
    "crm_lead_mining.crm_case_tree_view_leads": (
        "action_open_lead_mining:crm_lead_mining.group_lead_mining_user"
    ),
    "crm_lead_mining.crm_case_tree_view_oppor": (
        "action_open_lead_mining:crm_lead_mining.group_lead_mining_user"
    ),
    "crm_lead_mining.crm_lead_view_form": (
        "mining_cost:crm_lead_mining.group_lead_mining_user "
        "mining_request_id:crm_lead_mining.group_lead_mining_user"
    ),
    "crm_lead_mining.lead_mining_provider_view_form": (
        "action_test_connection:base.group_system base_url:base.group_system"
    ),
    "crm_lead_mining.lead_mining_request_view_form": ".a:base.group_system",
    "crm_lead_mining.lead_mining_search_view_form": (
        "owner_id:!sales_team.group_sale_manager owner_id:sales_team.group_sale_manager"
    ),
    "crm_lead_mining.lead_mining_suppression_view_list": (
        ".button:sales_team.group_sale_manager action_export_list:base.group_system"
    ),
    "crm_lead_mining.res_config_settings_view_form": (
        "action_first_steps:base.group_system lead_mining_health_setting:base.group_system"
    ),
    "crm_lead_mining.view_crm_lead_kanban": ".header:crm_lead_mining.group_lead_mining_user",
}

#: Buttons that open a list, and by what its lines are of the record.
OPENS = {
    "lead.mining.request": "action_view_results:request_id",
}
