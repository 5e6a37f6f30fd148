import { chip, closed, said } from "@crm_mail_recipients/../tests/tours/recipient_steps";
import { registry } from "@web/core/registry";

const TEXT = ".o-mail-Composer-input:enabled";
const INPUT = ".o_recipient_input input";
const TO = ".modal .o_field_widget[name='recipient_choices']";

const focus = (trigger, options = {}) => ({
    content: `Reach ${trigger}`,
    trigger,
    ...options,
    run() {
        this.anchor.focus();
        if (document.activeElement !== this.anchor || this.anchor.tabIndex < 0) {
            throw new Error("It is not reached by keyboard");
        }
    },
});
const press = (keys, trigger) => ({ content: `Press ${keys}`, trigger, run: `press ${keys}` });
/** Open, choose or take away by Enter. */
const enter = (trigger, options) => [focus(trigger, options), press("Enter", `${trigger}:focus`)];
const typed = (email, where = "") => [
    { content: `Type ${email}`, trigger: `${where} ${INPUT}`, run: `edit ${email}` },
    press("Enter", `${where} ${INPUT}`),
    { trigger: `${where} ${chip(email)}` },
];
registry.category("web_tour.tours").add("recipient_by_keyboard", {
    steps: () => [
        {
            content: "The e-mail of the contact is greyed in the empty field",
            trigger: ".o_field_widget[name='email_from'] input[placeholder='contact1@bob.test']",
            timeout: 60000,
        },
        ...enter("button.o-mail-Chatter-sendMessage:enabled"),
        { trigger: chip("contact1@bob.test") },
        focus(TEXT),
        press("Shift+Tab", `${TEXT}:focus`),
        { content: "Before the text are the recipients", trigger: `${INPUT}:focus` },
        ...typed("contact2@bob.test"),
        press("Backspace", `${INPUT}:focus`),
        { trigger: `.o_recipient_picker:not(:has(${chip("contact2@bob.test")}))` },
        ...typed("company1@acme.test"),
        press("Shift+Tab", `${INPUT}:focus`),
        press("Shift+Tab", `${chip("company1@acme.test")} .o_recipient_remove:focus`),
        {
            content: "Put it into Cc",
            trigger: `${chip("company1@acme.test")} .o_recipient_line:focus`,
            run: "select cc",
        },
        { trigger: ".o_recipient_envelope [data-line='cc']:contains('<company1@acme.test>')" },
        said(".o-mail-Composer .o_recipient_why", "Write a message first."),
        ...enter("button[name='open-full-composer']"),
        { trigger: `.modal [name='recipient_cc_choices'] ${chip("company1@acme.test")}` },
        ...enter(".modal .o_field_widget[name='scheduled_date'] button"),
        ...enter(".modal:has([role='radiogroup']) .modal-footer .btn-primary"),
        { trigger: ".modal button[name='action_schedule_message']:enabled" },
        ...enter(`${TO} ${chip("contact1@bob.test")} .o_recipient_remove`),
        { trigger: `${TO}:not(:has(.o_recipient_chip))` },
        ...enter(`.modal ${chip("company1@acme.test")} .o_recipient_remove`),
        {
            content: "Schedule needs somebody",
            trigger: ".modal .o_recipient_send_disabled:disabled",
        },
        said(".modal .o_recipient_why .o_field_widget", "Choose at least one recipient."),
        ...typed("contact1@bob.test", TO),
        { trigger: ".modal button[name='action_schedule_message']:enabled" },
        ...enter(".modal footer button[special='cancel']"),
        closed,
        // With nothing written it was closed.
        ...enter("button.o-mail-Chatter-sendMessage:enabled"),
        { trigger: `.o-mail-Chatter ${chip("company1@acme.test")}` },
        { content: "Write the text", trigger: TEXT, run: "edit Dear all" },
        press("Control+Enter", TEXT),
        { trigger: ".o-mail-Message [data-line='cc']:contains('<company1@acme.test>')" },
        ...enter(".o-mail-Message .o_recipient_fates"),
        { trigger: ".o-mail-Message .o_recipient_history li:contains('company1@acme.test')" },
    ],
});
