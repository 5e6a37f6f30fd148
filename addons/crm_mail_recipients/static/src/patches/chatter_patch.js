import { Chatter } from "@mail/chatter/web_portal/chatter";
// Whose `updateRecipients` is to be changed: it must be there first.
import "@mail/chatter/web/chatter_patch";
import { ThreadEnvelope } from "@crm_mail_recipients/recipient_envelope/thread_envelope";
import { RecipientPicker } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { patch } from "@web/core/utils/patch";

Object.assign(Chatter.components, { RecipientPicker, ThreadEnvelope });

patch(Chatter.prototype, {
    onRecipientsChange(change) {
        this.state.thread.recipientChoices = change(this.state.thread.recipientChoices);
    },

    onRecipientText(text) {
        this.state.thread.recipientText = text;
    },

    onRecipientRegistered(policy) {
        this.state.thread.recipientPolicy = policy;
    },

    /** What is preselected follows the saved card; while the form differs from it, it is in doubt. */
    async updateRecipients(record) {
        const thread = this.state.thread;
        if (!record || !thread?.recipientPolicy) {
            return super.updateRecipients(...arguments);
        }
        const { fields } = thread.recipientPolicy;
        // Read, so that this is called again when one of them changes.
        fields.forEach((name) => record.data[name]);
        if (fields.some((name) => name in record._changes)) {
            thread.doubtRecipientChoices();
        } else if (thread.recipientChoices.some((choice) => choice.outdated)) {
            // Saved or discarded: as the card is now.
            await thread.fetchThreadData(["suggestedRecipients"]);
            thread.keepRecipientChoices();
        }
    },
});
