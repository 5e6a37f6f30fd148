/** Where the pane begins, once Outlook is ready. */

import { Api } from "./api.js";
import { App } from "./app.js";
import { mailboxOf } from "./mail.js";

const READY_MILLISECONDS = 20_000;

function storage() {
    try {
        return window.localStorage;
    } catch {
        return null;
    }
}

/** Wait for Outlook; elsewhere Microsoft's script may never be ready. */
function ready(office) {
    const late = new Promise((resolve) => setTimeout(resolve, READY_MILLISECONDS));
    return Promise.race([office.onReady(), late]);
}

async function main() {
    const root = document.getElementById("pane");
    const office = window.Office;
    if (office) {
        await ready(office);
    }
    const ask = (url, options) => window.fetch(url, options);
    const api = new Api(storage(), ask, office ? mailboxOf(office) : "");
    await new App(root, office, api).start();
}

main();
