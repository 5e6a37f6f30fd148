import { addressKey, isSame, readTyped } from "@crm_mail_recipients/recipient_picker/mailboxes";
import { _t } from "@web/core/l10n/translation";

/** What the server knows of an address that is offered. */
export function offeredAs({ candidates }, email) {
    return candidates.find((candidate) => isSame(candidate.email, email));
}

/**
 * Add what was typed to what is chosen. Nothing is lost: what is no address is added as well, to be
 * shown and refused with its reason.
 *
 * @param {Object[]} value see `RecipientPicker`
 * @param {string} text
 * @param {Object} policy see `RecipientPicker`
 * @returns {Object[]}
 */
export function withTyped(value, text, policy) {
    const choices = [...value];
    const { emails, rest } = readTyped(text);
    for (const typed of [...emails, ...rest]) {
        if (!choices.some((choice) => isSame(choice.email, typed))) {
            const offered = offeredAs(policy, typed);
            const { email, partner_id, name, label } = offered || { email: typed, name: "" };
            choices.push({ email, partner_id: partner_id || false, name, label });
        }
    }
    return choices;
}

/** @returns {string} why a choice will be refused, "" where it is allowed */
export function refusalOf(choice, policy) {
    const { email, preselected, outdated } = choice;
    if (outdated) {
        return _t("The contact is being changed: save the record first.");
    }
    if (offeredAs(policy, email)) {
        return "";
    }
    if (!addressKey(email)) {
        return email
            ? _t("“%s” is not a single, plain e-mail address.", email)
            : _t("This recipient has no valid e-mail address.");
    }
    if (policy.mode !== "any") {
        return _t(
            "%s is not registered on this record or on its linked contacts and companies.",
            email
        );
    }
    // What was preselected belongs to the card; what was chosen need not, with any address.
    return preselected ? _t("The contact of this record has changed: check the recipients.") : "";
}
