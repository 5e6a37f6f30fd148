import { Composer } from "@mail/core/common/composer";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

import { toRaw } from "@odoo/owl";

patch(Composer.prototype, {
    get isUnderRecipientPolicy() {
        return Boolean(
            this.env.inChatter && this.props.type === "message" && this.thread?.recipientPolicy
        );
    },

    get isSendButtonDisabled() {
        return (
            super.isSendButtonDisabled ||
            (this.isUnderRecipientPolicy && Boolean(this.thread.whyNoRecipients))
        );
    },

    /** Why Send is disabled, told where the policy is on; "" where it is not, or does not say. */
    get whyNotSent() {
        if (!this.isUnderRecipientPolicy || !this.isSendButtonDisabled) {
            return "";
        }
        if (this.thread.whyNoRecipients) {
            return this.thread.whyNoRecipients;
        }
        if (this.props.composer.attachments.some(({ uploading }) => uploading)) {
            return _t("Please wait while the file is uploading.");
        }
        return this.state.active ? _t("Write a message first.") : "";
    },

    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        if (!this.isUnderRecipientPolicy) {
            return context;
        }
        const chosen = this.recipientChoices;
        const inLine = (name) => chosen.filter(({ header }) => header === name);
        return {
            ...context,
            default_recipient_choices: inLine("to"),
            default_recipient_cc_choices: inLine("cc"),
            default_recipient_bcc_choices: inLine("bcc"),
        };
    },

    async onClickFullComposer() {
        if (this.isUnderRecipientPolicy) {
            toRaw(this.thread).takeRecipientText();
        }
        return super.onClickFullComposer(...arguments);
    },

    get recipientChoices() {
        return toRaw(this.thread).postedRecipientChoices;
    },

    /** Only recipients that are shown: a composer without the picker addresses nobody. */
    get postData() {
        const postData = super.postData;
        if (this.isUnderRecipientPolicy) {
            postData.recipientChoices = this.recipientChoices;
        }
        return postData;
    },

    /** Also where a key sends: nothing goes out without a recipient. */
    async sendMessage() {
        if (this.isUnderRecipientPolicy) {
            toRaw(this.thread).takeRecipientText();
            if (this.thread.whyNoRecipients) {
                return;
            }
        }
        return super.sendMessage(...arguments);
    },

    /** A refusal leaves the composer usable, with what was written and who is on the card now. */
    async processMessage() {
        try {
            return await super.processMessage(...arguments);
        } catch (error) {
            this.state.active = true;
            if (this.isUnderRecipientPolicy) {
                toRaw(this.thread).fetchThreadData(["suggestedRecipients"]);
            }
            throw error;
        }
    },

    async _sendMessage() {
        const message = await super._sendMessage(...arguments);
        const thread = toRaw(this.props.composer.thread);
        if (this.isUnderRecipientPolicy) {
            thread.recipientChoices = [];
            thread.keepRecipientChoices();
        }
        return message;
    },
});
