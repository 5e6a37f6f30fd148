import { fields } from "@mail/core/common/record";
import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        /** What the server lets the user choose from; false: the card is not under the policy. */
        this.recipientPolicy = fields.Attr(false, {
            onUpdate() {
                this.keepRecipientChoices();
            },
        });
        this.recipientChoices = fields.Attr([]);
    },

    /**
     * Keep what the user has chosen, and renew what was preselected: it belongs to the card as it
     * is now. Nothing is preselected beside choices of which the user has removed it.
     */
    keepRecipientChoices() {
        const chosen = this.recipientChoices.filter((choice) => !choice.preselected);
        if (chosen.length && chosen.length === this.recipientChoices.length) {
            return;
        }
        const offered = this.recipientPolicy ? this.recipientPolicy.candidates : [];
        const preselected = offered
            .filter(({ email, selected }) => selected && !chosen.some((c) => c.email === email))
            .map((candidate) => ({ ...candidate, preselected: true }));
        this.recipientChoices = [...preselected, ...chosen];
    },

    /** The form shows another contact than the saved card: who was preselected is in doubt. */
    doubtRecipientChoices() {
        this.recipientChoices = this.recipientChoices.map((choice) =>
            choice.preselected ? { ...choice, outdated: true } : choice
        );
    },

    /** The choices as they are sent to the server. */
    get postedRecipientChoices() {
        return this.recipientChoices
            .filter((choice) => !choice.outdated)
            .map(({ email, partner_id, preselected }) => ({
                email,
                partner_id: partner_id || false,
                preselected: Boolean(preselected),
            }));
    },

    get canSendToRecipients() {
        return (
            this.recipientChoices.length > 0 &&
            !this.recipientChoices.some((choice) => choice.outdated)
        );
    },
});
