import { RecipientEnvelope } from "@crm_mail_recipients/recipient_envelope/recipient_envelope";
import { Message as MessageComponent } from "@mail/core/common/message";
import { Message } from "@mail/core/common/message_model";
import { fields } from "@mail/core/common/record";
import { patch } from "@web/core/utils/patch";

Object.assign(MessageComponent.components, { RecipientEnvelope });

patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        /** Who got it by e-mail, as the server tells it; false: it was not mailed from a card. */
        this.recipientEnvelope = fields.Attr(false);
    },
});
