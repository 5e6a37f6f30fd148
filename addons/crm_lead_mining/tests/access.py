"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                                staff miner enrich seller head officer billing sender admin
lead.mining.answer                   -     -     -      -      -    -       -       -      r
lead.mining.bad.data                 -     -     -      rwc    rwc  -       -       -      -
lead.mining.cancellation             -     r     -      r      r    -       -       -      -
lead.mining.contact                  -     -     -      rwcu   rwcu -       -       -      -
lead.mining.identity                 -     -     -      -      -    -       -       -      r
lead.mining.industry                 r     r     r      r      rw   r       r       r      r
lead.mining.notice                   -     -     -      r      r    -       -       -      -
lead.mining.notice.exemption         -     -     -      rwcu   rwcu -       -       -      -
lead.mining.privacy                  -     -     -      -      rwcu rwcu    -       -      -
lead.mining.privacy.line             -     -     -      -      rwcu rwcu    -       -      -
lead.mining.provenance               -     -     -      r      r    -       -       -      -
lead.mining.provider                 -     r     r      r      r    -       -       -      rwcu
lead.mining.rate                     -     -     -      -      -    -       -       -      ru
lead.mining.refund                   -     r     -      r      r    -       -       -      -
lead.mining.report                   -     -     -      r      r    -       -       -      -
lead.mining.request                  -     rwcu  -      rwcu   rwcu -       -       -      -
lead.mining.result                   -     r     -      r      r    -       -       -      -
lead.mining.role                     r     r     r      r      r    r       r       r      r
lead.mining.run                      -     r     -      r      r    -       -       -      -
lead.mining.search                   -     rwcu  -      rwcu   rwcu -       -       -      -
lead.mining.search.import            -     rwc   -      rwc    rwc  -       -       -      -
lead.mining.sent                     -     -     -      -      -    -       -       -      r
lead.mining.suppression              -     -     -      rc     rwcu -       -       -      -
lead.mining.suppression.import       -     -     -      -      rwcu -       -       -      -
lead.mining.suppression.import.line  -     -     -      -      rwcu -       -       -      -
lead.mining.technology               r     r     r      rwc    rwcu r       r       r      r
"""

MENUS = """
menu                          staff miner enrich seller head officer billing sender admin
lead_mining_access_menu       -     -     -      -      x    -       -       -      -
lead_mining_contact_menu      -     -     -      -      x    -       -       -      -
lead_mining_contact_menu_own  -     -     -      x      x    -       -       -      -
lead_mining_notice_menu       -     -     -      -      x    -       -       -      -
lead_mining_privacy_menu      -     -     -      -      x    -       -       -      -
lead_mining_suppression_menu  -     -     -      -      x    -       -       -      -
menu_lead_generation          -     -     -      -      x    -       -       -      x
menu_lead_mining_industry     -     -     -      -      x    -       -       -      -
menu_lead_mining_provider     -     -     -      -      x    -       -       -      x
menu_lead_mining_refund       -     -     -      -      x    -       -       -      -
menu_lead_mining_report       -     -     -      x      x    -       -       -      -
menu_lead_mining_request      -     -     -      -      x    -       -       -      -
menu_lead_mining_request_own  -     -     -      x      x    -       -       -      -
menu_lead_mining_search       -     -     -      x      x    -       -       -      -
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "crm.lead": (
        "company_employees company_employees_range company_facebook company_founded "
        "company_github company_industry_id company_instagram company_legal_form company_lei "
        "company_linkedin company_part_of company_register company_registry_id company_revenue "
        "company_technology_ids company_timezone company_vat company_x company_youtube"
    ),
    "lead.mining.answer": (
        "asked_cursor attempt companies company_count completed helped next_cursor position "
        "provider_id request_id sequence total"
    ),
    "lead.mining.bad.data": "flaw note",
    "lead.mining.cancellation": "request_id",
    "lead.mining.contact": (
        "email job_title keep_until lead_id legal_basis name notice_ids phone role seniority "
        "sequence"
    ),
    "lead.mining.identity": "lead_id request_id",
    "lead.mining.industry": "child_ids industry_id name",
    "lead.mining.notice.exemption": "contact_ids details reason",
    "lead.mining.privacy": "email json_file_name line_ids name state xlsx_file_name",
    "lead.mining.privacy.line": "privacy_id selected",
    "lead.mining.provenance": "keep_until lead_id legal_basis",
    "lead.mining.provider": (
        "active api_key base_url code completes name note own_price price_contact price_lead "
        "sequence"
    ),
    "lead.mining.rate": "even_moment provider seconds",
    "lead.mining.request": (
        "active campaign_id company_id contact_filter contact_number country_ids delivery_order "
        "filter_on_size industry_ids known_policy lead_number lead_type no_subsidiaries "
        "preferred_role_id provider_id role_ids search_id seniority size_max size_min state_ids "
        "tag_ids target team_id technology_ids user_id "
        "dataset founded_from founded_to legal_form not_these places revenue_from with_email "
        "with_phone with_website words"
    ),
    "lead.mining.role": "name",
    "lead.mining.search": (
        "active campaign_id company_id contact_filter contact_number country_ids delivery_order "
        "filter_on_size industry_ids known_policy lead_number lead_type max_credits name "
        "next_run no_subsidiaries owner_id preferred_role_id provider_id role_ids schedule "
        "seniority size_max size_min state_ids tag_ids target team_id technology_ids user_id "
        "dataset founded_from founded_to legal_form not_these places revenue_from tells_only "
        "with_email with_phone with_website words"
    ),
    "lead.mining.search.import": "file file_name",
    "lead.mining.suppression": "company_id reason value",
    "lead.mining.suppression.import": "company_id file file_name state",
    "lead.mining.suppression.import.line": "import_id key kind number reason",
    "lead.mining.technology": "name",
    "res.company": (
        "lead_mining_create_partners lead_mining_erase_expired lead_mining_interest "
        "lead_mining_keep_companies lead_mining_keep_contacts lead_mining_legal_basis "
        "lead_mining_notice_days lead_mining_privacy_contact lead_mining_recipients "
        "lead_mining_transfers"
    ),
    "res.config.settings": (
        "lead_mining lead_mining_audience lead_mining_create_partners "
        "lead_mining_erase_expired lead_mining_interest lead_mining_keep_companies "
        "lead_mining_keep_answers_days lead_mining_keep_contacts lead_mining_lanes "
        "lead_mining_legal_basis "
        "lead_mining_max_contacts lead_mining_max_leads lead_mining_notice_days "
        "lead_mining_price_contact lead_mining_price_lead lead_mining_privacy_contact "
        "lead_mining_recipients lead_mining_refund_days lead_mining_refund_monthly_credits "
        "lead_mining_tell_each lead_mining_transfers"
    ),
    "res.partner": (
        "company_employees company_employees_range company_facebook company_founded "
        "company_github company_industry_id company_instagram company_legal_form company_lei "
        "company_linkedin company_part_of company_revenue company_technology_ids "
        "company_timezone company_x company_youtube"
    ),
}

#: Fields that must be given.
NEEDED = {
    "lead.mining.answer": "attempt company_count provider_id request_id sequence",
    "lead.mining.bad.data": "flaw",
    "lead.mining.cancellation": "request_id",
    "lead.mining.contact": "lead_id name notice_state",
    "lead.mining.identity": "key",
    "lead.mining.industry": "code name",
    "lead.mining.notice": "address contact_id sent_at",
    "lead.mining.notice.exemption": "contact_ids reason",
    "lead.mining.privacy.line": "privacy_id",
    "lead.mining.provenance": "lead_id",
    "lead.mining.provider": "code name",
    "lead.mining.rate": "even_moment provider seconds",
    "lead.mining.refund": "cause credits result_id state subject user_id",
    "lead.mining.request": (
        "company_id delivery_order known_policy lead_number lead_type name run_id target"
    ),
    "lead.mining.result": "outcome request_id",
    "lead.mining.role": "code name",
    "lead.mining.run": "state",
    "lead.mining.search": (
        "company_id delivery_order known_policy lead_number lead_type name owner_id target"
    ),
    "lead.mining.search.import": "file",
    "lead.mining.sent": "contact_id message_id",
    "lead.mining.suppression": "key kind source",
    "lead.mining.suppression.import": "file",
    "lead.mining.suppression.import.line": "import_id",
    "lead.mining.technology": "name",
    "res.company": "lead_mining_legal_basis",
}

#: Fields that a copy does not take along.
LEFT = {
    "lead.mining.contact": "position result_id",
    "lead.mining.provider": "api_key quota_left tested_at",
    "lead.mining.refund": "state",
    "lead.mining.request": "active from_dialog name run_id search_slot",
    "lead.mining.run": "state unconnected_at",
    "lead.mining.search": (
        "failure_count last_request_id last_run next_run pause_reason paused told_count"
    ),
    "res.partner": "mined",
}

#: Methods that clients may call.
CALLS = {
    "crm.lead": (
        "action_create_mined_partners action_never_mine action_open_lead_mining "
        "action_send_mining_notices"
    ),
    "lead.mining.bad.data": "action_confirm",
    "lead.mining.contact": (
        "action_create_partner action_exempt action_never_mine action_report_bad_data "
        "action_send_notice"
    ),
    "lead.mining.notice": "action_open_message",
    "lead.mining.notice.exemption": "action_exempt",
    "lead.mining.privacy": "action_erase action_search",
    "lead.mining.provider": "action_test_connection",
    "lead.mining.report": "action_open_lead get_dashboard",
    "lead.mining.request": (
        "action_ask_for_credits action_buy_credits action_cancel action_download_csv "
        "action_download_xlsx action_generate action_retry action_save_search action_view_leads "
        "action_view_results ask_for_credits get_preview get_preview_details"
    ),
    "lead.mining.result": (
        "action_never_mine action_open_lead action_open_leads action_report_bad_data"
    ),
    "lead.mining.search": (
        "action_export action_generate action_pause action_resume action_view_leads "
        "action_view_requests"
    ),
    "lead.mining.search.import": "action_import",
    "lead.mining.suppression": "action_export_list",
    "lead.mining.suppression.import": "action_import action_open_list action_preview",
    "res.config.settings": "action_first_steps action_lead_mining_notice_template",
}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/crm_lead_mining/never-mined.csv": "GET:user:readonly",
    "/crm_lead_mining/request/<int:request_id>/results.<string:file_format>": "GET:user:readonly",
    "/crm_lead_mining/searches.json": "GET:user:readonly",
    "/lead_mining/objection/<int:contact_id>/<string:token>": (
        "GET:public:readonly:unlisted POST:public:unlisted"
    ),
}

#: Methods that stand in the way of uninstalling.
GUARDS = {"lead.mining.provider": "_unlink_except_named"}

#: Fields whose changes are told.
TRACKED = {"lead.mining.search": "max_credits owner_id paused schedule"}

#: Fields that each user reads in an own language.
TRANSLATED = {
    "res.company": "lead_mining_interest lead_mining_recipients lead_mining_transfers",
    "lead.mining.industry": "name",
    "lead.mining.provider": "name note",
    "lead.mining.role": "name",
}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "crm.lead": "company_industry_id company_lei identity_domain mining_request_id",
    "lead.mining.answer": "provider_id",
    "lead.mining.contact": "email_normalized keep_until lead_id notice_state partner_id result_id",
    "lead.mining.identity": "lead_id request_id",
    "lead.mining.industry": "parent_id",
    "lead.mining.notice": "contact_id lead_id mail_message_id",
    "lead.mining.provenance": "keep_until lead_id",
    "lead.mining.refund": "company_id entry_id request_id result_id user_id",
    "lead.mining.request": "company_id run_id search_id",
    "lead.mining.result": (
        "company_id entry_id identity_key lead_id partner_id provider_id request_id"
    ),
    "lead.mining.run": "state",
    "lead.mining.search": "company_id last_request_id next_run owner_id",
    "lead.mining.sent": "contact_id",
    "lead.mining.suppression": "company_id",
    "res.partner": "company_industry_id company_lei identity_domain identity_vat",
}

#: Computed fields by which lists are found, sorted and grouped.
STORED = {
    "crm.lead": "company_revenue_class company_size_class identity_domain mining_cost",
    "lead.mining.contact": "email_normalized notice_due source",
    "lead.mining.industry": "code_length section",
    "lead.mining.notice": "lead_id",
    "lead.mining.provenance": "source",
    "lead.mining.refund": "company_id request_id",
    "lead.mining.request": "team_id",
    "lead.mining.result": "company_id refunded",
    "lead.mining.search": "month_day next_run team_id",
    "res.partner": "company_revenue_class company_size_class identity_domain identity_vat",
}

#: Computed fields that stay as they are while a record is open.
FIXED = {
    "lead.mining.contact": "refund_state",
    "res.config.settings": "lead_mining_health",
}

#: Fields that are computed for everybody from what only some may read.
TOLD_ALL = {
    "lead.mining.provider": "is_ready",
}

#: Fields that take nothing of another company.
SAME_COMPANY = {
    "lead.mining.request": "team_id",
    "lead.mining.search": "team_id",
}

#: What a new record starts with.
STARTS = {
    "lead.mining.contact": "notice_state=to_send",
    "lead.mining.notice.exemption": "reason=informed",
    "lead.mining.privacy": "state=search",
    "lead.mining.privacy.line": "selected=True",
    "lead.mining.provider": "active=True price_contact=1 price_lead=1 sequence=10",
    "lead.mining.refund": "state=pending",
    "lead.mining.request": (
        "active=True contact_filter=role contact_number=1 delivery_order=complete "
        "known_policy=skip lead_number=3 lead_type=opportunity size_max=1000 size_min=1 "
        "target=companies"
    ),
    "lead.mining.run": "attempt=1 state=draft",
    "lead.mining.search": (
        "active=True contact_filter=role contact_number=1 delivery_order=complete "
        "known_policy=skip lead_number=3 lead_type=opportunity size_max=1000 size_min=1 "
        "target=companies"
    ),
    "lead.mining.suppression": "source=manual",
    "lead.mining.suppression.import": "state=upload",
    "res.company": (
        "lead_mining_erase_expired=True lead_mining_keep_companies=36 "
        "lead_mining_keep_contacts=12 lead_mining_legal_basis=legitimate_interest "
        "lead_mining_notice_days=7"
    ),
    "res.config.settings": "lead_mining_audience=salesperson",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "lead.mining.answer": "_gc_answers",
    "lead.mining.request": "_gc_left_dialogs _stop_waiting",
    "lead.mining.result": "_gc_persons",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_lead_mining": (
        "keep_answers_days=90[0..36500] lease_seconds=300[0..2147483647] "
        "max_contacts=5[1..2147483647] max_leads=200[1..2147483647] "
        "price_contact=1[0..2147483647] price_lead=1[0..2147483647] refund_days=30[0..36500] "
        "refund_monthly_credits=100[0..2147483647] tell_each=False waiting_days=30[0..36500]"
    ),
}
