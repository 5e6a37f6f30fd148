import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
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

export const STATE = ".o_field_widget[name='state']";
export const NAME = ".o_field_widget[name='name'] input";

/** Let the server's record change, tell it, and wait for what the form does. */
export async function workGoesOn(model, channel, payload) {
    MockServer.env[model].write([1], { state: "done", name: "From the server" });
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, channel, payload);
    await animationFrame();
    await animationFrame();
}

/** Open the form of the record that is worked on. */
export function mountForm(model, jsClass = "") {
    mockService("notification", { add: () => {} });
    return mountView({
        ...{ type: "form", resModel: model, resId: 1 },
        arch: `<form ${jsClass ? `js_class="${jsClass}"` : ""}>
            <field name="name"/><field name="state" readonly="1"/>
        </form>`,
    });
}

/**
 * Test that a form follows the work on its record.
 *
 * @param {string} model
 * @param {string} jsClass of the form, "" for the common one
 * @param {string} channel type of the bus notification
 * @param {(id: number) => object} about its payload
 */
export function testFormFollows(model, jsClass, channel, about) {
    class Work extends models.Model {
        _name = model;

        name = fields.Char();
        state = fields.Char();

        _records = [{ id: 1, name: "Bakers", state: "queued" }];
    }

    defineMailModels();
    defineModels([Work]);

    test(`an open form of ${model} shows how the work goes on`, async () => {
        await mountForm(model, jsClass);
        expect(STATE).toHaveText("queued");
        await workGoesOn(model, channel, about(1));
        await waitFor(`${STATE}:contains(done)`);
        expect(NAME).toHaveValue("From the server");
    });

    test(`what somebody is typing into ${model} is not overwritten`, async () => {
        await mountForm(model, jsClass);
        await contains(NAME).edit("Typed");
        await workGoesOn(model, channel, about(1));
        expect(NAME).toHaveValue("Typed");
        expect(STATE).toHaveText("queued");
    });

    test(`work on another record of ${model} leaves the form alone`, async () => {
        await mountForm(model, jsClass);
        await workGoesOn(model, channel, about(2));
        expect(STATE).toHaveText("queued");
    });
}
