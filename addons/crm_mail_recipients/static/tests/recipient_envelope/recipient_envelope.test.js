import { contains, defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { RecipientEnvelope } from "@crm_mail_recipients/recipient_envelope/recipient_envelope";
import { ENVELOPE, envelope, party } from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const NOBODY = envelope({});
const BOB = party({ name: "Bob", email: "bob@home.test" });

async function mountEnvelope(told, props = {}) {
    await mountWithCleanup(RecipientEnvelope, { props: { envelope: told, ...props } });
}

test("names and exact addresses are told by line, and why somebody is left out", async () => {
    await mountEnvelope({
        to: [BOB, party({ email: "own@card.test" })],
        cc: [party({ name: "Acme", email: "info@acme.test" })],
        bcc: [],
        followers: [party({ name: "Colin", email: "colin@house.test" })],
        left_out: [party({ name: "Eve", reason: "no e-mail address" })],
    });
    await contains(ENVELOPE);
    expect(queryAllTexts(`${ENVELOPE} > div`)).toEqual([
        "To:Bob <bob@home.test>, own@card.test",
        "Cc:Acme <info@acme.test>",
        "Followers by e-mail:Colin <colin@house.test>",
        "Left out:Eve (no e-mail address)",
    ]);
});

test("of a hidden party nothing is told but that there is one", async () => {
    await mountEnvelope({
        ...{ to: [party({ hidden: true })], cc: [], bcc: [], followers: [] },
        left_out: [party({ hidden: true, reason: "not accessible to you" })],
    });
    expect(queryAllTexts(`${ENVELOPE} > div`)).toEqual([
        "To:Hidden recipient",
        "Left out:Hidden recipient (not accessible to you)",
    ]);
});

test("where one is refused that nothing is sent is told, with the reason", async () => {
    const refused = [party({ email: "eve@rival.test", reason: "not registered here" })];
    await mountEnvelope({ refused }, { chosen: [BOB, { email: "eve@rival.test" }] });
    expect(queryAllTexts(`${ENVELOPE} > div`)).toEqual([
        "Nothing is sent:eve@rival.test (not registered here)",
    ]);
});

test("of thousands the first are told, and how many more there are", async () => {
    const followers = [...Array(3000).keys()].map((number) => party({ email: `${number}@x.test` }));
    await mountEnvelope({ ...NOBODY, followers });
    const [text] = queryAllTexts(`${ENVELOPE} > div`);
    expect(text).toMatch(/:0@x\.test, 1@x\.test, .* and \d+ more$/);
    expect(text.split(",").length + Number(text.match(/(\d+) more$/)[1])).toBe(followers.length);
});

test("where nobody gets it and nobody is left out nothing is shown", async () => {
    await mountEnvelope(NOBODY);
    expect(ENVELOPE).toHaveCount(0);
});

test("the only one who is chosen beside it and gets it is not told twice", async () => {
    await mountEnvelope({ ...NOBODY, to: [BOB] }, { chosen: [{ email: "Bob@home.test" }] });
    expect(ENVELOPE).toHaveCount(0);
});

for (const [what, values, chosen] of [
    ["several", { to: [BOB, party({ email: "own@card.test" })] }, ["bob@home.test"]],
    ["a follower", { to: [BOB], followers: [party({ email: "c@house.test" })] }, [BOB.email]],
    ["who is left out", { to: [BOB], left_out: [party({ name: "Eve" })] }, [BOB.email]],
    ["another than is chosen", { to: [BOB] }, ["info@acme.test"]],
    ["one of two who are chosen", { to: [BOB] }, [BOB.email, "info@acme.test"]],
    ["a hidden one", { to: [party({ hidden: true })] }, [BOB.email]],
    ["the only one as a follower", { followers: [BOB] }, [BOB.email]],
]) {
    test(`told beside what is chosen: ${what}`, async () => {
        const choices = chosen.map((email) => ({ email }));
        await mountEnvelope({ ...NOBODY, ...values }, { chosen: choices });
        await contains(ENVELOPE);
    });
}

test("where the server has nothing to say nothing is shown", async () => {
    await mountEnvelope(false);
    expect(ENVELOPE).toHaveCount(0);
});
