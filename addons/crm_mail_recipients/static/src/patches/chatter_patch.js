import { Chatter } from "@mail/chatter/web_portal/chatter";
import { RecipientPicker } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { patch } from "@web/core/utils/patch";

Object.assign(Chatter.components, { RecipientPicker });

patch(Chatter.prototype, {
    onRecipientsChange(choices) {
        this.state.thread.recipientChoices = choices;
    },
});
