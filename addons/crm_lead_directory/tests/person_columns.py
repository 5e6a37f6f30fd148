"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "data about companies, which come in through the gate": {
        "lead.directory.company": "identity name registry registry_id lei vat legal_form domain "
        "website street street2 city zip state_code country_code phone industry industries "
        "industry_codes revenue revenue_class description logo_url technologies timezone linkedin "
        "facebook twitter",
    },
    "numbers of companies": {
        "lead.directory.count": "country_code state_code industry",
    },
    "changes of companies: addresses, sizes, industries": {
        "lead.directory.change": "old new",
        "lead.directory.signal": "name identity old new",
    },
    "what identifies companies of groups": {
        "lead.directory.relation": "child child_lei parent parent_lei",
    },
    "numbers of records and keys of companies": {
        "lead.directory.merge": "filled contacts keys",
    },
    "what identifies companies that never come in": {
        "lead.directory.ended": "key of_identity",
    },
    "names of sources": {
        "lead.directory.dataset": "name version source url licence attribution",
        "lead.directory.import": "encoding delimiter version registry mark path recipe left_out",
        "lead.directory.source": "code name publisher mirror failure schedule_problem published",
    },
}
