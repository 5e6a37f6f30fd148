import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    MockServer,
    defineModels,
    fields,
    models,
    mountView,
    serverState,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class LeadDirectorySource extends models.Model {
    _name = "lead.directory.source";

    name = fields.Char();
    state = fields.Char();

    _records = [
        { id: 1, name: "Norway", state: "queued" },
        { id: 2, name: "Latvia", state: "new" },
    ];
}

defineMailModels();
defineModels([LeadDirectorySource]);

test("a card of the gallery follows its own download", async () => {
    await mountView({
        type: "kanban",
        resModel: "lead.directory.source",
        arch: `<kanban js_class="lead_directory_source_kanban"><templates><t t-name="card">
            <field name="name"/><span class="state"><field name="state"/></span>
        </t></templates></kanban>`,
    });
    MockServer.env["lead.directory.source"].write([1, 2], { state: "done" });
    for (const id of [1, 99]) {
        MockServer.env["bus.bus"]._sendone(
            serverState.partnerId,
            "lead_directory_source_progress",
            { id }
        );
    }
    await animationFrame();
    await animationFrame();
    expect(".o_kanban_record:eq(0) .state").toHaveText("done");
    expect(".o_kanban_record:eq(1) .state").toHaveText("new");
});
