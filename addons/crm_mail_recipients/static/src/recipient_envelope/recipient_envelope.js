import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const LINES = [
    ["to", _t("To:")],
    ["cc", _t("Cc:")],
    ["bcc", _t("Bcc:")],
    ["followers", _t("Followers by e-mail:")],
    ["left_out", _t("Left out:")],
];

/** @returns {string} "Bob <bob@acme.org>", and why where a reason is given */
function partyText({ name, email, hidden, reason }) {
    let text = name && email ? `${name} <${email}>` : name || email;
    if (hidden) {
        text = _t("Hidden recipient");
    }
    return reason ? _t("%(who)s (%(reason)s)", { who: text, reason }) : text;
}

/**
 * Who gets a message by e-mail, and who does not: before it is sent and after it.
 *
 * `envelope` is what `_recipient_shown` of the server returns.
 */
export class RecipientEnvelope extends Component {
    static template = "crm_mail_recipients.RecipientEnvelope";
    static props = { envelope: [Object, { value: false }] };

    get lines() {
        return LINES.map(([name, title]) => {
            const parties = this.props.envelope?.[name] || [];
            return { name, title, text: parties.map(partyText).join(", ") };
        }).filter(({ text }) => text);
    }
}
