import {
    click,
    contains,
    defineMailModels,
    insertText,
    mailModels,
    onRpcBefore,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, select } from "@odoo/hoot-dom";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import {
    getKwArgs,
    getService,
    makeKwArgs,
    makeServerError,
    mockService,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {
    ACME,
    BOB,
    CHIP,
    ENVELOPE,
    INPUT,
    OPTION,
    PICKER,
    chip,
    envelope,
    party,
    policy,
} from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const SEND = ".o-mail-Composer-send";
const TEXT = ".o-mail-Composer-input";
const PRESELECTED = { ...BOB, selected: true };

let current, answers;

beforeEach(() => {
    // Who is chosen gets it.
    answers = ({ recipient_choices }) => envelope({ to: recipient_choices.map(party) });
    onRpc("/crm_mail_recipients/envelope", async (request) => {
        const { params } = await request.json();
        return answers(params);
    });
});

/** Open a card under a policy, with a message begun. */
async function write(
    values = {},
    { button = "Send message", text = "Dear Bob", prepare = () => {} } = {}
) {
    current = values && policy({ candidates: [PRESELECTED, ACME], ...values });
    patchWithCleanup(mailModels.MailThread.prototype, {
        _thread_to_store(store) {
            const { request_list = [] } = getKwArgs(arguments, "store", "fields", "request_list");
            super._thread_to_store(...arguments);
            if (request_list.includes("suggestedRecipients")) {
                store.add(
                    this.env[this._name].browse(this[0].id),
                    { recipientPolicy: current, ...(current && { suggestedRecipients: [] }) },
                    makeKwArgs({ as_thread: true })
                );
            }
        },
    });
    const pyEnv = await startServer();
    prepare(pyEnv);
    const [bob] = pyEnv["res.partner"].create([{ name: "Bob" }, { name: "Eve" }]);
    const card = pyEnv["res.fake"].create({ name: "Card", partner_id: bob });
    await start();
    await openFormView("res.fake", card);
    await click("button", { text: button });
    if (text) {
        await insertText(TEXT, text);
    }
}

async function putInto(line, email) {
    const target = `${chip(email)} select`;
    await contains(target);
    await select(line, { target });
}

/** Note what is posted, and how the server answers. */
function watchPosts(answer = () => {}) {
    onRpcBefore("/mail/message/post", async ({ post_data }) => {
        expect.step(
            [post_data.body, ...(post_data.recipient_choices || []).map((c) => c.email)].join()
        );
        await answer();
    });
}

test("the preselected recipient is shown, and written to as he was chosen", async () => {
    onRpcBefore("/mail/message/post", ({ post_data }) => {
        expect(post_data.recipient_choices).toEqual([
            { email: BOB.email, partner_id: BOB.partner_id, preselected: true, header: "to" },
        ]);
        expect("partner_emails" in post_data).toBe(false);
        expect.step("posted");
    });
    await write();
    await contains(chip(BOB.email));
    await click(`${SEND}:enabled`);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    expect.verifySteps(["posted"]);
});

test("without a recipient nothing is sent, by button or by key", async () => {
    watchPosts();
    await write();
    await click(`${chip(BOB.email)} button`);
    await contains(CHIP, { count: 0 });
    await contains(`${SEND}:disabled`);
    await press("Control+Enter");
    await animationFrame();
    await contains(TEXT, { value: "Dear Bob" });
    expect.verifySteps([]);
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await click(`${SEND}:enabled`);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    expect.verifySteps([`Dear Bob,${ACME.email}`]);
});

test("where nobody may be written to the reason is shown, and nothing can be sent", async () => {
    watchPosts();
    await write({ candidates: [], error: "Link a contact first." });
    await contains(".o_recipient_error", { text: "Link a contact first." });
    await contains(`${SEND}:disabled`);
    await press("Control+Enter");
    await animationFrame();
    expect.verifySteps([]);
});

test("a note goes to nobody, and needs nobody", async () => {
    watchPosts();
    await write({ candidates: [], error: "Link a contact first." }, { button: "Log note" });
    await contains(PICKER, { count: 0 });
    await click(`${SEND}:enabled`);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    expect.verifySteps(["Dear Bob"]);
});

test("a card that is not under the policy keeps the input of Odoo", async () => {
    await write(false);
    await contains(".o-mail-RecipientsInput");
    await contains(PICKER, { count: 0 });
    await contains(`${SEND}:enabled`);
});

test("after sending, the next message begins with who is preselected", async () => {
    await write();
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await contains(CHIP, { count: 2 });
    await click(`${SEND}:enabled`);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    await click("button", { text: "Send message" });
    await contains(chip(BOB.email));
    await contains(CHIP, { count: 1 });
    await contains(TEXT, { value: "" });
});

test("a second click while the server is slow sends nothing twice", async () => {
    const slow = new Deferred();
    watchPosts(() => slow);
    await write();
    await contains(chip(BOB.email));
    await click(`${SEND}:enabled`);
    await contains(`${SEND}:disabled`);
    await press("Control+Enter");
    await animationFrame();
    slow.resolve();
    await contains(".o-mail-Message", { text: "Dear Bob", count: 1 });
    expect.verifySteps([`Dear Bob,${BOB.email}`]);
});

test("a refusal is told; text and choices stay, and the card is offered as it is now", async () => {
    expect.errors(1);
    let refuse = true;
    watchPosts(() => {
        if (refuse) {
            current = policy({ candidates: [{ ...ACME, selected: true }] });
            throw makeServerError({ message: "Bob is gone" });
        }
    });
    await write();
    await click(`${SEND}:enabled`);
    await contains(".o_error_dialog");
    expect.verifyErrors(["Bob is gone"]);
    await click(".o_error_dialog .btn-primary");
    await contains(TEXT, { value: "Dear Bob" });
    await contains(chip(ACME.email));
    await contains(chip(BOB.email), { count: 0 });
    refuse = false;
    await click(`${SEND}:enabled`);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    expect.verifySteps([`Dear Bob,${BOB.email}`, `Dear Bob,${ACME.email}`]);
});

test("while the form changes the contact, the former one is in doubt and nothing is sent", async () => {
    await write();
    await contains(`${chip(BOB.email)}:not(.text-bg-danger)`);
    await click(".o_field_widget[name='partner_id'] input");
    await click(".o_field_widget[name='partner_id'] .dropdown-item", { text: "Eve" });
    await contains(".o_field_widget[name='partner_id'] input", { value: "Eve" });
    await contains(`${chip(BOB.email)}.text-bg-danger`);
    await contains(`${SEND}:disabled`);
    await click(".o_form_button_cancel");
    await contains(`${chip(BOB.email)}:not(.text-bg-danger)`);
    await contains(`${SEND}:enabled`);
});

test("the full composer begins with who is chosen here", async () => {
    mockService("action", {
        async doAction(action) {
            if (action?.res_model === "res.fake") {
                return super.doAction(...arguments);
            }
            expect.step(action.context.default_recipient_choices.map(({ email }) => email).join());
        },
    });
    await write();
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await contains(CHIP, { count: 2 });
    await click("button[title='Open Full Composer']");
    await expect.waitForSteps([`${BOB.email},${ACME.email}`]);
});

test("who was put in Cc or Bcc is posted there, and next time nobody is", async () => {
    onRpcBefore("/mail/message/post", ({ post_data }) => {
        for (const { email, header, preselected } of post_data.recipient_choices) {
            expect.step([email, header, preselected].join());
        }
    });
    answers = ({ recipient_choices }) => {
        const found = envelope();
        recipient_choices.forEach((one) => found[one.header].push(party(one)));
        return found;
    };
    await write();
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await putInto("bcc", BOB.email);
    await contains(`${ENVELOPE} [data-line='bcc']`, { text: `Bcc:${BOB.email}` });
    await putInto("cc", ACME.email);
    await contains(`${ENVELOPE} [data-line='cc']`, { text: `Cc:${ACME.email}` });
    await click(`${SEND}:enabled`);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    expect.verifySteps([`${BOB.email},bcc,false`, `${ACME.email},cc,false`]);
    await click("button", { text: "Send message" });
    await contains(`${chip(BOB.email)} select`, { value: "to" });
});

test("the full composer begins with the lines that were chosen here", async () => {
    mockService("action", {
        async doAction(action) {
            if (action?.res_model === "res.fake") {
                return super.doAction(...arguments);
            }
            for (const line of ["", "_cc", "_bcc"]) {
                const choices = action.context[`default_recipient${line}_choices`];
                expect.step(choices.map(({ email }) => email).join());
            }
        },
    });
    await write();
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await putInto("bcc", ACME.email);
    await click("button[title='Open Full Composer']");
    await expect.waitForSteps([BOB.email, "", ACME.email]);
});

test("before sending it is shown who will get it, and it follows the choices", async () => {
    await write();
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await contains(`${ENVELOPE} [data-line='to']`, { text: `To:${BOB.email}, ${ACME.email}` });
    // The only one that is left is shown by the picker above.
    await click(`${chip(BOB.email)} button`);
    await contains(ENVELOPE, { count: 0 });
    await click(`${chip(ACME.email)} button`);
    await contains(ENVELOPE, { count: 0 });
});

test("who follows and who is left out is shown as the server tells it", async () => {
    answers = () =>
        envelope({
            followers: [party({ name: "Colin", email: "colin@house.test" })],
            left_out: [party({ name: "Eve", reason: "no e-mail address" })],
        });
    await write();
    await contains(`${ENVELOPE} [data-line='followers']`, { text: "Colin <colin@house.test>" });
    await contains(`${ENVELOPE} [data-line='left_out']`, { text: "Eve (no e-mail address)" });
});

test("what could not be asked is told as an error, and not as it was before", async () => {
    expect.errors(1);
    await write();
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await contains(ENVELOPE);
    answers = () => {
        throw makeServerError({ message: "Out of order" });
    };
    await click(`${chip(BOB.email)} button`);
    await contains(ENVELOPE, { count: 0 });
    await contains(".modal", { text: "Out of order" });
    expect.verifyErrors(["Out of order"]);
});

test("who is made a follower meanwhile is told", async () => {
    await write();
    await contains(chip(BOB.email));
    answers = () => envelope({ followers: [party({ name: "Colin", email: "colin@house.test" })] });
    const threads = Object.values(getService("mail.store").Thread.records);
    threads.find(({ recipientPolicy }) => recipientPolicy).followersCount = 5;
    await contains(`${ENVELOPE} [data-line='followers']`, { text: "Colin <colin@house.test>" });
});

test("a slow answer about former choices is not shown any more", async () => {
    const slow = new Deferred();
    const first = answers;
    answers = async (params) => {
        await slow;
        return first(params);
    };
    await write();
    await contains(chip(BOB.email));
    answers = first;
    await click(INPUT);
    await click(`${OPTION} a`, { text: "Acme <info@acme.test>" });
    await contains(`${ENVELOPE} [data-line='to']`, { text: `To:${BOB.email}, ${ACME.email}` });
    slow.resolve();
    await animationFrame();
    await contains(`${ENVELOPE} [data-line='to']`, { text: `To:${BOB.email}, ${ACME.email}` });
});

/** Begin to mention one of three people named alike; return who is offered. */
async function mention(mode) {
    const prepare = (pyEnv) => {
        const [colleague, customer] = pyEnv["res.partner"].create(
            ["Bea Colleague", "Bea Customer", "Bea Outsider"].map((name) => ({ name }))
        );
        const user = pyEnv["res.users"].create({ partner_id: colleague, share: false });
        pyEnv["res.partner"].write([colleague], { main_user_id: user });
        current = policy({ mode, candidates: [{ ...PRESELECTED, partner_id: customer }] });
    };
    await write({}, { text: "@Bea", prepare });
    await contains(".o-mail-Composer-suggestion", { text: "Bea Customer" });
    return queryAllTexts(".o-mail-Composer-suggestion").map((text) => text.split("\n")[0]);
}

test("who may not be written to is not offered to be mentioned", async () => {
    const offered = await mention("registered");
    expect(offered.toSorted()).toEqual(["Bea Colleague", "Bea Customer"]);
});

test("where any address may be written to everybody is offered to be mentioned", async () => {
    const offered = await mention("any");
    expect(offered.toSorted()).toEqual(["Bea Colleague", "Bea Customer", "Bea Outsider"]);
});
