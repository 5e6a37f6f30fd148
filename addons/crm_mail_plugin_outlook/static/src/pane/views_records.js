/** Records: those of a person, and those that were searched for. */

import { button, el, external } from "./dom.js";
import { linkTo, titleOf } from "./records.js";
import { _t } from "./texts.js";

/** Show each kind of record that Odoo tells of: one that it does not tell of, the user has not. */
export function sectionViews(state, app) {
    const { contact, busy, mail, projects } = state;
    return app
        .kinds()
        .filter((kind) => kind.section in contact)
        .map((kind) =>
            el(
                "section",
                {},
                el(
                    "div",
                    { className: "title" },
                    el("h2", {}, `${kind.title()} (${contact[kind.count]})`),
                    mail &&
                        button(kind.make(), () => app.make(kind), {
                            disabled: Boolean(busy),
                            "data-key": `make ${kind.model}`,
                        })
                ),
                kind.inProject && projects && projectView(state, app, kind),
                rows(state, app, kind.model, contact[kind.section], kind.detail)
            )
        );
}

function rows(state, app, model, found, detail = () => "") {
    return el(
        "ul",
        { className: "rows" },
        found.map((row) =>
            el(
                "li",
                {},
                el(
                    "div",
                    {},
                    external(linkTo(model, row.id), row.name || _t("Without a name")),
                    detail(row) && el("small", {}, detail(row))
                ),
                model === "res.partner" &&
                    button(_t("Choose"), () => app.choose({ ...row, email: row.email || "" })),
                model !== "res.partner" && logButton(state, app, model, row.id)
            )
        )
    );
}

/** Offer to log the e-mail on a record, or say that it is there. */
export function logButton({ mail, logged, session, busy }, app, model, id) {
    if (!mail || !session.log_models.includes(model)) {
        return null;
    }
    if (logged.some((record) => record.model === model && record.id === id)) {
        return el("span", { className: "done" }, _t("Logged"));
    }
    const key = `log ${model} ${id}`;
    const label = busy === key ? _t("Logging…") : _t("Log E-mail");
    return button(label, () => app.log(model, id), { disabled: Boolean(busy), "data-key": key });
}

// === PROJECTS === //

function projectView({ contact, projects, busy }, app, kind) {
    const field = el("input", {
        type: "search",
        value: projects.term,
        "aria-label": _t("Project"),
        placeholder: _t("Project"),
        "data-key": "project",
    });
    const submit = (submitted) => {
        submitted.preventDefault();
        app.searchProjects(field.value.trim());
    };
    return el(
        "form",
        { className: "projects", onsubmit: submit },
        el("p", {}, _t("In which project?")),
        el(
            "div",
            { className: "fields" },
            field,
            el("button", { type: "submit", disabled: Boolean(busy) }, _t("Search"))
        ),
        el(
            "ul",
            {},
            projects.rows.map((project) =>
                el(
                    "li",
                    {},
                    button(
                        [project.name, project.partner_name].filter(Boolean).join(" · "),
                        () => app.make(kind, project),
                        { className: "person", disabled: Boolean(busy) }
                    )
                )
            )
        ),
        !projects.rows.length && el("p", { className: "hint" }, _t("No project has this name.")),
        contact.can_create_project &&
            projects.term &&
            !projects.rows.length &&
            button(_t("Create Project"), () => app.makeProject(projects.term)),
        button(_t("Cancel"), () => app.closeProjects(), { className: "quiet" })
    );
}

// === SEARCH === //

export function searchView(state, app) {
    const { search, session, busy } = state;
    const models = session.models.filter((model) => model !== "project.project");
    const choice = el(
        "select",
        { "aria-label": _t("Search in") },
        models.map((model) =>
            el("option", { value: model, selected: model === search.model }, titleOf(model))
        )
    );
    const field = el("input", {
        type: "search",
        value: search.term,
        "aria-label": _t("Search for"),
        placeholder: _t("Name or e-mail address"),
        "data-key": "term",
    });
    const submit = (submitted) => {
        submitted.preventDefault();
        app.search(choice.value, field.value);
    };
    return el(
        "section",
        { className: "search" },
        el(
            "form",
            { onsubmit: submit },
            choice,
            el(
                "div",
                { className: "fields" },
                field,
                el(
                    "button",
                    { type: "submit", className: "main", disabled: Boolean(busy) },
                    _t("Search")
                )
            )
        ),
        search.rows && found(state, app)
    );
}

function found(state, app) {
    const { model, rows: shown, total } = state.search;
    if (!shown.length) {
        return el("p", { className: "wait" }, _t("Nothing was found."));
    }
    const kind = app.kinds().find((one) => one.model === model);
    const detail = kind?.detail ?? ((row) => row.parent_name || row.email);
    return [
        rows(state, app, model, shown, detail),
        total > shown.length &&
            el(
                "p",
                { className: "hint" },
                _t("%(total)s in all. Type more of the name.", { total })
            ),
    ];
}
