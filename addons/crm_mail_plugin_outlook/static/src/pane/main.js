/** Where the pane begins, once Outlook is ready. */

import { Api } from "./api.js";
import { App } from "./app.js";
import { mailboxOf } from "./mail.js";

function storage() {
    try {
        return window.localStorage;
    } catch {
        return null;
    }
}

async function main() {
    const root = document.getElementById("pane");
    const office = window.Office;
    await office?.onReady();
    const ask = (url, options) => window.fetch(url, options);
    const api = new Api(storage(), ask, office ? mailboxOf(office) : "");
    await new App(root, office, api).start();
}

main();
