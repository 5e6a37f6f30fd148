import { speakItalian } from "@crm_common/../tests/italian";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { Deferred, advanceTime, animationFrame, freezeTime } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class LeadMiningRequest extends models.Model {
    _name = "lead.mining.request";

    name = fields.Char();
    lead_number = fields.Integer({ string: "Number of Leads" });
    provider_id = fields.Many2one({ relation: "lead.mining.provider" });
    country_ids = fields.Many2many({ relation: "lead.mining.country" });
    industry_ids = fields.Many2many({ relation: "lead.mining.industry" });

    _records = [{ id: 1, name: "Bakers", lead_number: 3, provider_id: 7, country_ids: [21, 22] }];
}

class LeadMiningProvider extends models.Model {
    _name = "lead.mining.provider";

    name = fields.Char();

    _records = [{ id: 7, name: "Registry" }];
}

class LeadMiningCountry extends models.Model {
    _name = "lead.mining.country";

    name = fields.Char();

    _records = [
        { id: 21, name: "Belgium" },
        { id: 22, name: "Italy" },
    ];
}

class LeadMiningIndustry extends models.Model {
    _name = "lead.mining.industry";

    name = fields.Char();

    _records = [{ id: 31, name: "Software" }];
}

defineMailModels();
defineModels([LeadMiningRequest, LeadMiningProvider, LeadMiningCountry, LeadMiningIndustry]);

const TYPING = 400;
const FRAMES = 50;
const PREVIEW = ".o_lead_mining_preview";
const COUNT = ".o_lead_mining_count";
const PRICE = ".o_lead_mining_price";

/** What the server answers where nothing is special. */
const FOUND = {
    problem: "",
    count: 12,
    count_is_capped: false,
    living: null,
    at_least: false,
    sample: [],
    providers: [],
    price: 3,
    lowest_price: 3,
    balance: 100,
    missing: 0,
    affordable: 0,
    may_buy: true,
    refusal: "",
    warnings: [],
    is_low: false,
    buy_url: false,
};

let asked;
let answers;
let details;

/** Mount the form; each question gets the next answer, and the last one for ever. */
async function mountForm(...given) {
    answers = given;
    await mountView({
        type: "form",
        resModel: "lead.mining.request",
        resId: 1,
        arch: `<form>
                <field name="name"/><field name="lead_number"/>
                <field name="provider_id"/><field name="country_ids" widget="many2many_tags"/>
                <field name="industry_ids" widget="many2many_tags"/>
                <widget name="lead_mining_preview" criteria="country_ids,industry_ids,lead_number,provider_id"/>
            </form>`,
    });
}

async function mountPreview(values = {}) {
    await mountForm({ ...FOUND, ...values });
    await passTime();
}

async function passTime(milliseconds = TYPING) {
    await advanceTime(milliseconds);
    await animationFrame();
}

async function type(number) {
    await contains(".o_field_widget[name='lead_number'] input").edit(number);
}

beforeEach(() => {
    asked = [];
    details = { known: [], roles: [], industries: [] };
    onRpc("lead.mining.request", "get_preview_details", () => {
        if (details instanceof Error) {
            throw details;
        }
        return details;
    });
    onRpc("lead.mining.request", "get_preview", async ({ args }) => {
        asked.push(args[0]);
        const answer = await (answers.length > 1 ? answers.shift() : answers[0]);
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    });
});

test("until the companies are counted it says that they are being counted", async () => {
    const answer = new Deferred();
    await mountForm(answer);
    await passTime();
    expect(PREVIEW).toHaveText("Counting the companies that match…");
    expect(PREVIEW).toHaveAttribute("data-ready", "0");
    answer.resolve(FOUND);
    await animationFrame();
    expect(PREVIEW).toHaveAttribute("data-ready", "1");
    expect(COUNT).toHaveText("12 companies match.");
    expect(PRICE).toHaveText("Price: 3 credits");
    expect(PREVIEW).toHaveText(/You have 100/);
    expect(PREVIEW).toHaveText(/You pay only for new companies that are delivered\.$/);
});

test("where nothing is found it says what helps, and leads there", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    const advice = { text: "No source holds them.", action: "gallery", label: "Get Companies" };
    await mountPreview({ count: 0, advice });
    expect(".o_lead_mining_advice").toHaveText(/No source holds them\./);
    await contains(".o_lead_mining_advice button").click();
    expect.verifySteps(["gallery"]);
});

test("where nothing helps it says nothing more", async () => {
    await mountPreview({ count: 0, advice: {} });
    expect(".o_lead_mining_advice").toHaveCount(0);
    expect(COUNT).toHaveText("No company matches. Try removing some criteria.");
});

test("the question is what is on the form", async () => {
    await mountPreview();
    const same = { industry_ids: [], lead_number: 3 };
    expect(asked).toEqual([{ ...same, provider_id: 7, country_ids: [21, 22] }]);
    await contains(".o_field_widget[name='country_ids'] .o_delete:first").click();
    await contains(".o_field_widget[name='provider_id'] input").clear();
    await contains(".o_field_widget[name='name'] input").click();
    await passTime();
    expect(asked.at(-1)).toEqual({ ...same, provider_id: false, country_ids: [22] });
});

for (const [values, text] of [
    [{ count: null }, "The number of matches is known when the request runs."],
    [{ count: 0, at_least: true }, "The number of matches is known when the request runs."],
    [{ count: 0 }, "No company matches. Try removing some criteria."],
    [{ count: 1 }, "1 company matches."],
    [{ count: 2 }, "2 companies match."],
    [{ count: 1, at_least: true }, "At least 1 company matches."],
    [{ count: 25, at_least: true }, "At least 25 companies match."],
    [{ count: 10000, count_is_capped: true }, "More than 10,000 companies match."],
    [{ count: 1234567 }, "1,234,567 companies match."],
    [{ count: 2000, count_is_capped: true, living: 1234567 }, "Exactly 1,234,567 companies match."],
    [{ count: null, living: 1234567 }, "Exactly 1,234,567 companies match."],
    [
        { count: 2000, count_is_capped: true, living: 5000, at_least: true },
        "At least 5,000 companies match.",
    ],
]) {
    test(`a count is told in words: ${JSON.stringify(values)}`, async () => {
        await mountPreview(values);
        expect(COUNT).toHaveText(text);
    });
}

test("an exact number says who is still among the companies", async () => {
    await mountPreview({ count: 2000, count_is_capped: true, living: 1234567 });
    expect(".o_lead_mining_living").toHaveText(/They are left out at delivery\.$/);
});

test("a number without known ones says nothing of them", async () => {
    await mountPreview();
    expect(".o_lead_mining_living").toHaveCount(0);
});

for (const [values, text] of [
    [{ price: 3 }, "Price: 3 credits"],
    [{ price: 9 }, "Price: 3 to 9 credits"],
    [{ price: 1, lowest_price: 1 }, "Price: 1 credit"],
    [{ price: 1, lowest_price: 0 }, "Price: 0 to 1 credits"],
    [{ price: 0, lowest_price: 0 }, "Price: 0 credits"],
    [{ price: 12500, lowest_price: 12500 }, "Price: 12,500 credits"],
]) {
    test(`the price is told in words: ${JSON.stringify(values)}`, async () => {
        await mountPreview(values);
        expect(PRICE).toHaveText(text);
    });
}

for (const [values, text] of [
    [{ contacts: null }, "How many contacts are known shows when the request runs."],
    [{ contacts: 0, at_least: true }, "How many contacts are known shows when the request runs."],
    [{ contacts: 0 }, "No contact that fits is known of them. Try other roles."],
    [{ contacts: 1 }, "1 contact that fits is known of them."],
    [{ contacts: 1200 }, "1,200 contacts that fit are known of them."],
    [{ contacts: 12, at_least: true }, "At least 12 contacts that fit are known of them."],
    [
        { contacts: 2000, contacts_are_capped: true },
        "More than 2,000 contacts that fit are known of them.",
    ],
]) {
    test(`the contacts known are told in words: ${JSON.stringify(values)}`, async () => {
        await mountPreview(values);
        expect(".o_lead_mining_contacts").toHaveText(text);
    });
}

test("no contacts are told where none are asked for, or no company matches", async () => {
    await mountPreview();
    expect(".o_lead_mining_contacts").toHaveCount(0);
    await mountPreview({ contacts: 0, count: 0 });
    expect(".o_lead_mining_contacts").toHaveCount(0);
});

test("large amounts are easy to read: what is there, what is missing", async () => {
    await mountPreview({ price: 20000, balance: 1500, missing: 18500, is_low: true });
    expect(PREVIEW).toHaveText(/You have 1,500/);
    expect(PREVIEW).toHaveText(/18,500 credits are missing\./);
    expect(".o_lead_mining_low").toHaveText(/running out: 1,500 are left\./);
});

test("one credit is one credit", async () => {
    await mountPreview({ price: 2, balance: 1, missing: 1, is_low: true });
    expect(PREVIEW).toHaveText(/1 credit is missing\./);
    expect(".o_lead_mining_low").toHaveText(/running out: 1 is left\.$/);
});

test("nothing is missing and nothing warns where the credits do", async () => {
    await mountPreview();
    expect(`${PREVIEW} .text-danger, ${PREVIEW} .alert, ${PREVIEW} a`).toHaveCount(0);
    expect(".o_lead_mining_providers").toHaveCount(0);
});

test("who may buy credits is led there, in a new tab, so that the form stays", async () => {
    const buy_url = "/credits?account=1&next=2";
    await mountPreview({ price: 3, balance: 2, missing: 1, is_low: true, buy_url });
    expect(`${PREVIEW} a`).toHaveCount(2);
    for (const place of [".text-danger", ".o_lead_mining_low"]) {
        expect(`${PREVIEW} ${place}`).toHaveText(/\. Buy credits$/);
        expect(`${PREVIEW} ${place} a`).toHaveText("Buy credits");
        expect(`${PREVIEW} ${place} a`).toHaveAttribute("href", buy_url);
        expect(`${PREVIEW} ${place} a`).toHaveAttribute("target", "_blank");
    }
});

test("who may not buy credits is told that they are missing, and gets no link", async () => {
    await mountPreview({ price: 3, balance: 2, missing: 1, is_low: true });
    expect(`${PREVIEW} .text-danger`).toHaveCount(1);
    expect(".o_lead_mining_low").toHaveCount(1);
    expect(`${PREVIEW} a`).toHaveCount(0);
});

test("a problem is shown alone: no count and no price stand beside it", async () => {
    await mountPreview({ problem: "Choose at least one country.", count: null, price: 0 });
    expect(PREVIEW).toHaveText("Choose at least one country.");
    expect(`${COUNT}, ${PRICE}`).toHaveCount(0);
});

test("a budget that stops the request and those that warn are told, each in its own box", async () => {
    const warnings = Array.from({ length: 30 }, (_, number) => `Budget ${number} is nearly spent.`);
    await mountPreview({ refusal: "The budget of Sales is spent.", warnings });
    expect(".o_lead_mining_refusal").toHaveText("The budget of Sales is spent.");
    expect(".o_lead_mining_refusal").toHaveAttribute("role", "alert");
    expect(queryAllTexts(".o_lead_mining_warning")).toEqual(warnings);
});

test("of several providers each is told with its own count", async () => {
    const providers = [
        { name: "Registry", count: 1200 },
        { name: "Directory", count: 0 },
    ];
    await mountPreview({ providers });
    expect(".o_lead_mining_providers").toHaveText("Registry: 1,200 · Directory: 0");
});

test("companies of the sample are shown as they are named, never as markup", async () => {
    const sample = [
        { name: "<b>S•••</b>", city: "Gent", country: "Belgium", employees: "10-49" },
        { name: "B••• & Co", city: "", country: "Italy", employees: "" },
    ];
    await mountPreview({
        sample,
        warnings: ["<img src=x>"],
        providers: [{ name: "<u>", count: 1 }],
    });
    expect(PREVIEW).toHaveText(/<b>S•••<\/b>\s*Gent, Belgium\s*10-49/);
    expect(PREVIEW).toHaveText(/B••• & Co\s*Italy/);
    expect(`${PREVIEW} b, ${PREVIEW} img, ${PREVIEW} u`).toHaveCount(0);
});

test("an error of the server leaves the form usable, and the next change asks again", async () => {
    await mountForm(makeServerError({ message: "Provider down" }), FOUND);
    await passTime();
    expect(PREVIEW).toHaveText("The number of matches is known when the request runs.");
    expect(PREVIEW).toHaveAttribute("data-ready", "1");
    expect(".o_dialog, .o_notification").toHaveCount(0);
    await type(4);
    await passTime();
    expect(COUNT).toHaveText("12 companies match.");
});

test("an error after an answer takes the old price away: it is not that of the new criteria", async () => {
    await mountForm(FOUND, makeServerError());
    await passTime();
    expect(PRICE).toHaveText("Price: 3 credits");
    await type(4);
    await passTime();
    expect(PRICE).toHaveCount(0);
});

const COMPANY = {
    name: "S•••",
    city: "Gent",
    country: "BE",
    industry: "Software",
    employees: "14,138",
    known: ["email", "website"],
};

test("the sample is a table of what may be told", async () => {
    await mountPreview({ sample: [COMPANY] });
    expect(queryAllTexts(`${PREVIEW} th`)).toEqual([
        "Company",
        "Town",
        "Industry",
        "Employees",
        "What Is Known",
    ]);
    expect(queryAllTexts(`${PREVIEW} td`).slice(0, 4)).toEqual([
        "S•••",
        "Gent, BE",
        "Software",
        "14,138",
    ]);
    expect(`${PREVIEW} td i[aria-label='E-mail known']`).toHaveCount(1);
    expect(`${PREVIEW} td i[aria-label='Website known']`).toHaveCount(1);
    expect(`${PREVIEW} td i[aria-label='Phone known']`).toHaveCount(0);
});

test("what is known, and who works there, is told once the number is there", async () => {
    details = {
        known: [{ label: "E-mail", text: "25 %" }],
        roles: [{ label: "CEO", text: "3" }],
        industries: [],
    };
    await mountPreview();
    expect(".o_lead_mining_known").toHaveText(/^Known:\s*E-mail 25 %$/);
    expect(".o_lead_mining_roles").toHaveText(/^Contacts:\s*CEO 3$/);
});

test("where no more can be told the number stands all the same", async () => {
    details = makeServerError();
    await mountPreview();
    expect(COUNT).toHaveText("12 companies match.");
    expect(".o_lead_mining_known").toHaveCount(0);
});

test("a click on what is common there chooses the industry", async () => {
    details.industries = [{ id: 31, name: "Software", count: 1204 }];
    await mountPreview();
    expect(".o_lead_mining_chips button").toHaveText("Software 1,204");
    await contains(".o_lead_mining_chips button").click();
    await passTime();
    expect(asked.at(-1).industry_ids).toEqual([31]);
    expect(".o_lead_mining_chips").toHaveCount(0);
    expect(".o_field_widget[name='industry_ids'] .o_tag").toHaveText("Software");
});

test("a click asks for as many as the credits allow", async () => {
    await mountPreview({ affordable: 109 });
    expect(".o_lead_mining_affordable").toHaveText("As many as my credits allow (109)");
    await contains(".o_lead_mining_affordable").click();
    await passTime();
    expect(asked.at(-1).lead_number).toBe(109);
    expect(".o_lead_mining_affordable").toHaveCount(0);
});

test("who may not buy credits asks for them", async () => {
    const done = {
        type: "ir.actions.client",
        tag: "display_notification",
        params: { type: "success", message: "Bill has been asked for credits." },
    };
    onRpc("lead.mining.request", "ask_for_credits", ({ args }) => {
        expect.step(`asked for ${args[0].lead_number}`);
        return done;
    });
    mockService("action", { doAction: ({ params }) => expect.step(params.message) });
    await mountPreview({ missing: 2, may_buy: false, buy_url: "/credits" });
    expect(`${PREVIEW} a`).toHaveCount(0);
    await contains(".o_lead_mining_ask").click();
    expect.verifySteps(["asked for 3", "Bill has been asked for credits."]);
});

test("number and price stay in sight, and nothing of the criteria is covered by the rest", async () => {
    await mountPreview({ sample: [COMPANY, COMPANY] });
    const { offsetHeight: all, style } = queryFirst(PREVIEW);
    const below = Number.parseFloat(style.bottom);
    expect(below).toBeLessThan(0);
    expect(all + below).toBe(queryFirst(`${PREVIEW} > div`).offsetHeight);
});

test("while somebody types, the server is asked once", async () => {
    await mountPreview();
    freezeTime();
    for (const number of [10, 100, 1000]) {
        await type(number);
        await passTime(FRAMES);
        await passTime(TYPING - FRAMES - 1);
        expect(asked).toHaveLength(1);
        expect(PREVIEW).toHaveAttribute("data-ready", "0");
    }
    await passTime(FRAMES);
    expect(asked.map((criteria) => criteria.lead_number)).toEqual([3, 1000]);
});

test("a change of what is no criterion asks nothing", async () => {
    await mountPreview();
    await contains(".o_field_widget[name='name'] input").edit("Butchers");
    await passTime();
    expect(asked).toHaveLength(1);
    expect(PREVIEW).toHaveAttribute("data-ready", "1");
});

test("the answer to an older question that comes last is not shown", async () => {
    const [slow, fast] = [new Deferred(), new Deferred()];
    await mountForm(slow, fast);
    await passTime();
    await type(5);
    await passTime();
    fast.resolve({ ...FOUND, price: 5, lowest_price: 5 });
    await animationFrame();
    slow.resolve({ ...FOUND, price: 3 });
    await animationFrame();
    expect(PRICE).toHaveText("Price: 5 credits");
    expect(PREVIEW).toHaveAttribute("data-ready", "1");
});

test("the answer to what was typed before never stands as the price of what is typed now", async () => {
    const [first, second] = [new Deferred(), new Deferred()];
    await mountForm(first, second);
    await passTime();
    freezeTime();
    await type(5);
    await passTime(FRAMES);
    first.resolve({ ...FOUND, price: 3 });
    await passTime(FRAMES);
    expect(asked).toHaveLength(1);
    expect(PREVIEW).toHaveAttribute("data-ready", "0");
    expect(PREVIEW).toHaveClass("text-muted");
    await passTime();
    expect(asked).toHaveLength(2);
    expect(PREVIEW).toHaveAttribute("data-ready", "0");
    second.resolve({ ...FOUND, price: 5, lowest_price: 5 });
    await passTime(FRAMES);
    expect(PREVIEW).toHaveAttribute("data-ready", "1");
    expect(PREVIEW).not.toHaveClass("text-muted");
    expect(PRICE).toHaveText("Price: 5 credits");
});

test("an Italian reads Italian, with Italian numbers", async () => {
    await speakItalian("crm_lead_mining");
    await mountPreview({
        ...{
            count: 12345,
            price: 20000,
            lowest_price: 20000,
            balance: 1500,
            missing: 18500,
            is_low: true,
        },
        buy_url: "/credits",
        providers: [{ name: "Registro", count: 12345 }],
    });
    expect(COUNT).toHaveText(/^12\.345 aziende/);
    expect(PRICE).toHaveText("Prezzo: 20.000 crediti");
    expect(".o_lead_mining_providers").toHaveText("Registro: 12.345");
    expect(PREVIEW).toHaveText(/18\.500 crediti/);
    expect(PREVIEW).not.toHaveText(/credit[s]?\b|compan|You|missing|left/);
});
