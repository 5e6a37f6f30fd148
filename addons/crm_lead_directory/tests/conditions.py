"""What views show at times only, and to some only: see `crm_common/tests/test_conditions.py`."""

#: Of what stands under a condition: what is seen of an empty record, can be changed, is needed.
EMPTY = {
    "crm_lead_directory.lead_directory_company_view_form": "part_of",
    "crm_lead_directory.lead_directory_dataset_view_form": "web_ribbon",
    "crm_lead_directory.lead_directory_import_view_form": (
        ".div .group .group .notebook columns name_is_enough"
    ),
    "crm_lead_directory.lead_directory_merging_view_form": "action_merge",
    "crm_lead_directory.lead_directory_source_view_form": (
        ".group .group action_keep_apart mirror name only_country_ids:edit schedule state"
    ),
}

#: What only a group sees.
ONLY_FOR = {
    "crm_lead_directory.lead_directory_source_view_form": (
        "action_apply_vanished:crm_lead_directory.group_lead_directory_source "
        "action_cancel:crm_lead_directory.group_lead_directory_source "
        "action_get:crm_lead_directory.group_lead_directory_source "
        "action_get:crm_lead_directory.group_lead_directory_source "
        "action_keep_vanished:crm_lead_directory.group_lead_directory_source "
        "action_resume:crm_lead_directory.group_lead_directory_source "
        "action_use_file:crm_lead_directory.group_lead_directory_source"
    ),
    "crm_lead_directory.lead_directory_source_view_kanban": (
        ".t:crm_lead_directory.group_lead_directory_source"
    ),
    "crm_lead_directory.res_config_settings_view_form": ".button:sales_team.group_sale_manager",
}

#: Buttons that open a list, and by what its lines are of the record.
OPENS = {
    "lead.directory.dataset": "action_view_companies:dataset_id",
}
