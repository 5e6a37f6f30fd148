import { isSame } from "@crm_mail_recipients/recipient_picker/mailboxes";
import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const LINES = [
    ["to", _t("To:")],
    ["cc", _t("Cc:")],
    ["bcc", _t("Bcc:")],
    ["followers", _t("Followers by e-mail:")],
    ["left_out", _t("Left out:")],
    ["refused", _t("Nothing is sent:")],
];

/** Of a line: a card may have thousands of followers. */
const MOST = 20;

/** @returns {string} "Bob <bob@acme.org>", and why where a reason is given */
export function partyText({ name, email, hidden, reason, blacklisted, bounced }) {
    let text = name && email ? `${name} <${email}>` : name || email;
    if (hidden) {
        text = _t("Hidden recipient");
    }
    const marks = [reason, blacklisted && _t("blacklisted"), bounced && _t("bounced")];
    const notes = marks.filter(Boolean).join(", ");
    return notes ? _t("%(who)s (%(reason)s)", { who: text, reason: notes }) : text;
}

function partiesText(parties) {
    const some = parties.slice(0, MOST).map(partyText).join(", ");
    const number = parties.length - MOST;
    return number > 0 ? _t("%(some)s and %(number)s more", { some, number }) : some;
}

/**
 * Who gets a message by e-mail, and who does not: before it is sent and after it.
 *
 * `envelope` is what `_recipient_shown` of the server returns; `chosen` are the choices that a picker
 * shows beside it. Of the only one that is chosen and gets it nothing is told twice.
 */
export class RecipientEnvelope extends Component {
    static template = "crm_mail_recipients.RecipientEnvelope";
    static props = {
        envelope: [Object, { value: false }],
        chosen: { type: Array, optional: true },
    };

    get repeatsChosen() {
        const { chosen, envelope } = this.props;
        const [only, ...others] = LINES.flatMap(([name]) => envelope?.[name] || []);
        return (
            chosen?.length === 1 &&
            only &&
            !others.length &&
            envelope.to?.[0] === only &&
            isSame(only.email, chosen[0].email || "") &&
            !only.blacklisted &&
            !only.bounced
        );
    }

    get lines() {
        if (this.repeatsChosen) {
            return [];
        }
        return LINES.map(([name, title]) => {
            return { name, title, text: partiesText(this.props.envelope?.[name] || []) };
        }).filter(({ text }) => text);
    }
}
