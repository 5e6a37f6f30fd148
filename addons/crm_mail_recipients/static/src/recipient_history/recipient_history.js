import { Message as MessageComponent } from "@mail/core/common/message";
import { partyText } from "@crm_mail_recipients/recipient_envelope/recipient_envelope";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { Component, useState } from "@odoo/owl";

const FATES = [
    { name: "sent", icon: "fa-check text-success", text: _t("Sent") },
    { name: "opened", icon: "fa-envelope-open-o text-success", text: _t("Opened") },
    { name: "waiting", icon: "fa-clock-o text-muted", text: _t("Waiting to be sent") },
    { name: "bounced", icon: "fa-exclamation-triangle text-danger", text: _t("Bounced") },
    { name: "failed", icon: "fa-times text-danger", text: _t("Not sent") },
];

/**
 * What became of a message at each address: icons with numbers, and one line for each on a click.
 *
 * `envelope` is what the server tells with the message: lists of {name, email, hidden, fate, date,
 * detail}.
 */
export class RecipientHistory extends Component {
    static template = "crm_mail_recipients.RecipientHistory";
    static props = { envelope: Object };

    setup() {
        this.state = useState({ isOpen: false });
    }

    get parties() {
        const { to, cc, bcc, followers, left_out } = this.props.envelope;
        return [to, cc, bcc, followers, left_out].flat().filter((party) => party?.fate);
    }

    get counts() {
        return FATES.map((fate) => {
            const number = this.parties.filter((party) => party.fate === fate.name).length;
            return { ...fate, number };
        }).filter(({ number }) => number);
    }

    get lines() {
        return this.parties.map((party) => {
            const fate = FATES.find(({ name }) => name === party.fate);
            const date = party.date && formatDateTime(deserializeDateTime(party.date));
            const text = date
                ? _t("%(fate)s on %(date)s", { fate: fate.text, date })
                : fate.text.toString();
            const detail = party.detail || party.reason || "";
            return { icon: fate.icon, who: partyText({ ...party, reason: "" }), text, detail };
        });
    }
}

Object.assign(MessageComponent.components, { RecipientHistory });
