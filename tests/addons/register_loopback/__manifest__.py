{
    "name": "Registers on Loopback",
    "summary": "Has open registers asked where a test serves them",
    "version": "19.0.1.0.0",
    "author": "Open CRM Services",
    "category": "Hidden",
    "license": "LGPL-3",
    "depends": ["crm_lead_directory"],
}
