import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    clickSave,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Firm extends models.Model {
    founded = fields.Integer();

    _records = [{ id: 1 }, { id: 2, founded: 1999 }];
}

defineMailModels();
defineModels([Firm]);

const open = (resId) =>
    mountView({
        type: "form",
        resModel: "firm",
        resId,
        arch: `<form>
            <field name="founded" widget="lead_mining_known_number" options="{'enable_formatting': false}"/>
        </form>`,
    });

test("a year that is not known is empty, and can be entered", async () => {
    await open(1);
    expect("[name='founded'] input").toHaveValue("");
    await contains("[name='founded'] input").edit("2001");
    onRpc("web_save", ({ args }) => {
        expect(args[1]).toEqual({ founded: 2001 });
        expect.step("saved");
    });
    await clickSave();
    expect.verifySteps(["saved"]);
});

test("a year that is known is shown as it is, and can be taken away", async () => {
    await open(2);
    expect("[name='founded'] input").toHaveValue("1999");
    await contains("[name='founded'] input").edit("");
    onRpc("web_save", ({ args }) => {
        expect(args[1].founded).toBe(0);
        expect.step("saved");
    });
    await clickSave();
    expect.verifySteps(["saved"]);
});
