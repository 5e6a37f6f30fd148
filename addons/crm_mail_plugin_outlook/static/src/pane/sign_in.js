/** Sign-in in a window of its own, where Odoo's login and page of consent may show themselves. */

import { Refused } from "./api.js";
import { mailboxOf } from "./mail.js";
import { _t } from "./texts.js";

const SIGN_IN = "/mail_plugin/outlook/sign_in";
export const SIGNED_IN = "/mail_plugin/outlook/signed_in";
/** Of the screen, in percent. */
const SIZE = { height: 70, width: 40 };

/**
 * @param {Object} office Microsoft's `Office`
 * @param {string} origin of Odoo, which is the pane's own
 * @returns {Promise<string|null>} the code, null when the user has denied or closed the window
 * @throws {Refused} when there is no window
 */
export function signIn(office, origin) {
    const state = crypto.randomUUID();
    return new Promise((resolve, reject) => {
        const opened = ({ status, value: dialog }) => {
            if (status !== office.AsyncResultStatus.Succeeded) {
                reject(
                    new Refused(
                        _t("The window for signing in did not open. Allow it, and try again.")
                    )
                );
                return;
            }
            dialog.addEventHandler(office.EventType.DialogMessageReceived, (received) => {
                if (received.origin && received.origin !== origin) {
                    return;
                }
                const answer = read(received.message);
                if (answer.state !== state) {
                    return; // Of a sign-in that somebody else has begun.
                }
                dialog.close();
                resolve(answer.auth_code || null);
            });
            dialog.addEventHandler(office.EventType.DialogEventReceived, () => resolve(null));
        };
        const query = new URLSearchParams({ state, mailbox: mailboxOf(office) });
        office.context.ui.displayDialogAsync(`${origin}${SIGN_IN}?${query}`, SIZE, opened);
    });
}

function read(message) {
    try {
        return JSON.parse(message) ?? {};
    } catch {
        return {};
    }
}
