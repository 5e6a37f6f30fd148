import { messageActionsRegistry } from "@mail/core/common/message_actions";
// Where the action is made: it must be there first.
import "@mail/core/web/message_actions_patch";
import { patch } from "@web/core/utils/patch";

patch(messageActionsRegistry.get("reply-all"), {
    /**
     * Tell the composer which message is answered: under the policy it proposes all who were on it.
     * Whether the card is under it may not be known yet: a message is shown before.
     */
    onSelected(params) {
        const { message, owner } = params;
        const doAction = (action, options) => {
            const context = { ...action.context, recipient_reply_to: message.id };
            return owner.env.services.action.doAction({ ...action, context }, options);
        };
        const answering = { props: owner.props, env: { services: { action: { doAction } } } };
        return super.onSelected({ ...params, owner: answering });
    },
});
