/** Who a card offers, as `_recipient_picker` of the server tells it. */
export function candidate(values) {
    return {
        name: "",
        label: "",
        partner_id: false,
        selected: false,
        blacklisted: false,
        ...values,
    };
}

export const OWN = candidate({ email: "own@card.test", role: "own", label: "Private" });
export const BOB = candidate({
    email: "bob@home.test",
    role: "contact",
    name: "Bob",
    partner_id: 7,
});
export const ACME = candidate({
    ...{ email: "info@acme.test", role: "company", name: "Acme", partner_id: 8 },
});

export function policy(values = {}) {
    return {
        ...{ mode: "registered", error: "", hidden: [], fields: ["partner_id"] },
        ...{ candidates: [OWN, BOB, ACME], offers: [] },
        ...values,
    };
}

/** One party of an envelope, as `_recipient_shown` of the server tells it. */
export function party(values) {
    return { name: "", email: "", hidden: false, ...values };
}

export function envelope(values) {
    return { to: [], cc: [], bcc: [], followers: [], left_out: [], ...values };
}

export const ENVELOPE = ".o_recipient_envelope";
export const PICKER = ".o_recipient_picker";
export const CHIP = ".o_recipient_chip";
export const INPUT = ".o_recipient_input input";
export const OPTION = ".o-autocomplete--dropdown-item";

export function chip(email) {
    return `${CHIP}[data-email='${email}']`;
}
