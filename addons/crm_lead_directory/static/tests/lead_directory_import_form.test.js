import { testFormFollows } from "@crm_lead_mining/../tests/progress/form_that_follows";
import { describe } from "@odoo/hoot";

describe.current.tags("desktop");

testFormFollows(
    "lead.directory.import",
    "lead_directory_import_form",
    "lead_directory_import_progress",
    (id) => ({ id })
);
