import {
    contains,
    defineMailModels,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { getService } from "@web/../tests/web_test_helpers";
import { ENVELOPE, envelope, party } from "@crm_mail_recipients/../tests/recipient_test_helpers";

describe.current.tags("desktop");
defineMailModels();

/** Open a card with one message, of which the server tells who got it. */
async function openCard(recipientEnvelope) {
    const pyEnv = await startServer();
    const card = pyEnv["res.fake"].create({ name: "Card" });
    const id = pyEnv["mail.message"].create({
        ...{ body: "Dear Bob", message_type: "comment", model: "res.fake", res_id: card },
    });
    await start();
    await openFormView("res.fake", card);
    await contains(".o-mail-Message", { text: "Dear Bob" });
    getService("mail.store")["mail.message"].insert({ id, recipientEnvelope });
    await animationFrame();
}

test("a message shows who got it", async () => {
    await openCard(envelope({ to: [party({ name: "Bob", email: "bob@home.test" })] }));
    await contains(`.o-mail-Message ${ENVELOPE} [data-line='to']`, {
        text: "To:Bob <bob@home.test>",
    });
});

test("a message that was not mailed from a card shows nothing", async () => {
    await openCard(false);
    expect(`.o-mail-Message ${ENVELOPE}`).toHaveCount(0);
});
