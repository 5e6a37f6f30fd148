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
    serverState,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const NOTE = ".o_notification";
const TEXT = `${NOTE}_content`;
const BAR = `${NOTE}_bar`;

function tell(progress) {
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, "lead_enrichment_progress", {
        ...{ id: 5, model: "crm.lead", res_id: 1, name: "Bakers", state: "done" },
        ...{ message: "3 fields filled.", changed: 3, buy_url: false },
        ...{ counts: { done: 1 }, ended: true },
        ...progress,
    });
}

async function told(progress) {
    await mountWithCleanup(WebClient);
    tell(progress);
    await waitFor(NOTE);
}

for (const [state, colour] of [
    ["done", "bg-success"],
    ["not_found", "bg-warning"],
    ["failed", "bg-danger"],
    ["waiting_credits", "bg-warning"],
]) {
    test(`of one record the end is told as it is: ${state}`, async () => {
        await told({ state, counts: { [state]: 1 } });
        expect(NOTE).toHaveText(/Bakers/);
        expect(TEXT).toHaveText(/3 fields filled\.$/);
        expect(BAR).toHaveClass(colour);
    });
}

test("what changed can be looked at, where something did", async () => {
    mockService("action", {
        doAction({ res_model, res_id, target }) {
            expect.step([res_model, res_id, target].join());
        },
    });
    await told({ id: 5, changed: 3 });
    await contains(`${NOTE} button:contains('What Changed')`).click();
    expect.verifySteps(["lead.enrichment,5,new"]);
});

test("where nothing changed there is nothing to look at", async () => {
    await told({ state: "not_found", changed: 0, message: "Nobody knows it." });
    expect(`${NOTE} button:contains('What Changed')`).toHaveCount(0);
    expect(`${NOTE} a`).toHaveCount(0);
});

test("who may buy credits is led there", async () => {
    const buy_url = `/credits?a=1&b="2"`;
    await told({ state: "waiting_credits", message: "No credits.", changed: 0, buy_url });
    expect(TEXT).toHaveText(/No credits\. Buy credits$/);
    expect(`${TEXT} a`).toHaveAttribute("href", buy_url);
    expect(`${TEXT} a`).toHaveAttribute("target", "_blank");
});

for (const buy_url of [false, "/credits"]) {
    test(`a message of a provider is never markup, with a link or not: ${buy_url}`, async () => {
        await told({ name: "<u>Bakers</u>", message: "<img src=x> & co", buy_url });
        expect(TEXT).toHaveText(/<img src=x> & co/);
        expect(NOTE).toHaveText(/<u>Bakers<\/u>/);
        expect(`${NOTE} img, ${NOTE} u`).toHaveCount(0);
    });
}

for (const [counts, text, colour] of [
    [{ done: 3 }, "3 enriched", "bg-success"],
    [{ done: 2, not_found: 1 }, "2 enriched, 1 not found", "bg-success"],
    [{ not_found: 1, failed: 1 }, "1 not found, 1 failed", "bg-warning"],
    [{ done: 1, waiting_credits: 4 }, "1 enriched, 4 wait for credits", "bg-success"],
    [{ done: 1, waiting_credits: 1 }, "1 enriched, 1 waits for credits", "bg-success"],
    [{ done: 1200, failed: 3 }, "1,200 enriched, 3 failed", "bg-warning"],
]) {
    test(`of several records it is told how many: ${text}`, async () => {
        await told({ counts });
        expect(TEXT).toHaveText(text);
        expect(BAR).toHaveClass(colour);
        expect(`${NOTE} button:contains('What Changed')`).toHaveCount(0);
    });
}

test("nothing is told until the last record has its end", async () => {
    await mountWithCleanup(WebClient);
    tell({ counts: { done: 1, running: 1 }, ended: false });
    tell({ counts: { done: 2 } });
    await waitFor(NOTE);
    await animationFrame();
    expect(TEXT).toHaveText("2 enriched");
});

test("an Italian reads Italian, with Italian numbers", async () => {
    await speakItalian("crm_lead_enrichment");
    await told({ counts: { done: 1200, not_found: 2, failed: 2, waiting_credits: 2 } });
    expect(TEXT).toHaveText(/^1\.200 /);
    expect(TEXT).not.toHaveText(/enriched|found|failed|wait/);
});
