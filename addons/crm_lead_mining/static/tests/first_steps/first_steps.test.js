import { FirstSteps } from "@crm_lead_mining/first_steps/first_steps";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const PANEL = ".o_first_steps";
const STEPS = [
    {
        name: "companies",
        title: "Companies",
        text: "Why",
        is_done: false,
        button: "Get",
        action: "a.b",
    },
    {
        name: "credits",
        title: "Credits",
        text: "There are 9.",
        is_done: true,
        button: "See",
        action: "c.d",
    },
];

async function mountPanel(answer) {
    onRpc("first.steps", "get_steps", () => {
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    });
    await mountWithCleanup(FirstSteps);
    await animationFrame();
}

test("each step says whether it is done, what it is for, and opens what helps", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    await mountPanel(STEPS);
    expect(queryAllTexts(`${PANEL} li strong`)).toEqual(["Companies", "Credits"]);
    expect("[data-step='companies'] [aria-label='To do']").toHaveCount(1);
    expect("[data-step='credits'] [aria-label='Done']").toHaveCount(1);
    expect("[data-step='credits']").toHaveText(/There are 9\./);
    await contains("[data-step='companies'] button").click();
    expect.verifySteps(["a.b"]);
});

test("put aside, they are gone, and it is said where they are", async () => {
    mockService("notification", { add: (text) => expect.step(String(text)) });
    onRpc("first.steps", "dismiss", () => {
        expect.step("dismissed");
        return true;
    });
    await mountPanel(STEPS);
    await contains(".o_first_steps_dismiss").click();
    expect(PANEL).toHaveCount(0);
    expect.verifySteps(["dismissed", "You can find the first steps again in the CRM settings."]);
});

test("once all is done nothing is shown", async () => {
    await mountPanel([]);
    expect(PANEL).toHaveCount(0);
});

test("where the server fails the pipeline is shown without it", async () => {
    await mountPanel(makeServerError());
    expect(PANEL).toHaveCount(0);
});
