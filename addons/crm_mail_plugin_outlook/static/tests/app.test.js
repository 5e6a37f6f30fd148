import { LoginRequired, Refused } from "@crm_mail_plugin_outlook/pane/api";
import { App } from "@crm_mail_plugin_outlook/pane/app";
import {
    beforeEach,
    click,
    Deferred,
    describe,
    edit,
    expect,
    getFixture,
    mockFetch,
    queryAllTexts,
    queryFirst,
    test,
    tick,
} from "@odoo/hoot";
import { makeItem, makeOffice, person } from "./office";

describe.current.tags("desktop");

const SESSION = {
    user: "Sally Seller",
    lang: "en_US",
    models: ["res.partner", "crm.lead", "project.task", "project.project"],
    log_models: ["res.partner", "crm.lead"],
    is_copy: false,
};
const CARLA = {
    partner: { id: 7, name: "Carla", email: "carla@beta.example", can_write_on_partner: true },
    can_create_partner: true,
    leads: [{ id: 3, name: "<b>Deal</b>", revenues_description: "$ 5 at 20%" }],
    lead_count: 8,
    tasks: [],
    task_count: 0,
    can_create_project: true,
    company: { id: 9, name: "Beta Spa", facts: { employees: 7 } },
    enrichment: { action: "update", partner_id: 9, price: 3 },
};

let answers, asked;

beforeEach(() => {
    mockFetch(() => ({ lang: "en_US", texts: {} }));
    asked = [];
    answers = {
        "outlook/session": SESSION,
        "outlook/email": { people: { "carla@beta.example": { id: 7, name: "Carla" } }, logged: [] },
        "outlook/contact": CARLA,
    };
});

function makeApi(token = "secret") {
    return {
        token,
        async call(route, params) {
            asked.push([route, params]);
            const answer = answers[route];
            return typeof answer === "function" ? answer(params) : answer;
        },
        async connect(code) {
            asked.push(["connect", code]);
            this.token = "fresh";
        },
        async disconnect() {
            asked.push(["disconnect"]);
            this.token = null;
        },
    };
}

async function open(office = makeOffice(makeItem()), api = makeApi()) {
    const app = new App(getFixture(), office, api, "https://erp.example");
    await app.start();
    return app;
}

/** Wait until all that was asked is answered. */
async function settle() {
    for (let turn = 0; turn < 5; turn++) {
        await tick();
    }
}

const routes = () => asked.map(([route]) => route);
const paramsOf = (route) => asked.findLast(([name]) => name === route)?.[1];
const shown = () => getFixture().innerText;

test("an e-mail shows its sender, the company and true totals", async () => {
    await open();
    expect("h1").toHaveText("Carla");
    expect(queryAllTexts(".title h2")).toEqual(["Opportunities (8)", "Tasks (0)"]);
    expect(shown()).toInclude("Beta Spa");
    expect(shown()).toInclude("Look Up Company Data for 3 Credits");
    expect(shown()).not.toInclude("Tickets");
    expect(queryFirst("h1 a").getAttribute("href")).toBe(
        "/mail_plugin/redirect_to_record/res.partner?record_id=7"
    );
});

test("what others have written is text and no markup", async () => {
    await open();
    expect(".rows b").toHaveCount(0);
    expect(queryFirst(".rows a")).toHaveText("<b>Deal</b>");
});

test("all people can be chosen, and those who are known are told apart", async () => {
    const item = makeItem({ cc: [person("Zoe", "zoe@beta.example")] });
    await open(makeOffice(item));
    expect(queryAllTexts(".people button")).toEqual(["Carla", "Zoe"]);
    expect(".people .known").toHaveCount(1);
    answers["outlook/contact"] = {
        partner: { id: false, name: "Zoe", email: "zoe@beta.example" },
        can_create_partner: true,
        leads: [],
        lead_count: 0,
    };
    await click(".people button:contains(Zoe)");
    await settle();
    expect(paramsOf("outlook/contact").email).toBe("zoe@beta.example");
    expect("h1").toHaveText("Zoe");
    expect("button:contains(Add to Contacts)").toHaveCount(1);
});

test("an e-mail is logged with all that is known of it, and then shown as logged", async () => {
    const app = await open();
    answers["log_mail_content"] = () => {
        answers["outlook/email"].logged = [{ model: "crm.lead", id: 3, name: "Deal" }];
        return true;
    };
    await app.log("crm.lead", 3);
    expect(paramsOf("log_mail_content")).toEqual({
        model: "crm.lead",
        res_id: 3,
        body: "<p>Tea</p>",
        subject: "Tea",
        attachments: [],
        email_from: '"Carla Rossi" <carla@beta.example>',
        email_to: '"Sally" <sally@ours.example>',
        email_cc: "",
        timestamp: 1764000000000,
        message_id: "<tea.1@beta.example>",
    });
    expect(".rows .done").toHaveText("Logged");
    expect(".logged a").toHaveText("Deal");
    expect(".notice.good").toHaveCount(1);
});

test("a second click while the first is at work does nothing", async () => {
    const app = await open();
    const waiting = new Deferred();
    answers["log_mail_content"] = () => waiting;
    const first = app.log("crm.lead", 3);
    await app.log("crm.lead", 3);
    waiting.resolve(true);
    await first;
    expect(routes().filter((route) => route === "log_mail_content")).toHaveLength(1);
});

test("a lead is made of the e-mail and leads to Odoo", async () => {
    const app = await open();
    answers["lead/create"] = { id: 12, name: "Tea" };
    await app.make(app.kinds()[0]);
    expect(paramsOf("lead/create").partner_id).toBe(7);
    expect(paramsOf("lead/create").message_id).toBe("<tea.1@beta.example>");
    expect(queryFirst(".notice.good a").getAttribute("href")).toBe(
        "/mail_plugin/redirect_to_record/crm.lead?record_id=12"
    );
});

test("a task asks for its project first", async () => {
    const app = await open();
    answers["search_records/project.project"] = [[{ id: 4, name: "Works" }], 1];
    answers["task/create"] = { id: 5, name: "Tea" };
    await app.make(app.kinds()[1]);
    expect(routes()).not.toInclude("task/create");
    await click(".projects button:contains(Works)");
    await settle();
    expect(paramsOf("task/create").project_id).toBe(4);
});

test("switching e-mails during a request shows the new one only", async () => {
    const office = makeOffice(makeItem());
    const late = new Deferred();
    answers["outlook/contact"] = () => late;
    const app = new App(getFixture(), office, makeApi(), "https://erp.example");
    const first = app.start();
    await settle();
    office.context.mailbox.item = makeItem({
        itemId: "item-2",
        from: person("Zoe", "zoe@beta.example"),
    });
    answers["outlook/contact"] = { partner: { id: 8, name: "Zoe" }, leads: [], lead_count: 0 };
    await office.handlers[0][1]();
    late.resolve(CARLA);
    await first;
    expect("h1").toHaveText("Zoe");
});

test("an e-mail that was left while its text was read is not logged", async () => {
    const office = makeOffice(makeItem());
    const app = await open(office);
    app.state.mail.item.body.getAsync = (_kind, done) => {
        office.context.mailbox.item = makeItem({ itemId: "item-2" });
        done({ status: "succeeded", value: "<p>Another</p>" });
    };
    await app.log("crm.lead", 3);
    expect(routes()).not.toInclude("log_mail_content");
});

test("a pinned pane without an e-mail waits for one", async () => {
    const office = makeOffice(null);
    await open(office);
    expect(shown()).toInclude("Open an e-mail");
    office.context.mailbox.item = makeItem();
    await office.handlers[0][1]();
    expect("h1").toHaveText("Carla");
});

test("an old Outlook without pinning is asked for nothing that it lacks", async () => {
    const office = makeOffice(makeItem(), { mailbox: "1.3" });
    office.context.mailbox.addHandlerAsync = undefined;
    await open(office);
    expect("h1").toHaveText("Carla");
});

test("an expired connection leads to the sign-in with its reason", async () => {
    answers["outlook/email"] = () => {
        throw new LoginRequired("The connection to Odoo has expired.");
    };
    await open();
    expect(".notice.bad").toHaveText("The connection to Odoo has expired.");
    expect("button:contains(Sign In)").toHaveCount(1);
});

test("a refusal is shown above what was there, and the next click works", async () => {
    const app = await open();
    answers["lead/create"] = () => {
        throw new Refused("You may not create leads.");
    };
    await app.make(app.kinds()[0]);
    expect(".notice.bad").toHaveText("You may not create leads.");
    expect("h1").toHaveText("Carla");
    answers["lead/create"] = { id: 12, name: "Tea" };
    await app.make(app.kinds()[0]);
    expect(".notice.good").toHaveCount(1);
});

test("when Odoo does not answer, opening can be tried again", async () => {
    const working = answers["outlook/session"];
    answers["outlook/session"] = () => {
        throw new Refused("Odoo does not answer.");
    };
    await open();
    expect(".notice.bad").toHaveText("Odoo does not answer.");
    answers["outlook/session"] = working;
    await click("button:contains(Try Again)");
    await settle();
    expect("h1").toHaveText("Carla");
});

function withDialog(office, play) {
    const opened = [];
    office.context.ui.displayDialogAsync = (url, _size, done) => {
        opened.push(url);
        const handlers = {};
        const dialog = {
            close: () => expect.step("closed"),
            addEventHandler: (kind, handler) => (handlers[kind] = handler),
        };
        done({ status: "succeeded", value: dialog });
        play(handlers, new URL(url).searchParams.get("state"));
    };
    return opened;
}

test("a user signs in by a window on Odoo's own host", async () => {
    const office = makeOffice(makeItem());
    const opened = withDialog(office, ({ message }, state) => {
        message({ message: "no json" });
        message({ message: JSON.stringify({ state: "another", auth_code: "stolen" }) });
        message({
            message: JSON.stringify({ state, auth_code: "x" }),
            origin: "https://evil.test",
        });
        message({ message: JSON.stringify({ state, auth_code: "code" }) });
    });
    const app = await open(office, makeApi(null));
    await app.signIn();
    expect.verifySteps(["closed"]);
    expect(opened[0]).toMatch(/^https:\/\/erp\.example\/mail_plugin\/outlook\/sign_in\?state=/);
    expect(new URL(opened[0]).searchParams.get("mailbox")).toBe("sally@ours.example");
    expect(asked.filter(([route]) => route === "connect")).toEqual([["connect", "code"]]);
    expect("h1").toHaveText("Carla");
});

test("a user who denies or closes the window is told so and may try again", async () => {
    for (const end of [
        ({ message }, state) => message({ message: JSON.stringify({ state, auth_code: null }) }),
        ({ event }) => event({ error: 12006 }),
    ]) {
        const office = makeOffice(makeItem());
        withDialog(office, end);
        const app = await open(office, makeApi(null));
        await app.signIn();
        expect(".notice.bad").toHaveText("You have not been signed in.");
        expect("button.main").toBeEnabled();
    }
    expect.verifySteps(["closed"]);
});

test("a window that does not open is told", async () => {
    const office = makeOffice(makeItem());
    office.context.ui.displayDialogAsync = (_url, _size, done) => done({ status: "failed" });
    const app = await open(office, makeApi(null));
    await app.signIn();
    expect(".notice.bad").toHaveText(/did not open/);
});

test("disconnecting ends at the sign-in", async () => {
    const app = await open();
    await app.disconnect();
    expect(routes()).toInclude("disconnect");
    expect("button:contains(Sign In)").toHaveCount(1);
});

test("another contact is searched for and chosen", async () => {
    const app = await open();
    app.openSearch();
    await click("input[type=search]");
    await edit("ze");
    await click("button[type=submit]");
    expect(".notice.bad").toHaveText("Type at least three letters.");
    answers["search_records/res.partner"] = [[{ id: 8, name: "Zebra", email: "z@z.test" }], 40];
    await app.search("res.partner", "zebra");
    expect(shown()).toInclude("40 in all");
    await click("button:contains(Choose)");
    await settle();
    expect(paramsOf("outlook/contact").partner_id).toBe(8);
});

test("without an e-mail a contact is searched for and shown, and nothing is made of it", async () => {
    const app = await open(makeOffice(null));
    answers["search_records/res.partner"] = [[{ id: 7, name: "Carla", email: "" }], 1];
    app.openSearch();
    await app.search("res.partner", "carla");
    await click("button:contains(Choose)");
    await settle();
    expect("h1").toHaveText("Carla");
    expect(shown()).toInclude("Opportunities (8)");
    expect("button:contains(New Opportunity)").toHaveCount(0);
    expect("button:contains(Log E-mail)").toHaveCount(0);
    answers["partner/enrich_and_update_company"] = { enrichment_info: { type: "no_data" } };
    await app.enrich();
    expect("h1").toHaveText("Carla");
});

test("what was typed stays while it is searched for, and when that fails", async () => {
    const app = await open();
    app.openSearch();
    const late = new Deferred();
    answers["search_records/crm.lead"] = () => late;
    const searching = app.search("crm.lead", "zebra");
    expect("[data-key=term]").toHaveValue("zebra");
    late.reject(new Refused("Not now."));
    await searching;
    expect("[data-key=term]").toHaveValue("zebra");
    expect("select").toHaveValue("crm.lead");
    expect(".notice.bad").toHaveText("Not now.");
});

test("what was typed stays when a project is searched for in vain", async () => {
    const app = await open();
    answers["search_records/project.project"] = [[{ id: 4, name: "Works" }], 1];
    await app.make(app.kinds()[1]);
    answers["search_records/project.project"] = () => {
        throw new Refused("Not now.");
    };
    await app.searchProjects("roof");
    expect("[data-key=project]").toHaveValue("roof");
    expect(".notice.bad").toHaveText("Not now.");
});

test("an address with quotes is chosen as any other", async () => {
    const item = makeItem({ cc: [person("Zoe", '"zo e"@beta.example')] });
    await open(makeOffice(item));
    answers["outlook/contact"] = { partner: { id: 8, name: "Zoe" }, leads: [], lead_count: 0 };
    await click(".people button:contains(Zoe)");
    await settle();
    expect("h1").toHaveText("Zoe");
    expect(".people button:contains(Zoe)").toBeFocused();
});

test("what a look-up was asked for is not shown with the next e-mail", async () => {
    const office = makeOffice(makeItem());
    const app = await open(office);
    const late = new Deferred();
    answers["partner/enrich_and_update_company"] = () => late;
    const first = app.enrich();
    const waiting = new Deferred();
    answers["outlook/email"] = () => waiting;
    office.context.mailbox.item = makeItem({ itemId: "item-2" });
    office.handlers[0][1]();
    await settle();
    late.resolve({ enrichment_info: { type: "company_updated" } });
    await first;
    expect(shown()).toInclude("Loading");
    waiting.resolve({ people: {}, logged: [] });
});

test("company data are looked up, and what came of it is told", async () => {
    const app = await open();
    const said = async (answer) => {
        answers["partner/enrich_and_update_company"] = answer;
        await app.enrich();
        return queryFirst(".notice").innerText;
    };
    expect(await said({ enrichment_info: { type: "company_updated" } })).toInclude("completed");
    expect(paramsOf("partner/enrich_and_update_company")).toEqual({ partner_id: 9 });
    expect(await said({ enrichment_info: { type: "no_data" } })).toInclude("Nobody knows");
    expect(await said({ error: "Not here." })).toInclude("Not here.");
    const poor = { type: "insufficient_credit", info: "https://buy.example" };
    expect(await said({ enrichment_info: poor })).toInclude("not enough credits");
    expect(queryFirst(".notice a").getAttribute("href")).toBe("https://buy.example");
    const evil = { type: "insufficient_credit", info: "javascript:alert(1)" };
    await said({ enrichment_info: evil });
    expect(".notice a").toHaveCount(0);
});

test("without Microsoft's script the pane says what is missing", async () => {
    await open(null);
    expect(".notice.bad").toHaveCount(1);
});

test("in a browser without Outlook the pane says where it works", async () => {
    for (const context of [undefined, {}, { mailbox: undefined }]) {
        await open({ context });
        expect(shown()).toInclude("This page works in Outlook.");
        expect(shown()).not.toInclude("Loading");
    }
    expect(asked).toEqual([]);
});

test("an own address is told in Odoo's words", async () => {
    answers["outlook/contact"] = { error: "This is your own address.", partner: {} };
    await open();
    expect(shown()).toInclude("This is your own address.");
});
