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

    /** Keep what was chosen and still may be, otherwise take the one that is preselected. */
    keepRecipientChoices() {
        const policy = this.recipientPolicy;
        const offered = policy ? policy.candidates : [];
        const kept = this.recipientChoices.filter(
            (choice) =>
                policy?.mode === "any" ||
                offered.some((candidate) => candidate.email === choice.email)
        );
        this.recipientChoices = kept.length
            ? kept
            : offered.filter((candidate) => candidate.selected);
    },
});
