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

/** Whether two addresses differ in upper and lower case at most. */
export function isSame(one, other) {
    return one.toLowerCase() === other.toLowerCase();
}

/** Tell an error as any other, and go on without what could not be read. */
export async function orElse(promise, fallback) {
    try {
        return await promise;
    } catch (error) {
        Promise.reject(error);
        return fallback;
    }
}

/**
 * The recipients of one e-mail, chosen address by address from what a card offers.
 *
 * `policy` is what `_recipient_picker` of the server returns; `value` is the list of chosen
 * `{ email, partner_id, name, label, preselected }`, `preselected` where it was taken from the card.
 * `onChange` gets a function from the list to the new one, as what is shown may be a click behind.
 * `refresh` returns the policy as it is now, which is asked for when the list is opened.
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
            const offered = this.candidate(this.props.policy, choice.email);
            // What was preselected belongs to the card; what was chosen need not, with any address.
            const free = this.props.policy.mode === "any" && !choice.preselected;
            const allowed = !choice.outdated && (Boolean(offered) || free);
            const blacklisted = Boolean(offered?.blacklisted);
            const title = choice.outdated
                ? _t("The contact is being changed: save the record first.")
                : "";
            const text = recipientText(offered || choice);
            const removal = _t("Remove %s", choice.email);
            return { ...choice, allowed, blacklisted, title, text, removal };
        });
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

    candidate({ candidates }, email) {
        return candidates.find((candidate) => isSame(candidate.email, email));
    }

    isChosen(email) {
        return this.props.value.some((choice) => isSame(choice.email, email));
    }

    async options(term) {
        // What is shown may still be the former one.
        const policy = await orElse(this.props.refresh?.() ?? this.props.policy, this.props.policy);
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
        const free = policy.candidates.filter(
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
        if (policy.mode === "any") {
            const isNew = (email) => !this.isChosen(email) && !this.candidate(policy, email);
            const employees = await orElse(this.employees(term), []);
            addGroup(
                _t("Employees"),
                employees.filter(({ email }) => isNew(email))
            );
            if (isEmail(term) && isNew(term)) {
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
        return users.map(({ partner_id, ...user }) => ({ ...user, partner_id: partner_id[0] }));
    }

    add({ email, partner_id, name, label }) {
        this.props.onChange((value) => [...value, { email, partner_id, name, label }]);
    }

    remove(email) {
        this.props.onChange((value) => value.filter((choice) => choice.email !== email));
    }
}
