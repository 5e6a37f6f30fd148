"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                           staff miner enrich seller head officer billing sender admin
lead.directory.company          -     -     -      -      ru   -       -       -      -
lead.directory.contact          -     -     -      -      ru   -       -       -      -
lead.directory.correction       -     -     -      -      rwc  -       -       -      -
lead.directory.correction.cell  -     -     -      -      rwc  -       -       -      -
lead.directory.count            -     -     -      -      -    -       -       -      r
lead.directory.dataset          -     -     -      -      rwcu -       -       -      -
lead.directory.merge            -     -     -      -      r    -       -       -      -
lead.directory.merging          -     -     -      -      rwc  -       -       -      -
lead.directory.merging.line     -     -     -      -      rc   -       -       -      -
lead.directory.ended            -     -     -      -      r    -       -       -      -
lead.directory.change           -     -     -      -      -    -       -       -      r
lead.directory.edition.part     -     -     -      -      -    -       -       -      r
lead.directory.header           -     -     -      -      rwcu -       -       -      -
lead.directory.import           -     -     -      -      rwcu -       -       -      -
lead.directory.import.column    -     -     -      -      rwcu -       -       -      -
lead.directory.import.problem   -     -     -      -      r    -       -       -      -
lead.directory.parent           -     -     -      -      rwc  -       -       -      -
lead.directory.relation         -     -     -      -      r    -       -       -      -
lead.directory.signal           -     -     -      r      r    -       -       -      -
lead.directory.source           -     -     -      -      rw   -       -       -      rw
"""

MENUS = """
menu                          staff miner enrich seller head officer billing sender admin
lead_directory_company_menu   -     -     -      -      x    -       -       -      -
lead_directory_dataset_menu   -     -     -      -      x    -       -       -      -
lead_directory_header_menu    -     -     -      -      x    -       -       -      -
lead_directory_import_menu    -     -     -      -      x    -       -       -      -
lead_directory_source_menu    -     -     -      -      x    -       -       -      -
lead_directory_signal_menu    -     -     -      x      x    -       -       -      -
lead_directory_menu           -     -     -      -      x    -       -       -      -
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "lead.directory.company": (
        "city contact_ids country_code dataset_id description domain emails employees "
        "employees_max employees_min facebook founded industries industry industry_codes "
        "legal_form lei linkedin logo_url name phone registry registry_id revenue revenue_class "
        "state_code status street street2 technologies timezone twitter vat website zip"
    ),
    "lead.directory.contact": (
        "directory_company_id email identity job_title name phone role seniority"
    ),
    "lead.directory.dataset": (
        "active attribution company_id import_ids licence name sequence source url version"
    ),
    "lead.directory.correction": "cell_ids is_for_alike",
    "lead.directory.correction.cell": "correction_id value",
    "lead.directory.ended": "dataset_id key of_identity status",
    "lead.directory.header": "target",
    "lead.directory.merging": "stays",
    "lead.directory.import": (
        "column_ids country_id dataset_id delimiter encoding file file_name name_is_enough "
        "only_country_ids registry version"
    ),
    "lead.directory.import.column": "import_id industry_edition target",
    "lead.directory.import.problem": "code dropped import_id line value",
    "lead.directory.parent": "parent_id",
    "res.config.settings": (
        "lead_directory_known_groups lead_directory_signal_days lead_directory_tell"
    ),
    "lead.directory.source": "mirror only_country_ids schedule",
}

#: Fields that must be given.
NEEDED = {
    "lead.directory.company": "country_code dataset_id identity name",
    "lead.directory.contact": "directory_company_id identity name",
    "lead.directory.correction": "problem_id",
    "lead.directory.correction.cell": "correction_id",
    "lead.directory.count": (
        "country_code dataset_id industry least_band most_band number state_code"
    ),
    "lead.directory.dataset": "name",
    "lead.directory.ended": "dataset_id key status",
    "lead.directory.header": "header key rows_are",
    "lead.directory.import": "dataset_id state",
    "lead.directory.import.column": "import_id position",
    "lead.directory.import.problem": "code import_id",
    "lead.directory.change": "directory_company_id import_id kind",
    "lead.directory.edition.part": "import_id kind",
    "lead.directory.parent": "directory_company_id",
    "lead.directory.relation": "child dataset_id kind parent",
    "lead.directory.merge": "kept_id merged_id",
    "lead.directory.merging": "first_id second_id stays",
    "lead.directory.merging.line": "column merging_id",
    "lead.directory.signal": "date kind name user_id",
    "lead.directory.source": "code download_state name",
}

#: Fields that a copy does not take along.
LEFT = {
    "lead.directory.dataset": "companies_count imported_on",
    "lead.directory.import": (
        "companies_before companies_created companies_marked companies_unchanged "
        "companies_updated companies_vanished contacts_created contacts_updated edition_number "
        "edition_step failure file file_name finished_at has_header is_delta left_out mark "
        "newest_before newest_ended_before only_country_ids path problem_count progress recipe "
        "relations_kept relations_read rows_ceased rows_dropped rows_insolvent rows_named "
        "rows_protected rows_read rows_withheld started_at state user_id"
    ),
    "lead.directory.source": (
        "bytes_done bytes_total dataset_id delta_days download_state failure failure_count "
        "forget_told import_id mirror next_look only_country_ids paused published schedule "
        "schedule_problem user_id"
    ),
}

#: Methods that clients may call.
CALLS = {
    "lead.directory.company": (
        "action_merge action_merge_alike action_set_parent action_undo_merge "
        "action_view_subsidiaries"
    ),
    "lead.directory.correction": "action_try",
    "lead.directory.dataset": "action_import action_view_companies",
    "lead.directory.import": (
        "action_apply_vanished action_cancel action_continue action_keep_vanished "
        "action_read_header action_start action_undo action_view_companies"
    ),
    "lead.directory.import.problem": "action_correct",
    "lead.directory.parent": "action_set",
    "lead.directory.merge": "action_undo",
    "lead.directory.merging": "action_merge",
    "lead.directory.signal": "action_open",
    "lead.directory.source": (
        "action_apply_vanished action_cancel action_generate_leads action_get action_keep_apart "
        "action_keep_vanished action_resume action_use_file action_view_companies"
    ),
}

#: Methods that have a say when the addon is uninstalled; this one drops downloaded files.
GUARDS = {"lead.directory.source": "_unlink_files"}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "lead.directory.change": "import_id",
    "lead.directory.company": "name",
    "lead.directory.dataset": "company_id",
    "lead.directory.edition.part": "import_id",
    "lead.directory.header": "company_id",
    "lead.directory.import": "company_id dataset_id state",
    "lead.directory.import.column": "import_id",
    "lead.directory.import.problem": "import_id",
    "lead.directory.merge": "kept_id",
    "lead.directory.relation": "dataset_id gone_import_id import_id",
    "lead.directory.signal": (
        "activity_id company_id date directory_company_id import_id lead_id partner_id "
        "search_id user_id"
    ),
    "lead.directory.source": "company_id dataset_id import_id",
}

#: Computed fields by which lists are found, sorted and grouped.
STORED = {
    "lead.directory.import": "company_id name",
}

#: Fields of other records that are read with the user's own rights.
OWN_EYES = {
    "lead.directory.correction": "code line value",
    "lead.directory.merge": "dataset_id identity name",
}

#: What a new record starts with.
STARTS = {
    "lead.directory.dataset": "active=True sequence=10",
    "lead.directory.import": "has_header=True state=draft",
    "lead.directory.merging": "stays=first",
    "lead.directory.source": "download_state=new",
    "res.config.settings": "lead_directory_tell=ceased",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "lead.directory.count": "_gc_parts",
    "lead.directory.relation": "_gc_gone",
    "lead.directory.signal": "_gc_signals",
    "lead.directory.source": "_gc_files",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_lead_directory": (
        "join_memory=64[1..65536] known_groups=False signal_days=90[1..36500] tell=ceased"
    ),
}
