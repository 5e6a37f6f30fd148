import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { unload } from "@odoo/hoot-dom";
import { animationFrame, mockSendBeacon } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");

const MODEL = "lead.mining.request";
const ARCH = `<form js_class="lead_mining_request_form"><field name="name"/></form>`;
const NAME = ".o_field_widget[name='name'] input";

class Request extends models.Model {
    _name = MODEL;

    name = fields.Char();

    _views = { form: ARCH };
}

defineMailModels();
defineModels([Request]);

/** Note what leaving the page saves. */
function noteSaving() {
    mockSendBeacon(() => expect.step("saved"));
    onRpc(MODEL, "web_save", () => expect.step("saved"));
}

test("a page that is left with the dialog open leaves no draft", async () => {
    noteSaving();
    await mountWithCleanup(WebClient);
    getService("action").doAction({
        ...{ type: "ir.actions.act_window", res_model: MODEL, target: "new" },
        views: [[false, "form"]],
    });
    await contains(`.modal ${NAME}`).edit("Bakers");
    await unload();
    await animationFrame();
    expect.verifySteps([]);
});

test("a page that is left with the full form open keeps what was typed", async () => {
    noteSaving();
    await mountView({ type: "form", resModel: MODEL, arch: ARCH });
    await contains(NAME).edit("Bakers");
    await unload();
    await animationFrame();
    expect.verifySteps(["saved"]);
});
