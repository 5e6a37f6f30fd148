/** Steps that several tours take. */

import { user } from "@web/core/user";

export const chip = (email) => `.o_recipient_chip[data-email='${email}']`;

export const openComposer = {
    content: "Write a message",
    trigger: "button.o-mail-Chatter-sendMessage:enabled",
    // The first page of a browser takes its time on a busy machine.
    timeout: 60000,
    run: "click",
};

/** A dialog closes once the server has sent. */
export const closed = { content: "The dialog is closed", trigger: "body:not(:has(.modal))" };

export const write = (text) => ({
    content: "Write the text",
    trigger: ".o-mail-Composer-input:enabled",
    run: `edit ${text}`,
});

/** What the program says is said in the language of the user, and is not cut. */
export const said = (trigger, english) => ({
    content: `${trigger} is in the language of the user`,
    trigger,
    run() {
        const text = this.anchor.textContent.trim();
        const isEnglish = user.lang.startsWith("en");
        if (!text || (text === english) !== isEnglish) {
            throw new Error(`It says ${text}`);
        }
        if (this.anchor.getBoundingClientRect().right > window.innerWidth) {
            throw new Error(`It is cut: ${text}`);
        }
    },
});
