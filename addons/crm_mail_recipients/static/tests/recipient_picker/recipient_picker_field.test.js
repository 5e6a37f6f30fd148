import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
    pagerNext,
} from "@web/../tests/web_test_helpers";
import {
    ACME,
    BOB,
    CHIP,
    INPUT,
    OPTION,
    OWN,
    PICKER,
    chip,
    policy,
} from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");

class Letter extends models.Model {
    recipient_choices = fields.Json({ onChange: () => {} });
    recipient_picker = fields.Json();

    _records = [
        { id: 1, recipient_choices: [BOB], recipient_picker: policy({ candidates: [BOB, OWN] }) },
        { id: 2, recipient_choices: [], recipient_picker: policy({ candidates: [ACME] }) },
        { id: 3, recipient_choices: [], recipient_picker: false },
    ];
}

defineMailModels();
defineModels([Letter]);

async function mountLetter(params = { resId: 1 }, readonly = "0") {
    await mountView({
        ...{ type: "form", resModel: "letter", ...params },
        arch: `<form>
            <field name="recipient_choices" widget="recipient_picker" readonly="${readonly}"/>
        </form>`,
    });
}

/** What the server reads of the offer when the list is opened, one after the other. */
function offers(...policies) {
    onRpc("letter", "read", async () => {
        expect.step("offer");
        const offer = await policies.shift();
        if (offer instanceof Error) {
            throw offer;
        }
        return [{ id: 1, recipient_picker: offer }];
    });
}

const shown = () => queryAllAttributes(CHIP, "data-email");
const open = () => contains(INPUT).click();
const choose = async (email) => {
    await open();
    await contains(`${OPTION}:contains('${email}')`).click();
};

test("who is chosen is saved with the form", async () => {
    onRpc("letter", "web_save", ({ args }) => {
        expect.step(args[1].recipient_choices.map(({ email }) => email).join());
    });
    await mountLetter();
    expect(shown()).toEqual([BOB.email]);
    await choose(OWN.email);
    expect(shown()).toEqual([BOB.email, OWN.email]);
    await contains(`${chip(BOB.email)} button`).click();
    await clickSave();
    expect.verifySteps([OWN.email]);
});

test("a new form asks for no offer: it has its own", async () => {
    offers();
    const recipient_picker = policy({ candidates: [ACME] });
    onRpc("letter", "onchange", () => ({ value: { recipient_picker, recipient_choices: [] } }));
    await mountLetter({});
    await open();
    expect(queryAllTexts(OPTION)).toEqual(["Company", "Acme <info@acme.test>"]);
    expect.verifySteps([]);
});

test("who only reads changes nothing", async () => {
    await mountLetter({ resId: 1 }, "1");
    expect(shown()).toEqual([BOB.email]);
    expect(`${CHIP} button, ${INPUT}`).toHaveCount(0);
});

test("what is not under the policy has no picker", async () => {
    await mountLetter({ resId: 3 });
    expect(PICKER).toHaveCount(0);
});

test("what is offered is as the card is now, not as the form was opened", async () => {
    offers(policy({ candidates: [ACME] }));
    await mountLetter();
    await open();
    expect(queryAllTexts(OPTION)).toEqual(["Company", "Acme <info@acme.test>"]);
    expect(chip(BOB.email)).toHaveClass("text-bg-danger");
    expect.verifySteps(["offer"]);
});

test("of two offers the one that was asked for last counts", async () => {
    const slow = new Deferred();
    offers(slow, policy({ candidates: [ACME] }));
    await mountLetter();
    await open();
    await open();
    await open();
    expect(queryAllTexts(OPTION)).toEqual(["Company", "Acme <info@acme.test>"]);
    slow.resolve(policy({ candidates: [OWN] }));
    await animationFrame();
    expect(queryAllTexts(OPTION)).toEqual(["Company", "Acme <info@acme.test>"]);
    await contains(`${OPTION}:last`).click();
    expect(chip(ACME.email)).not.toHaveClass("text-bg-danger");
    expect.verifySteps(["offer", "offer"]);
});

test("where the offer cannot be read that is told, and the known one is offered", async () => {
    expect.errors(1);
    offers(makeServerError({ message: "No offer" }));
    await mountLetter();
    await open();
    await animationFrame();
    expect.verifyErrors(["No offer"]);
    expect(queryAllTexts(OPTION)).toEqual(["This record", "own@card.test (Private)"]);
    expect.verifySteps(["offer"]);
});

test("the next record offers what belongs to it", async () => {
    await mountLetter({ resId: 1, resIds: [1, 2, 3] });
    await open();
    await pagerNext();
    expect(shown()).toEqual([]);
    await open();
    expect(queryAllTexts(OPTION)).toEqual(["Company", "Acme <info@acme.test>"]);
    await pagerNext();
    expect(PICKER).toHaveCount(0);
});

test("who is chosen stays chosen while the server is slow, also by a second click", async () => {
    const slow = new Deferred();
    onRpc("letter", "onchange", () => slow);
    await mountLetter({ resId: 2 });
    await choose(ACME.email);
    expect(shown()).toEqual([ACME.email]);
    await contains(`${chip(ACME.email)} button`).click();
    expect(shown()).toEqual([]);
    await choose(ACME.email);
    expect(shown()).toEqual([ACME.email]);
    slow.resolve({ value: {} });
    await animationFrame();
    await animationFrame();
    expect(shown()).toEqual([ACME.email]);
});

test("where the server refuses a choice that is told, and the others stay", async () => {
    expect.errors(1);
    onRpc("letter", "onchange", () => {
        throw makeServerError({ message: "Not this one" });
    });
    await mountLetter();
    await choose(OWN.email);
    await animationFrame();
    expect.verifyErrors(["Not this one"]);
    expect(shown()).toEqual([BOB.email]);
});
