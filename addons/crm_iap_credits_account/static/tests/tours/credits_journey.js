import { registry } from "@web/core/registry";

const BUYER = "[name='payer']";
const CHOOSE = ".o_credits_packs .o_credit_pack button[name='pack_id']";

const fill = (name, text) => ({
    content: `Enter ${name}.`,
    trigger: `${BUYER} [name='${name}']`,
    run: `edit ${text}`,
});

/** Words are no part of it: it is walked in English and in Italian. */
registry.category("web_tour.tours").add("credits_bought_by_a_company", {
    steps: () => [
        fill("company", "Officine Rossi S.r.l."),
        fill("vat", "IT12345670018"),
        fill("street", "Via Roma 1"),
        fill("zip", "00184"),
        fill("city", "Roma"),
        {
            content: "Choose Italy.",
            trigger: `${BUYER} select[name='country_id']:has(option[data-code='IT'])`,
            run() {
                const italy = this.anchor.querySelector("option[data-code='IT']");
                this.anchor.value = italy.value;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "Choose the pack.", trigger: CHOOSE, run: "click", expectUnloadPage: true },
        {
            content: "The wrong number is told beside its field, and the rest is still there.",
            trigger: `${BUYER}:has([name='city']:value("Roma")) #credits_problem_vat`,
        },
        {
            content: "A province is asked for, as Italy needs one.",
            trigger: `${BUYER} select[name='state_id']:has(option[data-code='RM'])`,
            run() {
                this.anchor.value = this.anchor.querySelector("option[data-code='RM']").value;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        fill("vat", "IT12345670017"),
        { content: "Choose the pack.", trigger: CHOOSE, run: "click", expectUnloadPage: true },
        {
            content: "The order names the company and the taxes.",
            trigger: ".o_credits_summary:has([name='taxes']):contains('Officine Rossi')",
        },
        {
            content: "Let the payment arrive.",
            trigger: ".o_credits_order[data-state='pay'] #simulated_payment_state",
            run: "select done",
        },
        {
            content: "Enter the card.",
            trigger: ".o_credits_order #customer_input",
            run: "edit 4242 4242 4242 4242",
        },
        {
            content: "Pay.",
            trigger: ".o_credits_order button[name='o_payment_submit_button']:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The credits are there.",
            trigger: ".o_credits_order[data-state='paid']:contains('500')",
            timeout: 60000,
        },
    ],
});

registry.category("web_tour.tours").add("credits_refunded", {
    steps: () => [
        {
            content: "The invoice was made.",
            trigger: ".o_form_view .oe_stat_button[name='action_create_invoice']",
        },
        {
            content: "Refund the order.",
            trigger: ".o_form_view button[name='action_open_refund']",
            run: "click",
        },
        {
            content: "The preview names what goes back, what is taken and the invoice.",
            trigger: ".modal .o_field_widget[name='document']:contains('INV')",
        },
        {
            content: "A part of it.",
            trigger: ".modal .o_field_widget[name='amount'] input",
            run: "edit 40 && press Tab",
        },
        {
            content: "Half of the credits would be taken.",
            trigger: ".modal .o_field_widget[name='taken']:contains('250')",
        },
        {
            content: "Refund.",
            trigger: ".modal footer button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is noted on the order.",
            trigger: ".o_form_view:not(:has(.modal)) .o_field_widget[name='refunded_amount']",
            timeout: 60000,
        },
    ],
});
