import { contains, defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { RecipientEnvelope } from "@crm_mail_recipients/recipient_envelope/recipient_envelope";
import { ENVELOPE, party } from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const BOB = party({ name: "Bob", email: "bob@home.test" });

async function mountEnvelope(envelope) {
    await mountWithCleanup(RecipientEnvelope, { props: { envelope } });
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

test("where nobody gets it and nobody is left out nothing is shown", async () => {
    await mountEnvelope({ to: [], cc: [], bcc: [], followers: [], left_out: [] });
    expect(ENVELOPE).toHaveCount(0);
});

test("where the server has nothing to say nothing is shown", async () => {
    await mountEnvelope(false);
    expect(ENVELOPE).toHaveCount(0);
});
