import { Composer } from "@mail/core/common/composer";
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
            (this.isUnderRecipientPolicy && !this.thread.recipientChoices.length)
        );
    },

    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        if (!this.isUnderRecipientPolicy) {
            return context;
        }
        const choices = toRaw(this.thread).recipientChoices.map(({ email, partner_id }) => ({
            email,
            partner_id: partner_id || false,
        }));
        return { ...context, default_recipient_choices: choices };
    },

    /** Also where a key sends: nothing goes out without a recipient. */
    async sendMessage() {
        if (this.isUnderRecipientPolicy && !this.thread.recipientChoices.length) {
            return;
        }
        return super.sendMessage(...arguments);
    },

    /** A refusal leaves the composer usable, with what was written. */
    async processMessage() {
        try {
            return await super.processMessage(...arguments);
        } catch (error) {
            this.state.active = true;
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
