import {
    chip,
    closed,
    openComposer,
    write,
} from "@crm_mail_recipients/../tests/tours/recipient_steps";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const sending = [
    { content: "Send", trigger: ".o-mail-Composer-send:enabled", run: "click" },
    { content: "The message is on the card", trigger: ".o-mail-Message:contains('Dear contact')" },
];
const action = (name) => ({
    content: `${name} of the message`,
    trigger: ".o-mail-Message:contains('Please look')",
    run: `hover && click .o-mail-Message:contains('Please look') [title='${name}']`,
});
const expand = [
    action("Expand"),
    { content: "Forward", trigger: ".o-dropdown-item:contains('Forward')", run: "click" },
];
const nobodyPreselected = {
    content: "No customer is preselected",
    trigger: ".modal .o_recipient_picker:not(:has(.o_recipient_chip))",
};
const sendModal = [
    { content: "Send", trigger: ".modal button.o_mail_send:enabled:visible", run: "click" },
    closed,
];

registry.category("web_tour.tours").add("recipient_contact_changed", {
    steps: () => [
        openComposer,
        { content: "The contact is preselected", trigger: chip("contact1@bob.test") },
        write("Dear contact"),
        {
            content: "Change the contact",
            trigger: ".o_field_widget[name='partner_id'] input",
            run: "edit Eve New",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains('Eve New')", run: "click" },
        {
            content: "The former contact is in doubt",
            trigger: `${chip("contact1@bob.test")}.text-bg-danger`,
        },
        { content: "And is not written to", trigger: ".o-mail-Composer-send:disabled" },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "The new contact is preselected", trigger: chip("eve@new.test") },
        {
            content: "Alone",
            trigger: `.o_recipient_picker:not(:has(${chip("contact1@bob.test")}))`,
        },
        ...sending,
    ],
});

registry.category("web_tour.tours").add("recipient_contact_changed_elsewhere", {
    steps: () => [
        openComposer,
        { content: "The contact is preselected", trigger: chip("contact1@bob.test") },
        write("Dear contact"),
        {
            content: "A colleague changes the contact",
            trigger: ".o-mail-Composer-input",
            async run() {
                const id = Number(window.location.pathname.split("/").at(-1));
                const call = (model, method, args) =>
                    rpc(`/web/dataset/call_kw/${model}/${method}`, {
                        model,
                        method,
                        args,
                        kwargs: {},
                    });
                const [eve] = await call("res.partner", "search", [[["name", "=", "Eve New"]]]);
                await call("crm.lead", "write", [[id], { partner_id: eve }]);
            },
        },
        { content: "Send", trigger: ".o-mail-Composer-send:enabled", run: "click" },
        {
            content: "The user is told",
            trigger: ".modal:contains('has changed: check the recipients')",
        },
        { trigger: ".modal .modal-footer button", run: "click" },
        { content: "The new contact is preselected", trigger: chip("eve@new.test") },
        ...sending,
    ],
});

registry.category("web_tour.tours").add("recipient_forward", {
    steps: () => [
        ...expand,
        nobodyPreselected,
        { content: "Nothing can be sent yet", trigger: ".modal .o_recipient_send_disabled" },
        { trigger: ".modal .o_recipient_input input", run: "click" },
        {
            content: "Choose somebody",
            trigger: ".modal .o_recipient_option:contains('company1@acme.test')",
            run: "click",
        },
        ...sendModal,
    ],
});

registry.category("web_tour.tours").add("recipient_reply_colleague", {
    steps: () => [
        action("Reply All"),
        nobodyPreselected,
        {
            content: "The colleague is",
            trigger: ".modal .o_recipient_colleagues:contains('Colin')",
        },
        ...sendModal,
    ],
});
