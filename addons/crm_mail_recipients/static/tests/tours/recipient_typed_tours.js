import {
    chip,
    closed,
    openComposer,
    said,
    write,
} from "@crm_mail_recipients/../tests/tours/recipient_steps";
import { registry } from "@web/core/registry";

const PICKER = ".o_recipient_picker";
const INPUT = ".o_recipient_input input";
const type = (text, where = "") => ({
    content: "Type a recipient, and leave it at that",
    trigger: `${where} ${INPUT}`,
    run: `edit ${text}`,
});
const paste = (text) => ({
    content: "Paste a list",
    trigger: INPUT,
    run() {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        const options = { clipboardData, bubbles: true, cancelable: true };
        this.anchor.focus();
        this.anchor.dispatchEvent(new ClipboardEvent("paste", options));
    },
});
const send = { content: "Send", trigger: ".o-mail-Composer-send:enabled", run: "click" };
const sent = (text) => ({
    content: "The message is on the card",
    trigger: `.o-mail-Message:contains('${text}')`,
});
const sendModal = [
    { content: "Send", trigger: ".modal button.o_mail_send:enabled:visible", run: "click" },
    closed,
];

registry.category("web_tour.tours").add("recipient_typed_and_sent", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        write("Dear both"),
        type("supplier@new.test"),
        send,
        sent("Dear both"),
    ],
});

registry.category("web_tour.tours").add("recipient_typed_and_refused", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        write("Dear stranger"),
        type("Out Sider"),
        send,
        {
            content: "The user is told why",
            trigger: ".modal:contains('“Out Sider” is not a single, plain e-mail address.')",
        },
        { trigger: ".modal .modal-footer button", run: "click" },
        { content: "What was typed is there", trigger: `${chip("Out Sider")}.text-bg-danger` },
        { trigger: ".o_recipient_refusal[role='alert']:contains('Out Sider')" },
        { content: "And the text", trigger: ".o-mail-Composer-input:value('Dear stranger')" },
        { trigger: `${chip("Out Sider")} .o_recipient_remove`, run: "click" },
        send,
        sent("Dear stranger"),
    ],
});

registry.category("web_tour.tours").add("recipient_pasted", {
    steps: () => [
        openComposer,
        { trigger: chip("contact1@bob.test") },
        paste("Anna\tanna@x.test\nNew, Nora <nora@x.test>; contact2@bob.test"),
        { trigger: chip("anna@x.test") },
        { trigger: chip("nora@x.test") },
        { trigger: chip("contact2@bob.test") },
        said(".o-mail-Composer .o_recipient_why", "Write a message first."),
        {
            content: "The list covers nobody",
            trigger: INPUT,
            async run({ click }) {
                await click();
            },
        },
        {
            trigger: `${PICKER} .o-autocomplete--dropdown-menu`,
            run() {
                const list = this.anchor.getBoundingClientRect();
                for (const one of document.querySelectorAll(".o_recipient_chip")) {
                    const { top, bottom } = one.getBoundingClientRect();
                    if (top < list.bottom && bottom > list.top) {
                        throw new Error(`The list covers ${one.textContent}`);
                    }
                }
                if (list.right > window.innerWidth || list.left < 0) {
                    throw new Error("The list does not fit on the screen");
                }
            },
        },
        { content: "Take the last one away", trigger: INPUT, run: "press Backspace" },
        { trigger: `${PICKER}:not(:has(${chip("contact2@bob.test")}))` },
        write("Dear all"),
        send,
        sent("Dear all"),
    ],
});

registry.category("web_tour.tours").add("recipient_reason", {
    steps: () => [
        openComposer,
        {
            content: "There is somebody, and no text",
            trigger: ".o_recipient_why[role='status']:contains('Write a message first.')",
        },
        write("Dear Bob"),
        { trigger: ".o-mail-Composer:not(:has(.o_recipient_why))" },
        { trigger: `${chip("contact1@bob.test")} .o_recipient_remove`, run: "click" },
        {
            content: "There is a text, and nobody",
            trigger: ".o_recipient_why:contains('Choose at least one recipient.')",
        },
        {
            content: "The button is described by it",
            trigger: ".o_recipient_why",
            run() {
                const button = document.querySelector(".o-mail-Composer-send");
                const isDescribed = button.getAttribute("aria-describedby") === this.anchor.id;
                if (!isDescribed || button.title !== this.anchor.textContent || !button.disabled) {
                    throw new Error("The button is not described by its reason");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("recipient_email_button", {
    steps: () => [
        openComposer,
        write("Begun in the chatter"),
        {
            content: "The first button is E-mail",
            trigger:
                ".o-mail-Chatter-topbar button:first-child.o_recipient_email:contains('E-mail')",
            run: "click",
        },
        { content: "The full composer opens", trigger: `.modal ${chip("contact1@bob.test")}` },
        { trigger: ".modal .o_field_html:contains('Begun in the chatter')" },
        {
            content: "Where nothing is told of who gets it no line is left empty",
            trigger: ".modal .o_inner_group:has([name='subject'])",
            run() {
                const envelope = this.anchor.querySelector(".o_field_recipient_envelope");
                const isEmpty = envelope && !envelope.querySelector(".o_recipient_envelope");
                if (isEmpty && envelope.offsetParent) {
                    throw new Error("There is an empty line above the subject");
                }
            },
        },
        type("contact2@bob.test", ".modal"),
        ...sendModal,
        sent("Begun in the chatter"),
    ],
});

registry.category("web_tour.tours").add("recipient_email_button_off", {
    steps: () => [
        {
            trigger:
                ".o-mail-Chatter-topbar button:first-child.o-mail-Chatter-sendMessage.btn-primary",
            timeout: 60000,
        },
        { trigger: ".o-mail-Chatter-topbar:not(:has(.o_recipient_email))" },
    ],
});

registry.category("web_tour.tours").add("recipient_reply_all", {
    steps: () => [
        {
            content: "Answer all who were on the mail",
            trigger: ".o-mail-Message:contains('asker@x.test')",
            timeout: 60000,
            run: "hover && click .o-mail-Message:contains('asker@x.test') [title='Reply All']",
        },
        { trigger: `.modal ${chip("asker@x.test")}` },
        { trigger: `.modal ${chip("copied@x.test")}` },
        { trigger: `.modal ${PICKER}:not(:has(${chip("office@house.test")}))` },
        ...sendModal,
    ],
});

registry.category("web_tour.tours").add("recipient_searched", {
    steps: () => [
        {
            content: "Both deals are there",
            trigger: ".o_kanban_view:has(.o_kanban_record:contains('Bob buys'))",
            timeout: 60000,
        },
        { trigger: ".o_kanban_record:contains('Another one')" },
        {
            content: "Search by the second address of the contact",
            trigger: ".o_searchview_input",
            run: "edit contact2@bob.test",
        },
        { trigger: ".o_searchview_autocomplete" },
        { trigger: ".o_searchview_input", run: "press Enter" },
        { trigger: ".o_searchview_facet:contains('contact2@bob.test')" },
        { trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains('Another one')))" },
        { trigger: ".o_kanban_record:contains('Bob buys')" },
    ],
});
