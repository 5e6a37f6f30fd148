import { testFormFollows } from "@crm_lead_mining/../tests/progress/form_that_follows";
import { describe } from "@odoo/hoot";

describe.current.tags("desktop");

testFormFollows(
    "lead.directory.source",
    "lead_directory_source_form",
    "lead_directory_source_progress",
    (id) => ({ id })
);
