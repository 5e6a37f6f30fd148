import { Store } from "@mail/core/common/store_service";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    /** Post the chosen addresses as they are, where stock posts addresses to be looked up. */
    async getMessagePostParams({ postData, thread }) {
        const params = await super.getMessagePostParams(...arguments);
        if (thread.recipientPolicy && !postData.isNote) {
            delete params.post_data.partner_emails;
            if (postData.recipientChoices) {
                params.post_data.recipient_choices = postData.recipientChoices;
            }
        }
        return params;
    },
});
