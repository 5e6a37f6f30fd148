import { addressKey, isSame, readTyped } from "@crm_mail_recipients/recipient_picker/mailboxes";
import { RecipientInput } from "@crm_mail_recipients/recipient_picker/recipient_input";
import {
    offeredAs,
    refusalOf,
    withTyped,
} from "@crm_mail_recipients/recipient_picker/typed_recipients";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

import { Component, useEffect, useRef } from "@odoo/owl";

const GROUPS = [
    ["own", _t("This record")],
    ["contact", _t("Contacts")],
    ["company", _t("Company")],
];
const HIDDEN = {
    contact: _t("Hidden contact"),
    company: _t("Hidden company"),
};
/** The lines of an e-mail in which a recipient can stand. */
const HEADERS = [
    ["to", _t("To")],
    ["cc", _t("Cc")],
    ["bcc", _t("Bcc")],
];
const EMPLOYEES = 8;

/** @returns {string} "Bob <bob@acme.org> (Work)" */
export function recipientText({ name, email, label }) {
    const address = name && name !== email ? `${name} <${email}>` : email;
    return label ? `${address} (${label})` : address;
}

/** @returns {string} the same with what is to be known before one writes there */
export function candidateText(candidate) {
    const { blacklisted, bounced, last_written } = candidate;
    let text = recipientText(candidate);
    text = blacklisted ? _t("%s – blacklisted", text) : text;
    text = bounced ? _t("%s – bounced", text) : text;
    const date = last_written && formatDate(deserializeDateTime(last_written));
    return date ? _t("%(who)s – last written to on %(date)s", { who: text, date }) : text;
}

/** Where a recipient is in a list; those who may not be viewed have no address there. */
function placeOf({ email, partner_id }, value) {
    return value.findIndex(
        (one) => one.email === email && (one.partner_id || false) === (partner_id || false)
    );
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
 * `{ email, partner_id, name, label, preselected, header }`, `preselected` where it was taken from the
 * card, `header` where it stands in another line than To.
 * `onChange` gets a function from the list to the new one, as what is shown may be a click behind.
 * `text` is what is typed and not chosen yet, of which `onText` is told.
 * `refresh` returns the policy as it is now, which is asked for when the list is opened.
 */
export class RecipientPicker extends Component {
    static template = "crm_mail_recipients.RecipientPicker";
    static components = { RecipientInput };
    static props = {
        policy: Object,
        value: Array,
        onChange: Function,
        text: String,
        onText: Function,
        readonly: { type: Boolean, optional: true },
        /** For Cc and Bcc: what is true of the card is said at To. */
        copies: { type: Boolean, optional: true },
        /** For all lines at once: each recipient says in which one it stands. */
        lines: { type: Boolean, optional: true },
        /** Gets the policy as it is once an address was registered. */
        onRegistered: { type: Function, optional: true },
        refresh: { type: Function, optional: true },
        /** What screen readers call it: the line of the e-mail. */
        title: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        useEffect(
            () => this.keepFocus(),
            () => [this.props.value.length]
        );
    }

    get title() {
        return this.props.title || _t("Recipients");
    }

    /** Whoever removes a recipient by keyboard goes on at the next one, or where they are typed. */
    keepFocus() {
        const place = this.removedAt;
        this.removedAt = undefined;
        if (place !== undefined && document.activeElement === document.body) {
            const others = [...this.root.el.querySelectorAll(".o_recipient_remove")];
            const next = others[Math.min(place, others.length - 1)];
            (next || this.root.el.querySelector("input"))?.focus();
        }
    }

    get chips() {
        return this.props.value.map((choice) => {
            const offered = offeredAs(this.props.policy, choice.email);
            const refusal = choice.hidden ? "" : refusalOf(choice, this.props.policy);
            const blacklisted = Boolean(offered?.blacklisted);
            const bounced = Boolean(offered?.bounced);
            const text = choice.hidden ? _t("Hidden recipient") : recipientText(offered || choice);
            const removal = _t("Remove %s", choice.email || text);
            const line = _t("Line of %s", choice.email || text);
            return { ...choice, blacklisted, bounced, refusal, text, removal, line };
        });
    }

    get headers() {
        return HEADERS;
    }

    /** Why those that are red are. */
    get refusals() {
        return [...new Set(this.chips.map(({ refusal }) => refusal).filter(Boolean))];
    }

    /** Nothing to choose from: the reason is shown instead of an input. */
    get error() {
        return !this.props.copies && this.props.policy.error;
    }

    get canChoose() {
        return !this.props.policy.error && !this.props.readonly;
    }

    get hidden() {
        return this.props.copies ? [] : this.props.policy.hidden.map((kind) => HIDDEN[kind]);
    }

    get placeholder() {
        const isMore = this.props.copies || this.props.value.length;
        return isMore ? _t("Add...") : _t("Choose a recipient...");
    }

    get sources() {
        return [{ options: (term) => this.options(term.trim()) }];
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
                    label: candidateText(recipient),
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
            const isNew = (email) => !this.isChosen(email) && !offeredAs(policy, email);
            const employees = await orElse(this.employees(term), []);
            addGroup(
                _t("Employees"),
                employees.filter(({ email }) => isNew(email))
            );
            const { emails, rest } = readTyped(term);
            if (emails.some(isNew) && !rest.length) {
                options.push({
                    label: _t("Write to %s", emails.filter(isNew).join(", ")),
                    cssClass: "o_recipient_free",
                    onSelect: () => this.take(term),
                });
            }
        }
        options.push(...this.registrations(policy, term));
        if (!options.length) {
            options.push({ label: _t("No other registered address") });
        }
        return options;
    }

    /** An address that is on nobody of the card, to be put there by who may edit that one. */
    registrations(policy, term) {
        if (!this.props.onRegistered || !addressKey(term) || offeredAs(policy, term)) {
            return [];
        }
        return (policy.owners || []).map((owner) => ({
            label: _t("Register %(email)s on %(name)s", { email: term, name: owner.name }),
            cssClass: "o_recipient_register",
            onSelect: () => this.register(policy, term, owner),
        }));
    }

    /** Who was put on the card is who is to be written to. */
    async register({ card }, email, owner) {
        const policy = await rpc("/crm_mail_recipients/accept", {
            thread_model: card.model,
            thread_id: card.id,
            email,
            owner_model: owner.model,
            owner_id: owner.id,
        });
        this.props.onRegistered(policy);
        const registered = offeredAs(policy, email);
        if (registered && !this.isChosen(email)) {
            this.add(registered);
        }
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

    take(text) {
        this.props.onChange((value) => withTyped(value, text, this.props.policy));
    }

    /**
     * Who was moved to another line was chosen for it, and is preselected no more; one in doubt
     * stays so, and is renewed with the card.
     */
    move(chip, header) {
        this.props.onChange((value) => {
            const place = placeOf(chip, value);
            const preselected = Boolean(chip.outdated);
            return value.map((choice, at) =>
                at === place ? { ...choice, header, preselected } : choice
            );
        });
    }

    removeLast() {
        this.props.onChange((value) => value.slice(0, -1));
    }

    remove(chip) {
        this.removedAt = placeOf(chip, this.props.value);
        this.props.onChange((value) => {
            const place = placeOf(chip, value);
            return value.filter((_choice, at) => at !== place);
        });
    }
}
