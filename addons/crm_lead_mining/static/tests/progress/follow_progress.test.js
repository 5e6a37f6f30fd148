import { describe } from "@odoo/hoot";
import { testFormFollows } from "./form_that_follows";

describe.current.tags("desktop");

testFormFollows(
    "lead.mining.request",
    "lead_mining_request_form",
    "lead_mining_progress",
    (id) => ({ id })
);
