import { RecipientEnvelope } from "@crm_mail_recipients/recipient_envelope/recipient_envelope";
import { orElse } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { rpc } from "@web/core/network/rpc";
import { KeepLast } from "@web/core/utils/concurrency";

import { Component, useEffect, useState } from "@odoo/owl";

/** Who would get the message that is being written in the chatter. */
export class ThreadEnvelope extends Component {
    static template = "crm_mail_recipients.ThreadEnvelope";
    static components = { RecipientEnvelope };
    static props = { thread: Object };

    setup() {
        this.keepLast = new KeepLast();
        this.state = useState({ envelope: false });
        useEffect(
            (asked) => {
                this.ask(JSON.parse(asked));
            },
            () => [this.asked, this.props.thread.followersCount]
        );
    }

    /** What the answer depends on, null where nothing can be sent as it is. */
    get asked() {
        const { thread } = this.props;
        if (!thread.id || !thread.recipientPolicy || thread.whyNoRecipients) {
            return "null";
        }
        if (!thread.recipientChoices.length) {
            return "null"; // the first one is still being typed
        }
        const { composerText, mentionedPartners } = thread.composer || {};
        const mentions = thread.store.getMentionsFromText(composerText || "", {
            mentionedPartners: mentionedPartners || [],
            thread,
        });
        return JSON.stringify({
            thread_model: thread.model,
            thread_id: thread.id,
            recipient_choices: thread.postedRecipientChoices,
            partner_ids: mentions.partners.map(({ id }) => id),
        });
    }

    async ask(asked) {
        const answer = asked ? rpc("/crm_mail_recipients/envelope", asked) : false;
        // What cannot be asked is not told as it was before.
        this.state.envelope = await orElse(this.keepLast.add(Promise.resolve(answer)), false);
    }
}
