import { Chatter } from "@mail/chatter/web_portal/chatter";
// Whose `toggleComposer` is called: it must be there first.
import "@mail/chatter/web/chatter_patch";
import { Composer } from "@mail/core/common/composer";
import { patch } from "@web/core/utils/patch";

import { useEffect, useState } from "@odoo/owl";

patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.state.opensFullComposer = false;
    },

    /** Write an e-mail: what was begun in the chatter goes along, and comes back if it is closed. */
    onClickRecipientEmail() {
        this.state.opensFullComposer = true;
        this.toggleComposer("message", { force: true });
    },
});

patch(Composer.prototype, {
    setup() {
        super.setup(...arguments);
        if (!this.env.inChatter) {
            return;
        }
        const chatter = useState(this.env.inChatter);
        useEffect(
            (isAsked) => {
                if (isAsked) {
                    chatter.opensFullComposer = false;
                    this.onClickFullComposer();
                }
            },
            () => [chatter.opensFullComposer && this.props.type === "message"]
        );
    },
});
