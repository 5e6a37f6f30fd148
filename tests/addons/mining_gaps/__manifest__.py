{
    "name": "Gaps of Lead Mining",
    "summary": "Makes a lead mining worker die or wait where a test wants it",
    "version": "19.0.1.0.0",
    "author": "Open CRM Services",
    "category": "Hidden",
    "license": "LGPL-3",
    "depends": ["crm_lead_directory"],
}
