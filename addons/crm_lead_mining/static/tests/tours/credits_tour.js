import { registry } from "@web/core/registry";

const GENERATE = [
    {
        content: "Generate without credits.",
        trigger: ".o_form_view button[name='action_generate']",
        run: "click",
    },
    {
        content: "The request waits, and says for what.",
        trigger: ".o_form_view .alert-warning:contains('credits')",
    },
    {
        content: "Buy credits.",
        trigger: ".o_form_view .alert-warning button[name='action_buy_credits']",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "Choose the pack.",
        trigger: ".o_credits_packs .o_credit_pack:contains('Tour Pack') button[name='pack_id']",
        run: "click",
        expectUnloadPage: true,
    },
];

/** Pay with the demo provider, which lets the payer say what becomes of the payment. */
const pay = (outcome) => [
    {
        content: `Let the payment become ${outcome}.`,
        trigger: ".o_credits_order[data-state='pay'] #simulated_payment_state",
        run: `select ${outcome}`,
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
];

const DONE = [
    {
        content: "The credits are there.",
        trigger: ".o_credits_order[data-state='paid']:contains('credits were added')",
    },
    {
        content: "Go back to the request.",
        trigger: ".o_credits_return",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "It has run on by itself.",
        trigger: ".o_form_view .o_arrow_button_current:contains('Done')",
        timeout: 60000,
    },
];

registry.category("web_tour.tours").add("buy_credits_tour", {
    steps: () => [...GENERATE, ...pay("done"), ...DONE],
});

registry.category("web_tour.tours").add("buy_credits_failed_tour", {
    steps: () => [
        ...GENERATE,
        ...pay("error"),
        {
            content: "The failure is told.",
            trigger: ".o_credits_order[data-state='pay'] [name='payment_failed']",
        },
        ...pay("done"),
        ...DONE,
    ],
});

registry.category("web_tour.tours").add("buy_credits_pending_tour", {
    steps: () => [
        ...GENERATE,
        ...pay("pending"),
        {
            content: "The payment's status page tells that it is on its way, and can be left.",
            trigger: "[name='o_payment_status'] a:contains('Skip')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The order is kept.",
            trigger: ".o_credits_order[data-state='pending'] [name='pending']",
        },
        {
            content: "Go back to the request.",
            trigger: ".o_credits_return",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It waits.",
            trigger: ".o_form_view .alert-warning button[name='action_buy_credits']",
        },
    ],
});
