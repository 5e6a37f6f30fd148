/** Whom an e-mail is of: its people, one of them, and their company. */

import { button, el, external } from "./dom.js";
import { linkTo } from "./records.js";
import { logButton } from "./views_records.js";
import { _t } from "./texts.js";

/** Show the people of the e-mail, the sender first, where there is a choice. */
export function peopleView({ mail, known, person }, app) {
    if (!mail || mail.people.length < 2) {
        return null;
    }
    return el(
        "section",
        { className: "people" },
        el("h2", {}, _t("People")),
        el(
            "ul",
            {},
            mail.people.map((one) => {
                const contact = known[one.email.toLowerCase()];
                const isShown = one.email === person.email;
                return el(
                    "li",
                    {},
                    button(contact?.name || one.name, () => app.choose(one), {
                        className: contact ? "person known" : "person",
                        "aria-pressed": String(isShown),
                        title: one.email,
                        "data-key": `person ${one.email}`,
                    })
                );
            })
        )
    );
}

export function contactView(state, app) {
    const { contact, person, session, busy } = state;
    if (contact.error) {
        return el(
            "section",
            { className: "contact" },
            el("h1", {}, person.name),
            el("p", {}, contact.error),
            button(_t("Search"), () => app.openSearch())
        );
    }
    const { partner } = contact;
    const name = partner.name || person.name;
    return el(
        "section",
        { className: "contact" },
        el(
            "div",
            { className: "card" },
            picture(partner.image, name),
            el(
                "div",
                {},
                el("h1", {}, partner.id ? external(linkTo("res.partner", partner.id), name) : name),
                el("p", {}, partner.email || person.email),
                partner.phone && el("p", {}, external(`tel:${partner.phone}`, partner.phone)),
                !partner.id && el("p", { className: "hint" }, _t("Not among your contacts yet"))
            )
        ),
        partner.id
            ? session.log_models.includes("res.partner") &&
                  partner.can_write_on_partner &&
                  logButton(state, app, "res.partner", partner.id)
            : contact.can_create_partner &&
                  button(_t("Add to Contacts"), () => app.addContact(), {
                      disabled: Boolean(busy),
                  }),
        companyView(state, app)
    );
}

function companyView({ contact, busy }, app) {
    const { company, enrichment, partner } = contact;
    const isSame = company && company.id === partner.id;
    if (!company && !enrichment) {
        return null;
    }
    return el(
        "div",
        { className: "company" },
        company &&
            !isSame &&
            el(
                "div",
                { className: "card" },
                picture(company.image, company.name),
                el(
                    "div",
                    {},
                    el("h2", {}, external(linkTo("res.partner", company.id), company.name)),
                    company.city && el("p", {}, company.city),
                    company.phone && el("p", {}, external(`tel:${company.phone}`, company.phone)),
                    company.website && el("p", {}, website(company.website))
                )
            ),
        company && facts(company.facts),
        enrichment &&
            button(price(enrichment.price), () => app.enrich(), {
                disabled: Boolean(busy),
            })
    );
}

/** Say what a look-up costs before it is asked for. */
function price(credits) {
    if (!credits) {
        return _t("Look Up Company Data");
    }
    return credits === 1
        ? _t("Look Up Company Data for 1 Credit")
        : _t("Look Up Company Data for %(credits)s Credits", { credits });
}

function website(address) {
    const href = /^https?:\/\//i.test(address) ? address : `https://${address}`;
    return external(href, address.replace(/^https?:\/\//i, "").replace(/\/$/, ""));
}

function facts(known) {
    const industry = known.sub_industry || known.industry_group || known.industry;
    const rows = [
        [_t("Industry"), industry],
        [_t("Employees"), known.employees],
        [_t("Revenue"), known.estimated_annual_revenue],
        [_t("Founded"), known.founded_year],
        [_t("Type"), known.company_type],
    ].filter(([, value]) => value);
    if (!rows.length && !known.description) {
        return null;
    }
    return el(
        "div",
        {},
        rows.length > 0 &&
            el(
                "dl",
                {},
                rows.map(([label, value]) => [el("dt", {}, label), el("dd", {}, value)])
            ),
        known.description && el("p", { className: "description" }, known.description)
    );
}

/** Show a picture, or the first letters of a name where there is none. */
function picture(image, name) {
    if (image) {
        return el("img", { src: image, alt: "" });
    }
    const letters = name
        .split(/\s+/)
        .slice(0, 2)
        .map((word) => [...word][0] ?? "");
    return el(
        "span",
        { className: "initials", "aria-hidden": "true" },
        letters.join("").toUpperCase()
    );
}
