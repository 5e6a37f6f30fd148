import { refusalOf, withTyped } from "@crm_mail_recipients/recipient_picker/typed_recipients";
import { fields } from "@mail/core/common/record";
import { Thread } from "@mail/core/common/thread_model";
import { _t } from "@web/core/l10n/translation";
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
        /** What is typed where recipients are chosen, and not one of them yet. */
        this.recipientText = fields.Attr("");
    },

    /** What is typed and not chosen yet is chosen by sending. */
    takeRecipientText() {
        if (this.recipientText.trim() && this.recipientPolicy) {
            const { recipientChoices, recipientText, recipientPolicy } = this;
            this.recipientChoices = withTyped(recipientChoices, recipientText, recipientPolicy);
        }
        this.recipientText = "";
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
            .map(({ email, partner_id, preselected, header }) => ({
                email,
                partner_id: partner_id || false,
                preselected: Boolean(preselected),
                header: header || "to",
            }));
    },

    /** Why nothing can be sent, "" where it can. */
    get whyNoRecipients() {
        if (this.recipientPolicy.error) {
            return this.recipientPolicy.error;
        }
        const outdated = this.recipientChoices.find((choice) => choice.outdated);
        if (outdated) {
            return refusalOf(outdated, this.recipientPolicy);
        }
        const isNobody = !this.recipientChoices.length && !this.recipientText.trim();
        return isNobody ? _t("Choose at least one recipient.") : "";
    },
});
