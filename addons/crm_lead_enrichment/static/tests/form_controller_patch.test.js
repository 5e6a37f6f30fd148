import {
    NAME,
    mountForm,
    testFormFollows,
    workGoesOn,
} from "@crm_lead_mining/../tests/progress/form_that_follows";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("desktop");

const CHANNEL = "lead_enrichment_progress";

function progress(model, id) {
    return { model, res_id: id, counts: { running: 1 }, ended: false };
}

testFormFollows("crm.lead", "", CHANNEL, (id) => progress("crm.lead", id));

test("an enriched contact leaves a lead of the same number alone", async () => {
    await mountForm("crm.lead");
    await workGoesOn("crm.lead", CHANNEL, progress("res.partner", 1));
    expect(NAME).toHaveValue("Bakers");
});
