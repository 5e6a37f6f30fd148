import { speakItalian } from "@crm_common/../tests/italian";
import { RecipientPicker } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred, animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { contains, makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import {
    ACME,
    BOB,
    CHIP,
    INPUT,
    OPTION,
    OWN,
    PICKER,
    candidate,
    chip,
    policy,
} from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

let state;

class Parent extends Component {
    static components = { RecipientPicker };
    static props = { start: Object };
    static template = xml`
        <RecipientPicker policy="state.policy" value="state.value" onChange.bind="onChange"
                         text="state.text" onText="(text) => this.state.text = text"
                         readonly="state.readonly" copies="state.copies" lines="state.lines"
                         onRegistered="state.onRegistered"/>`;

    setup() {
        state = this.state = useState({
            ...{ readonly: false, copies: false, lines: false, value: [], text: "" },
            onRegistered: () => {},
            ...this.props.start,
        });
    }

    onChange(change) {
        this.state.value = change(this.state.value);
    }
}

async function mountPicker(policyValues = {}, start = {}) {
    const props = { start: { policy: policy(policyValues), ...start } };
    await mountWithCleanup(Parent, { props });
}

async function open() {
    await contains(INPUT).click();
}

async function type(text) {
    await contains(INPUT).edit(text, { confirm: false });
    await runAllTimers();
    await animationFrame();
}

/** Employees that the server finds, by what was typed; the last one for everything else. */
function employees(found) {
    onRpc("res.users", "search_read", async ({ kwargs }) => {
        return await (found[kwargs.domain.at(-1)[2]] ?? []);
    });
}

const user = (name, email, id) => ({ id, name, email, partner_id: [id + 100, name] });
const chosen = (one) => ({ email: one.email, partner_id: one.partner_id, name: one.name });
const emails = () => state.value.map((choice) => choice.email);

test("who may be written to is listed by where the address belongs", async () => {
    await mountPicker();
    expect(CHIP).toHaveCount(0);
    expect(INPUT).toHaveAttribute("placeholder", "Choose a recipient...");
    await open();
    expect(queryAllTexts(OPTION)).toEqual([
        "This record",
        "own@card.test (Private)",
        "Contacts",
        "Bob <bob@home.test>",
        "Company",
        "Acme <info@acme.test>",
    ]);
});

test("a click on an address chooses it, once", async () => {
    await mountPicker();
    await open();
    await contains(`${OPTION}:contains('bob@home')`).click();
    expect(CHIP).toHaveText("Bob <bob@home.test>");
    expect(CHIP).not.toHaveClass("text-bg-danger");
    expect(INPUT).toHaveAttribute("placeholder", "Add...");
    expect(state.value).toEqual([{ ...chosen(BOB), label: "" }]);
    await open();
    expect(`${OPTION}:contains('bob@home')`).toHaveCount(0);
    expect(`${OPTION}:contains('Contacts')`).toHaveCount(0);
});

test("who removes recipients by keyboard stays among them, and ends where they are typed", async () => {
    await mountPicker({}, { value: [chosen(OWN), chosen(BOB), chosen(ACME)] });
    const remove = (email) => `${chip(email)} .o_recipient_remove`;
    await contains(remove(BOB.email)).focus();
    for (const next of [ACME.email, OWN.email]) {
        await press("Enter");
        await animationFrame();
        expect(remove(next)).toBeFocused();
    }
    await press("Enter");
    await animationFrame();
    expect(emails()).toEqual([]);
    expect(INPUT).toBeFocused();
});

test("screen readers are told which line of the e-mail it is", async () => {
    await mountPicker();
    expect(PICKER).toHaveAttribute("aria-label", "Recipients");
    expect(INPUT).toHaveAttribute("aria-label", "Recipients");
    await open();
    expect(`${PICKER} [role='listbox'][aria-label='Recipients']`).toHaveCount(1);
});

test("headings cannot be chosen", async () => {
    await mountPicker();
    await open();
    await contains(`${OPTION}:contains('Contacts') span`).click();
    expect(state.value).toEqual([]);
});

test("where everybody is chosen it says that nobody else is registered", async () => {
    await mountPicker({}, { value: [OWN, BOB, ACME].map(chosen) });
    await open();
    expect(queryAllTexts(OPTION)).toEqual(["No other registered address"]);
    await contains(`${OPTION} span`).click();
    expect(emails()).toEqual([OWN.email, BOB.email, ACME.email]);
});

for (const [text, found] of [
    ["BOB", "Bob <bob@home.test>"],
    [" acme ", "Acme <info@acme.test>"],
    ["privat", "own@card.test (Private)"],
    ["nobody@new.test", "No other registered address"],
]) {
    test(`typing narrows the list: ${text}`, async () => {
        await mountPicker();
        await type(text);
        expect(queryAllTexts(`${OPTION}:last`)).toEqual([found]);
        expect(queryAllTexts(OPTION).length < 3).toBe(true);
    });
}

test("the keyboard alone chooses, goes past the headings, and takes away", async () => {
    await mountPicker();
    await open();
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    expect(emails()).toEqual([BOB.email]);
    expect(OPTION).toHaveCount(0);
    await type("acme");
    await press("Enter");
    await animationFrame();
    expect(emails()).toEqual([BOB.email, ACME.email]);
    expect(INPUT).toHaveValue("");
    await open();
    await press("Escape");
    await animationFrame();
    expect(OPTION).toHaveCount(0);
    await contains(`${chip(ACME.email)} button`).focus();
    await press("Enter");
    await animationFrame();
    expect(emails()).toEqual([BOB.email]);
});

test("a recipient is taken away with its button, which says whom it removes", async () => {
    await mountPicker({}, { value: [OWN, BOB, ACME].map(chosen) });
    const names = queryAllAttributes(`${CHIP} button`, "title");
    expect(new Set(names).size).toBe(3);
    await contains(`${chip(BOB.email)} button`).click();
    expect(emails()).toEqual([OWN.email, ACME.email]);
    expect(CHIP).toHaveCount(2);
});

test("each who may not be viewed is taken away alone", async () => {
    const hidden = [5, 6, 7].map((partner_id) => ({ email: "", partner_id, hidden: true }));
    await mountPicker({}, { value: [chosen(BOB), ...hidden] });
    expect(queryAllTexts(CHIP).slice(1)).toEqual(Array(3).fill("Hidden recipient"));
    await contains(`${CHIP}:eq(2) button`).click();
    expect(state.value.map(({ partner_id }) => partner_id)).toEqual([BOB.partner_id, 5, 7]);
    expect(`${CHIP}:eq(2) button`).toHaveAttribute("title", "Remove Hidden recipient");
});

test("where nobody may be written to, the reason stands instead of an input", async () => {
    const error = "Link a contact <b>first</b>.";
    await mountPicker({ error, candidates: [] });
    expect(".o_recipient_error[role='alert']").toHaveText(error);
    expect(".o_recipient_error b").toHaveCount(0);
    expect(INPUT).toHaveCount(0);
});

test("of whom the user may not see only the kind is shown", async () => {
    await mountPicker({ hidden: ["contact", "company"], candidates: [OWN] });
    expect(queryAllTexts(".o_recipient_hidden")).toEqual(["Hidden contact", "Hidden company"]);
    await open();
    expect(queryAllTexts(OPTION)).toEqual(["This record", "own@card.test (Private)"]);
});

test("who is blacklisted is marked before and after it is chosen, and can be chosen", async () => {
    await mountPicker({ candidates: [{ ...BOB, blacklisted: true }, ACME] });
    await open();
    expect(`${OPTION}:contains('bob@home')`).toHaveText("Bob <bob@home.test> – blacklisted");
    expect(`${OPTION}:contains('info@acme')`).toHaveText("Acme <info@acme.test>");
    await contains(`${OPTION}:contains('bob@home')`).click();
    expect(`${CHIP} [aria-label^='Blacklisted']`).toHaveCount(1);
    expect(CHIP).toHaveText("Bob <bob@home.test>");
});

test("names and addresses are shown as they are, never as markup", async () => {
    const name = "<img src=x> & Co";
    await mountPicker({ candidates: [{ ...BOB, name, label: "<u>" }] });
    await open();
    expect(`${OPTION}:last`).toHaveText("<img src=x> & Co <bob@home.test> (<u>)");
    await contains(`${OPTION}:last`).click();
    expect(CHIP).toHaveText("<img src=x> & Co <bob@home.test> (<u>)");
    expect(`${PICKER} img, ${PICKER} u`).toHaveCount(0);
});

test("who only reads sees the recipients, and can change nothing", async () => {
    await mountPicker({}, { value: [chosen(BOB)], readonly: true });
    expect(CHIP).toHaveText("Bob <bob@home.test>");
    expect(`${CHIP} button, ${INPUT}`).toHaveCount(0);
});

test("a recipient that the card does not offer is red; the others are not", async () => {
    const value = [chosen(BOB), { email: "gone@old.test", partner_id: false, name: "Gone" }];
    await mountPicker({}, { value });
    expect(chip("gone@old.test")).toHaveClass("text-bg-danger");
    expect(chip("gone@old.test")).toHaveText("Gone <gone@old.test>");
    expect(chip(BOB.email)).not.toHaveClass("text-bg-danger");
});

test("a contact that is being changed is red, and says that saving helps", async () => {
    await mountPicker({}, { value: [{ ...chosen(BOB), preselected: true, outdated: true }] });
    expect(CHIP).toHaveClass("text-bg-danger");
    expect(CHIP).toHaveAttribute("title", /save the record first/);
});

test("the same address written in other letters is the same address", async () => {
    await mountPicker({ mode: "any" }, { value: [{ email: "BOB@Home.test", name: "" }] });
    employees({});
    expect(CHIP).not.toHaveClass("text-bg-danger");
    await type("Bob@home.TEST");
    expect(queryAllTexts(OPTION)).toEqual(["No other registered address"]);
    await type("info@ACME.test");
    expect(queryAllTexts(OPTION)).toEqual(["Company", "Acme <info@acme.test>"]);
});

test("the same address written in other letters is on the card", async () => {
    await mountPicker({}, { value: [{ email: "BOB@Home.test", name: "" }] });
    expect(CHIP).not.toHaveClass("text-bg-danger");
});

test("a long list is listed whole, and narrowed by typing", async () => {
    const many = Array.from({ length: 120 }, (_, number) =>
        candidate({ email: `p${number}@many.test`, role: "contact", name: `Person ${number}` })
    );
    await mountPicker({ candidates: many }, { value: many.slice(100).map(chosen) });
    expect(CHIP).toHaveCount(20);
    await open();
    expect(OPTION).toHaveCount(101);
    await type("person 42");
    expect(queryAllTexts(OPTION)).toEqual(["Contacts", "Person 42 <p42@many.test>"]);
});

test("without the right to write to anybody no employee is asked for and nobody is typed in", async () => {
    onRpc("res.users", "search_read", () => expect.step("employees"));
    await mountPicker();
    await type("stranger@new.test");
    expect(queryAllTexts(OPTION)).toEqual(["No other registered address"]);
    expect.verifySteps([]);
});

describe("where any address is allowed", () => {
    test("employees are offered after the card's own people", async () => {
        employees({ "": [user("Eve", "eve@house.test", 1)] });
        await mountPicker({ mode: "any", candidates: [BOB] });
        await open();
        expect(queryAllTexts(OPTION)).toEqual([
            ...["Contacts", "Bob <bob@home.test>", "Employees", "Eve <eve@house.test>"],
        ]);
        await contains(`${OPTION}:last`).click();
        expect(state.value).toEqual([
            { email: "eve@house.test", partner_id: 101, name: "Eve", label: undefined },
        ]);
        expect(CHIP).not.toHaveClass("text-bg-danger");
    });

    test("an employee who is on the card or chosen is not offered twice", async () => {
        const found = [user("Bob", "Bob@home.test", 1), user("Eve", "eve@house.test", 2)];
        employees({ "": found });
        const value = [{ email: "EVE@house.test", partner_id: false, name: "" }];
        await mountPicker({ mode: "any", candidates: [BOB] }, { value });
        await open();
        expect(queryAllTexts(OPTION)).toEqual(["Contacts", "Bob <bob@home.test>"]);
    });

    test("an unknown address can be written to, once it is one", async () => {
        employees({});
        await mountPicker({ mode: "any", candidates: [] });
        await type("stranger@");
        expect(queryAllTexts(OPTION)).toEqual(["No other registered address"]);
        await type("stranger@new.test");
        expect(queryAllTexts(OPTION)).toEqual(["Write to stranger@new.test"]);
        await press("Enter");
        await animationFrame();
        expect(CHIP).toHaveText("stranger@new.test");
        expect(CHIP).not.toHaveClass("text-bg-danger");
        expect(state.value[0].partner_id).toBe(false);
    });

    test("who was preselected and is on the card no more is red, unlike who was chosen", async () => {
        const value = [
            { email: "old@card.test", name: "", preselected: true },
            { email: "free@new.test", name: "" },
        ];
        await mountPicker({ mode: "any" }, { value });
        expect(chip("old@card.test")).toHaveClass("text-bg-danger");
        expect(chip("free@new.test")).not.toHaveClass("text-bg-danger");
    });

    test("what is found for an older text and comes last is not listed", async () => {
        const slow = new Deferred();
        employees({ ev: slow, eve: [user("Eve", "eve@house.test", 1)] });
        await mountPicker({ mode: "any", candidates: [] });
        await type("ev");
        await type("eve");
        expect(queryAllTexts(OPTION)).toEqual(["Employees", "Eve <eve@house.test>"]);
        slow.resolve([user("Evan", "evan@house.test", 2)]);
        await animationFrame();
        expect(queryAllTexts(OPTION)).toEqual(["Employees", "Eve <eve@house.test>"]);
    });

    test("where the employees cannot be read that is told, and the others are offered", async () => {
        expect.errors(1);
        onRpc("res.users", "search_read", () => {
            throw makeServerError({ message: "No employees" });
        });
        await mountPicker({ mode: "any", candidates: [BOB] });
        await open();
        await animationFrame();
        expect.verifyErrors(["No employees"]);
        expect(queryAllTexts(OPTION)).toEqual(["Contacts", "Bob <bob@home.test>"]);
    });
});

test("an Italian reads Italian", async () => {
    await speakItalian("crm_mail_recipients");
    const candidates = [OWN, { ...BOB, blacklisted: true }, ACME];
    await mountPicker({ candidates, hidden: ["contact", "company"] });
    const placeholder = queryAllAttributes(INPUT, "placeholder")[0];
    await open();
    const texts = [placeholder, ...queryAllTexts(`${OPTION}, ${PICKER} .o_recipient_hidden`)];
    expect(texts).toHaveLength(9);
    for (const english of [
        ...["Choose a recipient...", "This record", "Contacts", "Company"],
        ...["Hidden contact", "Hidden company", "Bob <bob@home.test> – blacklisted"],
    ]) {
        expect(texts).not.toInclude(english);
    }
});

test("what is to be known of an address is said before it is chosen, and after", async () => {
    const bob = { ...BOB, bounced: true, last_written: "2026-03-04 12:00:00" };
    await mountPicker({ candidates: [bob] });
    await open();
    expect(queryAllTexts(OPTION)[1]).toMatch(
        /^Bob <bob@home.test> – bounced – last written to on /
    );
    await contains(`${OPTION}:contains('bob@home.test')`).click();
    expect(`${chip(BOB.email)} .o_recipient_bounced`).toHaveCount(1);
});

test("an address of nobody is put on a contact of the card, and chosen", async () => {
    const owners = [{ model: "res.partner", id: 8, name: "Acme" }];
    const card = { model: "crm.lead", id: 3 };
    const anna = { ...ACME, email: "anna@acme.test" };
    onRpc("/crm_mail_recipients/accept", async (request) => {
        const { params } = await request.json();
        expect.step([params.thread_id, params.email, params.owner_id].join());
        return policy({ candidates: [ACME, anna], owners, card });
    });
    const onRegistered = (registered) => (state.policy = registered);
    await mountPicker({ candidates: [ACME], owners, card }, { onRegistered });
    await type("anna@acme.test");
    await contains(`${OPTION}:contains('Register anna@acme.test on Acme')`).click();
    await animationFrame();
    expect.verifySteps(["3,anna@acme.test,8"]);
    expect(emails()).toEqual(["anna@acme.test"]);
});

test("what is on the card already is not to be registered", async () => {
    const owners = [{ model: "res.partner", id: 8, name: "Acme" }];
    await mountPicker({ owners, card: { model: "crm.lead", id: 3 } });
    await type("info@acme.test");
    expect(".o_recipient_register").toHaveCount(0);
});

test("Cc and Bcc say nothing of the card that To has said", async () => {
    await mountPicker({ error: "Nobody", hidden: ["contact"] }, { copies: true });
    expect(".o_recipient_error").toHaveCount(0);
    expect(".o_recipient_hidden").toHaveCount(0);
    expect(INPUT).toHaveCount(0);
});

test("each recipient says in which line it stands, and is put into another one", async () => {
    const value = [
        { ...chosen(BOB), preselected: true },
        { ...chosen(ACME), header: "bcc" },
    ];
    await mountPicker({}, { lines: true, value });
    const line = (email) => `${chip(email)} select`;
    expect(line(BOB.email)).toHaveValue("to");
    expect(line(ACME.email)).toHaveValue("bcc");
    expect(line(BOB.email)).toHaveAttribute("aria-label", /bob@home.test/);
    await contains(line(BOB.email)).select("cc");
    expect(state.value.map(({ header }) => header)).toEqual(["cc", "bcc"]);
    expect(state.value[0].preselected).toBe(false);
    expect(line(BOB.email)).toHaveValue("cc");
});

test("a recipient in doubt is moved to another line and stays in doubt", async () => {
    const value = [{ ...chosen(BOB), preselected: true, outdated: true }];
    await mountPicker({}, { lines: true, value });
    await contains(`${chip(BOB.email)} select`).select("cc");
    const [{ header, outdated, preselected }] = state.value;
    expect([header, outdated, preselected]).toEqual(["cc", true, true]);
});

test("who only reads, and a picker of one line, has no line to choose", async () => {
    await mountPicker({}, { value: [chosen(BOB)] });
    expect(`${CHIP} select`).toHaveCount(0);
    state.lines = state.readonly = true;
    await animationFrame();
    expect(`${CHIP} select`).toHaveCount(0);
});
