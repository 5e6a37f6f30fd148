import { messageActionsRegistry } from "@mail/core/common/message_actions";
// Where the action is made: it must be there first.
import "@mail/core/web/message_actions_patch";
import { patch } from "@web/core/utils/patch";

patch(messageActionsRegistry.get("reply-all"), {
    /** Tell the composer which message is answered: it proposes all who were on it. */
    onSelected(params) {
        const { message, owner, thread } = params;
        if (!thread?.recipientPolicy) {
            return super.onSelected(...arguments);
        }
        const doAction = (action, options) => {
            const context = { ...action.context, recipient_reply_to: message.id };
            return owner.env.services.action.doAction({ ...action, context }, options);
        };
        const answering = { props: owner.props, env: { services: { action: { doAction } } } };
        return super.onSelected({ ...params, owner: answering });
    },
});
