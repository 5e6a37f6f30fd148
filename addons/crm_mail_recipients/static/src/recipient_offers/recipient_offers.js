import { Chatter } from "@mail/chatter/web_portal/chatter";
import "@mail/chatter/web/chatter_patch";
import { isSame } from "@crm_mail_recipients/recipient_picker/mailboxes";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";

import { Component, useState } from "@odoo/owl";

/**
 * Who asks on a card, and cannot be answered yet: one click puts the address on it.
 *
 * `offers` is what `_recipient_offers` of the server returns; `accept` gets the offer and one of its
 * owners, none where a contact is made or linked.
 */
export class RecipientOffers extends Component {
    static template = "crm_mail_recipients.RecipientOffers";
    static props = { offers: Array, accept: Function };

    setup() {
        this.state = useState({ isBusy: false });
    }

    get buttons() {
        return this.props.offers.flatMap((offer) => {
            const { email, contact, owners } = offer;
            if (!owners.length) {
                const text = contact
                    ? _t("Link %(name)s (%(email)s)", { name: contact, email })
                    : _t("Create contact from %s", email);
                return [{ offer, text }];
            }
            return owners.map((owner) => {
                const text = _t("Register %(email)s on %(name)s", { email, name: owner.name });
                return { offer, owner, text };
            });
        });
    }

    /** Twice would be one time too many. */
    async accept({ offer, owner }) {
        this.state.isBusy = true;
        try {
            await this.props.accept(offer, owner);
        } finally {
            this.state.isBusy = false;
        }
    }
}

Object.assign(Chatter.components, { RecipientOffers });

patch(Chatter.prototype, {
    /** The address is chosen then: who is put on the card is who is to be answered. */
    async acceptRecipientOffer({ email }, owner) {
        const { thread } = this.state;
        if ((await this.props.saveRecord?.()) === false) {
            return;
        }
        await rpc("/crm_mail_recipients/accept", {
            thread_model: thread.model,
            thread_id: thread.id,
            email,
            owner_model: owner?.model,
            owner_id: owner?.id,
        });
        await thread.fetchThreadData(["suggestedRecipients"]);
        const candidates = thread.recipientPolicy?.candidates || [];
        const asked = candidates.find((candidate) => isSame(candidate.email, email));
        if (asked) {
            const chosen = thread.recipientChoices.filter((choice) => !choice.preselected);
            thread.recipientChoices = [...chosen, asked];
        }
        await this.props.record?.load();
    },
});
