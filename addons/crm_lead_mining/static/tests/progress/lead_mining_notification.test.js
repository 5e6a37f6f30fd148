import { speakItalian } from "@crm_common/../tests/italian";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    MockServer,
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const NOTE = ".o_notification";
const TEXT = `${NOTE}_content`;
const BAR = `${NOTE}_bar`;

function tell(progress) {
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, "lead_mining_progress", {
        ...{ id: 5, name: "Bakers", state: "done", created: 3, wanted: 3, ended: true },
        ...progress,
    });
}

for (const [progress, text, colour] of [
    [{ created: 3 }, "Bakers: 3 leads generated", "bg-success"],
    [{ created: 1 }, "Bakers: 1 lead generated", "bg-success"],
    [{ created: 1250 }, "Bakers: 1,250 leads generated", "bg-success"],
    [{ state: "failed", created: 0 }, "Bakers: no leads generated", "bg-warning"],
    [{ state: "waiting_credits", created: 2 }, "Bakers waits for credits", "bg-warning"],
    [{ name: "<b>Bakers</b>" }, "<b>Bakers</b>: 3 leads generated", "bg-success"],
]) {
    test(`who works elsewhere is told what came of it: ${text}`, async () => {
        await mountWithCleanup(WebClient);
        tell(progress);
        await waitFor(NOTE);
        expect(TEXT).toHaveText(text);
        expect(BAR).toHaveClass(colour);
    });
}

test("work that goes on disturbs nobody", async () => {
    await mountWithCleanup(WebClient);
    tell({ ended: false, created: 1 });
    tell({ name: "Butchers" });
    await waitFor(NOTE);
    await animationFrame();
    expect(TEXT).toHaveText("Butchers: 3 leads generated");
});

test("the notice leads to the leads", async () => {
    onRpc("lead.mining.request", "action_view_leads", ({ args }) => ({
        res_model: `leads of ${args[0]}`,
    }));
    mockService("action", { doAction: ({ res_model }) => expect.step(res_model) });
    await mountWithCleanup(WebClient);
    tell({ id: 5 });
    await contains(`${NOTE} button:contains('Open Leads')`).click();
    await animationFrame();
    expect.verifySteps(["leads of 5"]);
});

test("where nothing was generated there are no leads to open", async () => {
    await mountWithCleanup(WebClient);
    tell({ state: "failed", created: 0 });
    await waitFor(NOTE);
    expect(`${NOTE} button:contains('Open Leads')`).toHaveCount(0);
});

test("the notice opens the request", async () => {
    mockService("action", {
        doAction({ res_model, res_id, views }) {
            expect.step([res_model, res_id, views[0][1]].join());
        },
    });
    await mountWithCleanup(WebClient);
    tell({ id: 5 });
    await contains(`${NOTE} button:contains('Request')`).click();
    expect.verifySteps(["lead.mining.request,5,form"]);
});

test("an Italian reads Italian, with Italian numbers", async () => {
    await speakItalian("crm_lead_mining");
    await mountWithCleanup(WebClient);
    tell({ created: 1250 });
    await waitFor(NOTE);
    expect(TEXT).toHaveText(/^Bakers: .*1\.250/);
    expect(TEXT).not.toHaveText(/leads? generated/);
});
