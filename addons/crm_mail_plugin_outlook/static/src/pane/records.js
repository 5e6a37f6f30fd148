/** The kinds of records that the pane knows, in the order in which it shows them. */

import { _t } from "./texts.js";

/**
 * @typedef {Object} Kind
 * @property {string} model
 * @property {string} section key of its rows in what Odoo tells of a contact
 * @property {string} count key of how many there are
 * @property {string} route that makes one of an e-mail
 * @property {() => string} title
 * @property {() => string} make label of the button
 * @property {(row: Object) => string} detail what tells rows apart
 * @property {boolean} [inProject] whether a project has to be chosen for it
 */

/** @type {Kind[]} */
export const KINDS = [
    {
        model: "crm.lead",
        section: "leads",
        count: "lead_count",
        route: "lead/create",
        title: () => _t("Opportunities"),
        make: () => _t("New Opportunity"),
        detail: (row) => row.revenues_description,
    },
    {
        model: "project.task",
        section: "tasks",
        count: "task_count",
        route: "task/create",
        title: () => _t("Tasks"),
        make: () => _t("New Task"),
        detail: (row) => row.project_name,
        inProject: true,
    },
    {
        model: "helpdesk.ticket",
        section: "tickets",
        count: "ticket_count",
        route: "ticket/create",
        title: () => _t("Tickets"),
        make: () => _t("New Ticket"),
        detail: (row) => row.stage_name,
    },
];

/** Return what rows of a model are called. */
export function titleOf(model) {
    if (model === "res.partner") {
        return _t("Contacts");
    }
    return KINDS.find((kind) => kind.model === model)?.title() ?? model;
}

/** Return where a record opens, in the user's own browser. */
export function linkTo(model, id) {
    return `/mail_plugin/redirect_to_record/${model}?record_id=${id}`;
}
