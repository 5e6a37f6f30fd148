import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { messageActionsRegistry } from "@mail/core/common/message_actions";
import { describe, expect, test } from "@odoo/hoot";
import { markup } from "@odoo/owl";
import { makeMockEnv, onRpc } from "@web/../tests/web_test_helpers";

const { DateTime } = globalThis.luxon;

describe.current.tags("desktop");
defineMailModels();

/** Answer all; return the context of the composer that opens. */
async function replyAll(recipientPolicy) {
    onRpc("/mail/thread/recipients", () => []);
    await makeMockEnv();
    let context;
    const doAction = (action) => (context = action.context);
    const message = {
        ...{ id: 7, body: markup`<p>Question</p>`, email_from: "Ann <ann@x.test>" },
        datetime: DateTime.now(),
    };
    const thread = { id: 3, model: "res.fake", recipientPolicy };
    const owner = { props: { message, thread }, env: { services: { action: { doAction } } } };
    await messageActionsRegistry.get("reply-all").onSelected({ message, owner, thread });
    return context;
}

for (const recipientPolicy of [{ mode: "any" }, false]) {
    const when = recipientPolicy ? "under the policy" : "where it is not known yet";
    test(`the composer is told which message is answered, ${when}`, async () => {
        const context = await replyAll(recipientPolicy);
        expect(context.recipient_reply_to).toBe(7);
        expect(context.default_composition_comment_option).toBe("reply_all");
    });
}
