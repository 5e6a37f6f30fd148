import {
    chip,
    closed,
    openComposer,
    said,
} from "@crm_mail_recipients/../tests/tours/recipient_steps";
import { registry } from "@web/core/registry";

const line = (name) => `.o_field_widget[name='${name}']`;
const choose = (name, email) => [
    {
        content: `Open the list of ${name}`,
        trigger: `.modal ${line(name)} .o_recipient_input input`,
        run: "click",
    },
    {
        content: `Choose ${email}`,
        trigger: `.modal ${line(name)} .o_recipient_option:contains('${email}')`,
        run: "click",
    },
    { trigger: `.modal ${line(name)} ${chip(email)}` },
];
const told = (name, text) => ({
    content: `The line ${name} says ${text}`,
    trigger: `.o_recipient_envelope [data-line='${name}']:contains('${text}')`,
});

// By its name, as the address has the same letters.
const REGISTER_ON_ACME = ".o_recipient_register:contains(' Acme')";

registry.category("web_tour.tours").add("recipient_copies", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        {
            content: "Open the full composer",
            trigger: "button[name='open-full-composer']",
            run: "click",
        },
        { trigger: `.modal ${line("recipient_choices")} ${chip("contact1@bob.test")}` },
        ...choose("recipient_cc_choices", "company1@acme.test"),
        ...choose("recipient_bcc_choices", "contact2@bob.test"),
        told("to", "Bob <contact1@bob.test>"),
        told("cc", "Acme <company1@acme.test>"),
        told("bcc", "Bob <contact2@bob.test>"),
        {
            content: "Write the text",
            trigger: ".modal .odoo-editor-editable",
            run: "editor Dear all",
        },
        { trigger: ".modal button.o_mail_send:enabled:visible", run: "click" },
        closed,
        { trigger: ".o-mail-Message:contains('Dear all')" },
        { trigger: ".o-mail-Message [data-line='cc']:contains('Acme <company1@acme.test>')" },
        { trigger: ".o-mail-Message [data-line='bcc']:contains('Bob <contact2@bob.test>')" },
    ],
});

const chooseInline = (email, header) => [
    { content: "Open the list", trigger: ".o_recipient_input input", run: "click" },
    {
        content: `Choose ${email}`,
        trigger: `.o_recipient_option:contains('${email}')`,
        run: "click",
    },
    {
        content: `Put ${email} into ${header}`,
        trigger: `${chip(email)} select.o_recipient_line`,
        run: `select ${header}`,
    },
];

registry.category("web_tour.tours").add("recipient_copies_inline", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        ...chooseInline("company1@acme.test", "cc"),
        ...chooseInline("contact2@bob.test", "bcc"),
        told("to", "Bob <contact1@bob.test>"),
        told("cc", "Acme <company1@acme.test>"),
        told("bcc", "Bob <contact2@bob.test>"),
        {
            content: "The lines fit on the screen, and are reached by Tab",
            trigger: chip("contact2@bob.test"),
            run() {
                for (const one of document.querySelectorAll(".o_recipient_line")) {
                    if (one.getBoundingClientRect().right > window.innerWidth || one.tabIndex < 0) {
                        throw new Error("A line cannot be chosen");
                    }
                }
            },
        },
        {
            content: "Write the text",
            trigger: ".o-mail-Composer-input:enabled",
            run: "edit Dear all",
        },
        { trigger: ".o-mail-Composer-send:enabled", run: "click" },
        { trigger: ".o-mail-Message [data-line='cc']:contains('Acme <company1@acme.test>')" },
        { trigger: ".o-mail-Message [data-line='bcc']:contains('Bob <contact2@bob.test>')" },
    ],
});

registry.category("web_tour.tours").add("recipient_edit_scheduled", {
    steps: () => [
        {
            content: "Edit what is sent later",
            trigger: ".o-mail-Scheduled-Message-buttons span:has(.fa-pencil)",
            timeout: 60000,
            run: "click",
        },
        { trigger: `.modal ${line("recipient_choices")} ${chip("contact1@bob.test")}` },
        { trigger: `.modal ${line("recipient_bcc_choices")} ${chip("company1@acme.test")}` },
        told("bcc", "Acme <company1@acme.test>"),
        {
            content: "Take somebody out of Bcc",
            trigger: `.modal ${line("recipient_bcc_choices")} .o_recipient_remove`,
            run: "click",
        },
        { trigger: `.modal ${line("recipient_bcc_choices")}:not(:has(.o_recipient_chip))` },
        ...choose("recipient_cc_choices", "company1@acme.test"),
        told("cc", "Acme <company1@acme.test>"),
        { trigger: ".modal footer button[special='save']", run: "click" },
        closed,
        {
            content: "Send it",
            trigger: ".o-mail-Scheduled-Message-buttons span:has(.fa-send)",
            run: "click",
        },
        { trigger: ".o-mail-Message [data-line='cc']:contains('Acme <company1@acme.test>')" },
    ],
});

registry.category("web_tour.tours").add("recipient_register_typed", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        {
            content: "Type an address that is on nobody",
            trigger: ".o_recipient_input input",
            run: "edit anna@acme.test",
        },
        said(REGISTER_ON_ACME, "Register anna@acme.test on Acme"),
        { content: "Put it on the company", trigger: REGISTER_ON_ACME, run: "click" },
        { trigger: chip("anna@acme.test") },
        {
            content: "Write the text",
            trigger: ".o-mail-Composer-input:enabled",
            run: "edit Dear Anna",
        },
        { trigger: ".o-mail-Composer-send:enabled", run: "click" },
        { trigger: ".o-mail-Message:contains('Dear Anna')" },
    ],
});
