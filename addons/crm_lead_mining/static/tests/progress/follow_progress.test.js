import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    MockServer,
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    serverState,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Work extends models.Model {
    name = fields.Char();
    state = fields.Char();

    _records = [{ id: 1, name: "Bakers", state: "queued" }];
}

class LeadMiningRequest extends Work {
    _name = "lead.mining.request";
}

class LeadDirectoryImport extends Work {
    _name = "lead.directory.import";
}

class CrmLead extends Work {
    _name = "crm.lead";
}

defineMailModels();
defineModels([LeadMiningRequest, LeadDirectoryImport, CrmLead]);

const STATE = ".o_field_widget[name='state']";
const NAME = ".o_field_widget[name='name'] input";

const FORMS = [
    ["lead.mining.request", "lead_mining_request_form", "lead_mining_progress", (id) => ({ id })],
    [
        ...["lead.directory.import", "lead_directory_import_form"],
        ...["lead_directory_import_progress", (id) => ({ id })],
    ],
    [
        ...["crm.lead", "", "lead_enrichment_progress"],
        (id) => ({ model: "crm.lead", res_id: id, counts: { running: 1 }, ended: false }),
    ],
];

for (const [model, js_class, channel, about] of FORMS) {
    const mountForm = () =>
        mountView({
            ...{ type: "form", resModel: model, resId: 1 },
            arch: `<form ${js_class ? `js_class="${js_class}"` : ""}>
                <field name="name"/><field name="state" readonly="1"/>
            </form>`,
        });
    const workGoesOn = async (payload = about(1)) => {
        MockServer.env[model].write([1], { state: "done", name: "From the server" });
        MockServer.env["bus.bus"]._sendone(serverState.partnerId, channel, payload);
        await animationFrame();
        await animationFrame();
    };

    test(`an open form of ${model} shows how the work goes on`, async () => {
        mockService("notification", { add: () => {} });
        await mountForm();
        expect(STATE).toHaveText("queued");
        await workGoesOn();
        expect(STATE).toHaveText("done");
        expect(NAME).toHaveValue("From the server");
    });

    test(`what somebody is typing into ${model} is not overwritten`, async () => {
        mockService("notification", { add: () => {} });
        await mountForm();
        await contains(NAME).edit("Typed");
        await workGoesOn();
        expect(NAME).toHaveValue("Typed");
        expect(STATE).toHaveText("queued");
    });

    test(`work on another record of ${model} leaves the form alone`, async () => {
        mockService("notification", { add: () => {} });
        await mountForm();
        await workGoesOn(about(2));
        expect(STATE).toHaveText("queued");
    });
}

test("an enriched contact leaves a lead of the same number alone", async () => {
    await mountView({
        ...{ type: "form", resModel: "crm.lead", resId: 1 },
        arch: `<form><field name="name"/></form>`,
    });
    MockServer.env["crm.lead"].write([1], { name: "From the server" });
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, "lead_enrichment_progress", {
        ...{ model: "res.partner", res_id: 1, counts: { running: 1 }, ended: false },
    });
    await animationFrame();
    await animationFrame();
    expect(NAME).toHaveValue("Bakers");
});
