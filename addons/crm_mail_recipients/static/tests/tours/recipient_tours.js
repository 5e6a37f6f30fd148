import {
    chip,
    closed,
    openComposer,
    said,
    write,
} from "@crm_mail_recipients/../tests/tours/recipient_steps";
import { registry } from "@web/core/registry";

const send = {
    content: "Send",
    trigger: ".o-mail-Composer-send:enabled",
    run: "click",
};
const sent = (text) => ({
    content: "The message is on the card",
    trigger: `.o-mail-Message:contains('${text}')`,
});
const openList = {
    content: "See who may be written to",
    trigger: ".o_recipient_input input",
    run: "click",
};
// By its name, as the address has the same letters.
const REGISTER_ON_ACME = ".o_recipient_offers button:contains(' Acme')";
const noStranger = {
    content: "Nobody can be created or searched for",
    trigger:
        "body:not(:has(.o_m2o_dropdown_option_create)):not(:has(.o_m2o_dropdown_option_search_more))",
};

registry.category("web_tour.tours").add("recipient_restricted_lead", {
    steps: () => [
        openComposer,
        { content: "The own address is preselected, alone", trigger: chip("own1@card.test") },
        {
            content: "No other one is",
            trigger: ".o_recipient_picker:not(:has(.o_recipient_chip + .o_recipient_chip))",
        },
        openList,
        { trigger: ".o_recipient_group:contains('This record')" },
        { trigger: ".o_recipient_option:contains('own2@card.test (Private)')" },
        { trigger: ".o_recipient_group:contains('Contacts')" },
        noStranger,
        {
            content: "Take the contact's second address",
            trigger: ".o_recipient_option:contains('contact2@bob.test')",
            run: "click",
        },
        {
            content: "And not the own one",
            trigger: `${chip("own1@card.test")} .o_recipient_remove`,
            run: "click",
        },
        { trigger: chip("contact2@bob.test") },
        write("Dear Bob"),
        send,
        sent("Dear Bob"),
    ],
});

registry.category("web_tour.tours").add("recipient_deal_nobody", {
    steps: () => [
        openComposer,
        {
            content: "The reason is shown",
            trigger: ".o_recipient_error:contains('link a contact or a company first')",
        },
        write("Nobody reads this"),
        {
            content: "Nothing can be sent",
            trigger: ".o-mail-Composer-send:disabled",
        },
    ],
});

registry.category("web_tour.tours").add("recipient_create_contact", {
    steps: () => [
        openComposer,
        { trigger: ".o_recipient_error" },
        said(".o_recipient_offers button", "Create contact from mario@x.test"),
        {
            content: "Who wrote is made a contact",
            trigger: ".o_recipient_offers button:contains('mario@x.test')",
            run: "click",
        },
        { content: "And can be answered", trigger: chip("mario@x.test") },
        {
            content: "The card shows the contact",
            trigger: ".o_field_widget[name='partner_id'] input:value('Mario Rossi')",
        },
        { trigger: "body:not(:has(.o_recipient_offers))" },
        write("Dear Mario"),
        send,
        sent("Dear Mario"),
    ],
});

registry.category("web_tour.tours").add("recipient_register_colleague", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        said(REGISTER_ON_ACME, "Register anna@acme.test on Acme"),
        { content: "Anna, who asked, is put on it", trigger: REGISTER_ON_ACME, run: "click" },
        { content: "She is answered", trigger: chip("anna@acme.test") },
        { trigger: `.o_recipient_picker:not(:has(${chip("contact1@bob.test")}))` },
        write("Dear Anna"),
        send,
        sent("Dear Anna"),
    ],
});

registry.category("web_tour.tours").add("recipient_quote_company", {
    steps: () => [
        {
            content: "Send the quotation",
            trigger: "button[name='action_quotation_send']",
            run: "click",
        },
        {
            content: "The company is preselected",
            trigger: `.modal ${chip("company1@acme.test")}`,
        },
        {
            content: "No free choice of contacts",
            trigger: ".modal:not(:has(.o_field_many2many_tags_email))",
        },
        {
            trigger: ".modal .o_recipient_input input",
            run: "click",
        },
        {
            trigger: ".modal .o_recipient_option:contains('company2@acme.test> (Orders)')",
            run: "click",
        },
        {
            trigger: `.modal ${chip("company1@acme.test")} .o_recipient_remove`,
            run: "click",
        },
        { trigger: `.modal ${chip("company2@acme.test")}` },
        {
            trigger: ".modal button.o_mail_send:enabled:visible",
            run: "click",
        },
        closed,
        sent("quotation"),
    ],
});

registry.category("web_tour.tours").add("recipient_hidden_contact", {
    steps: () => [
        openComposer,
        {
            content: "The contact is only a kind",
            trigger: ".o_recipient_hidden:contains('Hidden contact')",
        },
        { trigger: ".o_recipient_picker:not(:contains('Bob')):not(:contains('bob.test'))" },
        { content: "The company stays usable", trigger: chip("company1@acme.test") },
        write("To the company"),
        send,
        sent("To the company"),
    ],
});

registry.category("web_tour.tours").add("recipient_unknown_address", {
    steps: () => [
        openComposer,
        {
            content: "Type an address nobody knows",
            trigger: ".o_recipient_input input",
            run: "edit supplier@new.test",
        },
        {
            trigger: ".o_recipient_free:contains('supplier@new.test')",
            run: "click",
        },
        { trigger: chip("supplier@new.test") },
        write("Hello supplier"),
        send,
        sent("Hello supplier"),
    ],
});

registry.category("web_tour.tours").add("recipient_blacklisted", {
    steps: () => [
        openComposer,
        {
            content: "The preselected address is marked, in words as well",
            trigger: `${chip("contact1@bob.test")} [role='img'][aria-label^='Blacklisted']`,
        },
        openList,
        { trigger: ".o_recipient_option:contains('contact2@bob.test> – blacklisted')" },
        write("Dear Bob"),
        send,
        sent("Dear Bob"),
    ],
});
