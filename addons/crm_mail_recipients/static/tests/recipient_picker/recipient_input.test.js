import { RecipientPicker } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    click,
    manuallyDispatchProgrammaticEvent,
    pointerDown,
    press,
    queryAll,
    queryAllAttributes,
    queryAllTexts,
    queryOne,
} from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import {
    ACME,
    BOB,
    CHIP,
    INPUT,
    OPTION,
    chip,
    policy,
} from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const REFUSAL = ".o_recipient_refusal";
const ELSEWHERE = "button.elsewhere";

let state;

class Parent extends Component {
    static components = { RecipientPicker };
    static props = { policy: Object };
    static template = xml`
        <RecipientPicker policy="props.policy" value="state.value" text="state.text"
                         onChange.bind="onChange" onText="(text) => this.state.text = text"/>
        <button class="elsewhere">Elsewhere</button>`;

    setup() {
        state = this.state = useState({ value: [], text: "" });
    }

    onChange(change) {
        this.state.value = change(this.state.value);
    }
}

beforeEach(() => onRpc("res.users", "search_read", () => []));

async function mountPicker(mode = "registered") {
    await mountWithCleanup(Parent, { props: { policy: policy({ mode }) } });
}

async function type(text) {
    await contains(INPUT).edit(text, { confirm: false });
    await runAllTimers();
    await animationFrame();
}

async function paste(text) {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    await contains(INPUT).focus();
    await manuallyDispatchProgrammaticEvent(queryOne(INPUT), "paste", { clipboardData });
    await animationFrame();
}

const emails = () => state.value.map((choice) => choice.email);
const red = () => queryAllAttributes(`${CHIP}.text-bg-danger`, "data-email");

for (const [kind, list] of [
    ["a line", "info@acme.test; new@x.test, Anna <anna@z.test>"],
    ["lines", "info@acme.test\nnew@x.test\r\nanna@z.test\n"],
    ["a table", "Acme\tinfo@acme.test\nNew\tnew@x.test\nAnna\tanna@z.test"],
    ["names", '"Acme, Inc." <info@acme.test>; New, Nora <new@x.test>; anna@z.test (home)'],
]) {
    test(`a pasted list becomes recipients: ${kind}`, async () => {
        await mountPicker("any");
        await paste(list);
        expect(emails()).toEqual(["info@acme.test", "new@x.test", "anna@z.test"]);
        expect(state.value[0].partner_id).toBe(ACME.partner_id);
        expect(red()).toEqual([]);
        expect(INPUT).toHaveValue("");
    });
}

test("of a pasted list who is on no card is red, with the reason in words", async () => {
    await mountPicker();
    await paste("info@acme.test; new@x.test; b@@y.test");
    expect(emails()).toEqual(["info@acme.test", "new@x.test", "b@@y.test"]);
    expect(red()).toEqual(["new@x.test", "b@@y.test"]);
    expect(queryAllTexts(REFUSAL)).toEqual([
        "new@x.test is not registered on this record or on its linked contacts and companies.",
        "“b@@y.test” is not a single, plain e-mail address.",
    ]);
    expect(`${REFUSAL}:first`).toHaveAttribute("role", "alert");
    expect(chip("new@x.test")).toHaveAttribute("title", /is not registered/);
});

test("who is pasted twice, or is chosen already, is chosen once", async () => {
    await mountPicker("any");
    await paste("new@x.test, NEW@x.test");
    await paste("New@X.test; info@acme.test");
    expect(emails()).toEqual(["new@x.test", "info@acme.test"]);
});

test("what is pasted without an address stays text", async () => {
    await mountPicker("any");
    await paste("Bob");
    expect(emails()).toEqual([]);
});

test("what is pasted completes what is typed", async () => {
    await mountPicker("any");
    await type("new@");
    await paste("x.test");
    expect(emails()).toEqual(["new@x.test"]);
});

for (const key of ["Enter", ",", ";"]) {
    test(`a typed address is taken by ${key}, and the list is closed`, async () => {
        await mountPicker();
        await type("INFO@acme.test");
        await press(key);
        await runAllTimers();
        await animationFrame();
        expect(emails()).toEqual([ACME.email]);
        expect(INPUT).toHaveValue("");
        expect(OPTION).toHaveCount(0);
    });
}

test("Enter takes what is typed, also before the list is there", async () => {
    await mountPicker("any");
    await contains(INPUT).edit("new@x.test", { confirm: false });
    await press("Enter");
    await runAllTimers();
    await animationFrame();
    expect(emails()).toEqual(["new@x.test"]);
    expect(OPTION).toHaveCount(0);
});

test("a comma within a name takes nothing", async () => {
    await mountPicker("any");
    await type("Rossi");
    await press(",");
    expect(emails()).toEqual([]);
});

test("an option that was gone to by the arrows is chosen instead of the text", async () => {
    await mountPicker("any");
    await type("bob@home.test");
    await press("ArrowDown");
    await press("ArrowUp");
    await press("Enter");
    await animationFrame();
    expect(emails()).toEqual([BOB.email]);
});

test("what is typed and left is a recipient, or refused with the reason", async () => {
    await mountPicker();
    await type("bob@home.test");
    await press("Tab");
    await animationFrame();
    expect(emails()).toEqual([BOB.email]);
    expect(red()).toEqual([]);
    await type("Eve");
    await press("Tab");
    await animationFrame();
    expect(red()).toEqual(["Eve"]);
    expect(REFUSAL).toHaveText("“Eve” is not a single, plain e-mail address.");
});

test("with any address as well what is no address is refused with the reason", async () => {
    await mountPicker("any");
    await type("Eve");
    await press("Tab");
    await animationFrame();
    expect(red()).toEqual(["Eve"]);
    expect(REFUSAL).toHaveText("“Eve” is not a single, plain e-mail address.");
});

test("nothing moves while a mouse button is down: the click hits what it aims at", async () => {
    await mountPicker("any");
    await type("new@x.test");
    await pointerDown(ELSEWHERE);
    await runAllTimers();
    await animationFrame();
    expect(emails()).toEqual([]);
    await click(ELSEWHERE);
    await runAllTimers();
    await animationFrame();
    expect(emails()).toEqual(["new@x.test"]);
});

test("a click on an option takes the option, and not the letters it was found by", async () => {
    await mountPicker("any");
    await type("acm");
    await contains(`${OPTION}:contains('info@acme')`).click();
    await runAllTimers();
    await animationFrame();
    expect(emails()).toEqual([ACME.email]);
    expect(state.text).toBe("");
});

test("a click on a heading takes nothing and keeps what is typed", async () => {
    await mountPicker("any");
    await type("acm");
    await contains(`${OPTION}.o_recipient_group`).click();
    await runAllTimers();
    await animationFrame();
    expect(emails()).toEqual([]);
    expect(INPUT).toHaveValue("acm");
});

test("Backspace in the empty input takes the last recipient away, and no letter more", async () => {
    await mountPicker("any");
    await paste("a@x.test; b@x.test");
    await type("c");
    await press("Backspace");
    await animationFrame();
    expect(emails()).toEqual(["a@x.test", "b@x.test"]);
    await press("Backspace");
    await animationFrame();
    expect(emails()).toEqual(["a@x.test"]);
    await press("Backspace");
    await press("Backspace");
    await animationFrame();
    expect(emails()).toEqual([]);
});

test("several typed addresses are offered and taken together", async () => {
    await mountPicker("any");
    await type("a@x.test b@x.test");
    expect(queryAllTexts(OPTION)).toEqual(["Write to a@x.test, b@x.test"]);
    await contains(OPTION).click();
    expect(emails()).toEqual(["a@x.test", "b@x.test"]);
});

test("headings do not look like choices", async () => {
    await mountPicker();
    await contains(INPUT).click();
    const headings = `${OPTION}.o_recipient_group > *`;
    expect(headings).toHaveCount(3);
    expect(`${headings}.dropdown-item`).toHaveCount(0);
    expect(`${headings}[role='presentation'].dropdown-header`).toHaveCount(3);
    expect(`${OPTION}.o_recipient_option > .dropdown-item[role='option']`).toHaveCount(3);
});

test("the list stands below all recipients", async () => {
    await mountPicker("any");
    await paste(Array.from({ length: 30 }, (_, number) => `p${number}@many.test`).join(";"));
    await contains(INPUT).click();
    const list = queryOne(".o-autocomplete--dropdown-menu").getBoundingClientRect();
    for (const one of queryAll(CHIP)) {
        const { top, bottom } = one.getBoundingClientRect();
        expect(bottom <= list.top || top >= list.bottom).toBe(true);
    }
});
