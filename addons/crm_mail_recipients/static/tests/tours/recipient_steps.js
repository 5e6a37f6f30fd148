/** Steps that several tours take. */

export const chip = (email) => `.o_recipient_chip[data-email='${email}']`;

export const openComposer = {
    content: "Write a message",
    trigger: "button.o-mail-Chatter-sendMessage:enabled",
    // The first page of a browser takes its time on a busy machine.
    timeout: 60000,
    run: "click",
};

export const write = (text) => ({
    content: "Write the text",
    trigger: ".o-mail-Composer-input:enabled",
    run: `edit ${text}`,
});
