/** The pane as functions of what it knows: state in, elements out. */

import { button, el, external } from "./dom.js";
import { contactView, peopleView } from "./views_contact.js";
import { linkTo, titleOf } from "./records.js";
import { searchView, sectionViews } from "./views_records.js";
import { _t } from "./texts.js";

/**
 * @param {Object} state of the app, with its session
 * @param {import("./app.js").App} app whose methods are the buttons'
 * @returns {HTMLElement}
 */
export function view(state, app) {
    const screens = { loading, outside, sign_in: signInView, empty, mail: mailView };
    const body = state.search ? searchView(state, app) : screens[state.screen](state, app);
    return el(
        "div",
        { className: "pane", "aria-busy": String(Boolean(state.busy)) },
        header(state, app),
        state.session?.is_copy && el("p", { className: "notice" }, copyText()),
        noticeView(state.notice),
        body
    );
}

function copyText() {
    return _t("This is a neutralized copy of a database: what you do here stays in the copy.");
}

function header({ session, search, screen }, app) {
    if (!session || screen === "sign_in") {
        return null;
    }
    return el(
        "header",
        {},
        el("span", { className: "user" }, session.user),
        search
            ? button(_t("Back"), () => app.closeSearch(), { "data-key": "search" })
            : button(_t("Search"), () => app.openSearch(), { "data-key": "search" }),
        button(_t("Disconnect"), () => app.disconnect(), { className: "quiet" })
    );
}

function noticeView(notice) {
    if (!notice) {
        return null;
    }
    const { kind, text, model, id, link } = notice;
    return el(
        "p",
        { className: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" },
        text,
        " ",
        model && external(linkTo(model, id), _t("Open in Odoo")),
        link && external(link, _t("Buy Credits"))
    );
}

function loading() {
    return el("p", { className: "wait" }, _t("Loading…"));
}

/** Somebody has opened the pane's address in a browser, or Microsoft's script is not there. */
function outside({ notice }) {
    const text = _t("This page works in Outlook. Open an e-mail there, and choose Odoo.");
    return notice ? null : el("p", { className: "wait" }, text);
}

function empty({ notice }, app) {
    if (notice) {
        return button(_t("Try Again"), () => app.open());
    }
    return el("p", { className: "wait" }, _t("Open an e-mail to see who its people are in Odoo."));
}

function signInView({ busy }, app) {
    return el(
        "section",
        { className: "welcome" },
        el("h1", {}, _t("Connect Outlook with Odoo")),
        el(
            "p",
            {},
            _t(
                "See who writes to you, with company, opportunities, tasks and tickets, and log " +
                    "e-mails for your colleagues."
            )
        ),
        button(_t("Sign In"), () => app.signIn(), { className: "main", disabled: Boolean(busy) }),
        busy && el("p", { className: "wait" }, _t("Go on in the window that has opened."))
    );
}

function mailView(state, app) {
    const { person, contact, mail } = state;
    if (!person) {
        return el("p", { className: "wait" }, _t("This e-mail names nobody."));
    }
    return [
        peopleView(state, app),
        contactView(state, app),
        loggedView(state),
        contact.partner.id || !contact.error ? sectionViews(state, app) : null,
        mail?.lacksFiles &&
            el(
                "p",
                { className: "hint" },
                _t("This Outlook does not hand over files: e-mails are logged without them.")
            ),
    ].reduce((wrap, part) => (part ? append(wrap, part) : wrap), el("div"));
}

function append(parent, part) {
    parent.append(...(Array.isArray(part) ? part : [part]));
    return parent;
}

function loggedView({ logged }) {
    if (!logged.length) {
        return null;
    }
    return el(
        "section",
        { className: "logged" },
        el("h2", {}, _t("This e-mail is in Odoo")),
        el(
            "ul",
            {},
            logged.map(({ model, id, name }) =>
                el("li", {}, external(linkTo(model, id), name), el("small", {}, titleOf(model)))
            )
        )
    );
}
