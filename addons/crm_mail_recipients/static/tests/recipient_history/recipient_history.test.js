import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { RecipientHistory } from "@crm_mail_recipients/recipient_history/recipient_history";
import { envelope, party } from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const BOB = { name: "Bob", email: "bob@home.test" };
const SENT = { fate: "sent", date: "2026-03-01 10:00:00" };

async function mount(values) {
    await mountWithCleanup(RecipientHistory, { props: { envelope: envelope(values) } });
}

test("icons with numbers tell what became of a message", async () => {
    await mount({
        to: [party({ ...BOB, ...SENT }), party({ email: "x@x.test", fate: "bounced" })],
        followers: [party({ email: "y@x.test", ...SENT })],
        left_out: [party({ email: "z@x.test", fate: "failed", reason: "no route" })],
    });
    expect(queryAllTexts(".o_recipient_fates [data-fate]")).toEqual(["2", "1", "1"]);
    expect(".o_recipient_history li").toHaveCount(0);
});

test("a click tells it of each address, with time and reason", async () => {
    await mount({
        to: [
            party({ ...BOB, ...SENT }),
            party({ email: "x@x.test", fate: "bounced", detail: "mailbox full" }),
        ],
        left_out: [party({ hidden: true, fate: "failed", reason: "not sent" })],
    });
    await click(".o_recipient_fates");
    await animationFrame();
    const [bob, bounced, hidden] = queryAllTexts(".o_recipient_history li");
    expect(bob).toInclude("Bob <bob@home.test>");
    expect(bob).toMatch(/Sent on .*2026/);
    expect(bounced).toInclude("Bounced");
    expect(bounced).toInclude("mailbox full");
    expect(hidden).toInclude("Hidden recipient");
    await click(".o_recipient_fates");
    await animationFrame();
    expect(".o_recipient_history li").toHaveCount(0);
});

test("before a message is sent nothing has become of it", async () => {
    await mount({ to: [party(BOB)] });
    expect(".o_recipient_history").toHaveCount(0);
});
