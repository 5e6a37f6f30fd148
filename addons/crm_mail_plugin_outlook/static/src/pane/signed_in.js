/** The end of a sign-in: the window hands to the pane what Odoo has added to its address. */

const query = new URLSearchParams(window.location.search);
const message = JSON.stringify({ state: query.get("state"), auth_code: query.get("auth_code") });

window.Office?.onReady().then(() => {
    const { context } = window.Office;
    if (context.requirements.isSetSupported("DialogOrigin", "1.1")) {
        context.ui.messageParent(message, { targetOrigin: window.location.origin });
    } else {
        context.ui.messageParent(message);
    }
});
