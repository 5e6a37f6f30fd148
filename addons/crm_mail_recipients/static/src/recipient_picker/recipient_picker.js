import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { isEmail } from "@web/core/utils/strings";

import { Component } from "@odoo/owl";

const GROUPS = [
    ["own", _t("This record")],
    ["contact", _t("Contacts")],
    ["company", _t("Company")],
];
const HIDDEN = {
    contact: _t("Hidden contact"),
    company: _t("Hidden company"),
};
const EMPLOYEES = 8;

/** @returns {string} "Bob <bob@acme.org> (Work)" */
export function recipientText({ name, email, label }) {
    const address = name && name !== email ? `${name} <${email}>` : email;
    return label ? `${address} (${label})` : address;
}

/**
 * The recipients of one e-mail, chosen address by address from what a card offers.
 *
 * `policy` is what `_recipient_picker` of the server returns; `value` is the list of chosen
 * `{ email, partner_id, name, label, preselected }`, `preselected` where it was taken from the card.
 * `onChange` gets a function from the list to the new one, as what is shown may be a click behind.
 */
export class RecipientPicker extends Component {
    static template = "crm_mail_recipients.RecipientPicker";
    static components = { AutoComplete };
    static props = {
        policy: Object,
        value: Array,
        onChange: Function,
        readonly: { type: Boolean, optional: true },
        refresh: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
    }

    get chips() {
        return this.props.value.map((choice) => {
            const offered = this.candidate(choice.email);
            // What was preselected belongs to the card; what was chosen need not, with any address.
            const free = this.isAnyAddress && !choice.preselected;
            const allowed = !choice.outdated && (Boolean(offered) || free);
            const blacklisted = Boolean(offered?.blacklisted);
            const title = choice.outdated
                ? _t("The contact is being changed: save the record first.")
                : "";
            const text = recipientText(offered || choice);
            return { ...choice, allowed, blacklisted, title, text };
        });
    }

    get isAnyAddress() {
        return this.props.policy.mode === "any";
    }

    /** Nothing to choose from: the reason is shown instead of an input. */
    get error() {
        return this.props.policy.error;
    }

    get hidden() {
        return this.props.policy.hidden.map((kind) => HIDDEN[kind]);
    }

    get placeholder() {
        return this.props.value.length ? _t("Add...") : _t("Choose a recipient...");
    }

    get sources() {
        return [{ options: (term) => this.options(term.trim()) }];
    }

    candidate(email) {
        return this.props.policy.candidates.find((candidate) => candidate.email === email);
    }

    isChosen(email) {
        return this.props.value.some((choice) => choice.email === email);
    }

    async options(term) {
        await this.props.refresh?.();
        const options = [];
        const addGroup = (title, recipients) => {
            if (recipients.length) {
                options.push({ label: title, cssClass: "o_recipient_group fw-bold" });
            }
            for (const recipient of recipients) {
                options.push({
                    label: recipient.blacklisted
                        ? _t("%s – blacklisted", recipientText(recipient))
                        : recipientText(recipient),
                    cssClass: "o_recipient_option",
                    onSelect: () => this.add(recipient),
                });
            }
        };
        const free = this.props.policy.candidates.filter(
            (candidate) =>
                !this.isChosen(candidate.email) &&
                recipientText(candidate).toLowerCase().includes(term.toLowerCase())
        );
        for (const [role, title] of GROUPS) {
            addGroup(
                title,
                free.filter((candidate) => candidate.role === role)
            );
        }
        if (this.isAnyAddress) {
            addGroup(_t("Employees"), await this.employees(term));
            if (isEmail(term) && !this.isChosen(term)) {
                options.push({
                    label: _t("Write to %s", term),
                    cssClass: "o_recipient_free",
                    onSelect: () => this.add({ email: term, partner_id: false, name: "" }),
                });
            }
        }
        if (!options.length) {
            options.push({ label: _t("No other registered address") });
        }
        return options;
    }

    async employees(term) {
        const users = await this.orm.searchRead(
            "res.users",
            [
                ["share", "=", false],
                ["email", "!=", false],
                "|",
                ["name", "ilike", term],
                ["email", "ilike", term],
            ],
            ["name", "email", "partner_id"],
            { limit: EMPLOYEES }
        );
        return users
            .filter((user) => !this.isChosen(user.email))
            .map(({ name, email, partner_id }) => ({ name, email, partner_id: partner_id[0] }));
    }

    add({ email, partner_id, name, label }) {
        this.props.onChange((value) => [...value, { email, partner_id, name, label }]);
    }

    remove(email) {
        this.props.onChange((value) => value.filter((choice) => choice.email !== email));
    }
}
