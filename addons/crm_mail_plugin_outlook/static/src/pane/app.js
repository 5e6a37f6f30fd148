/** What the pane knows, and what its buttons do. */

import { LoginRequired, Refused } from "./api.js";
import { isLeft, readContent, readMail } from "./mail.js";
import { KINDS } from "./records.js";
import { SIGNED_IN, signIn } from "./sign_in.js";
import { _t, speak } from "./texts.js";
import { view } from "./views.js";

const SHORTEST_TERM = 3;

export class App {
    /**
     * @param {HTMLElement} root
     * @param {Object} office Microsoft's `Office`
     * @param {import("./api.js").Api} api
     * @param {string} origin of Odoo
     */
    constructor(root, office, api, origin = window.location.origin) {
        this.root = root;
        this.office = office;
        this.api = api;
        this.origin = origin;
        /** Counts what was opened: what comes late for something before is dropped. */
        this.turn = 0;
        this.session = null;
        this.clear();
    }

    clear() {
        this.state = {
            screen: "loading",
            mail: null,
            known: {},
            logged: [],
            person: null,
            contact: null,
            notice: null,
            busy: "",
            projects: null,
            search: null,
        };
    }

    set(changes) {
        Object.assign(this.state, changes);
        this.render();
    }

    render() {
        const { activeElement } = document;
        const key = this.root.contains(activeElement) ? activeElement.dataset.key : null;
        this.root.replaceChildren(view({ ...this.state, session: this.session }, this));
        if (key) {
            this.root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
        }
    }

    // === OPENING === //

    async start() {
        this.render();
        const context = this.office?.context;
        if (!context?.mailbox) {
            await speak(navigator.language);
            const missing = _t("Microsoft's script did not load. Check your connection.");
            this.set({ screen: "outside", notice: this.office ? null : bad(missing) });
            return;
        }
        this.takeTheme();
        await speak(context.displayLanguage || "en-US");
        if (this.office.context.requirements.isSetSupported("Mailbox", "1.5")) {
            const { ItemChanged } = this.office.EventType;
            this.office.context.mailbox.addHandlerAsync(ItemChanged, () => this.open());
        }
        await this.open();
    }

    /** Outlook may be dark where the browser is not. */
    takeTheme() {
        const dark = this.office.context.officeTheme?.isDarkTheme;
        if (typeof dark === "boolean") {
            document.documentElement.dataset.theme = dark ? "dark" : "light";
        }
    }

    /** Show the e-mail that is open in Outlook. */
    async open() {
        const turn = ++this.turn;
        this.clear();
        if (!this.api.token) {
            this.set({ screen: "sign_in" });
            return;
        }
        const mail = readMail(this.office);
        this.set({ screen: mail ? "loading" : "empty", mail });
        await this.attempt(turn, async () => {
            await this.greet();
            if (!mail || turn !== this.turn) {
                this.render();
                return;
            }
            const found = await this.api.call("outlook/email", this.question(mail));
            if (turn === this.turn) {
                this.set({ known: found.people, logged: found.logged });
                await this.show(mail.people[0], turn);
            }
        });
    }

    async greet() {
        if (!this.session) {
            this.session = await this.api.call("outlook/session");
            await speak(this.session.lang);
        }
    }

    question(mail) {
        return {
            people: mail.people.map(({ email }) => email),
            message_id: mail.headers.message_id,
        };
    }

    /** Load one person: of the e-mail, or a contact that was searched for. */
    async show(person, turn = this.turn) {
        if (!person) {
            if (turn === this.turn) {
                this.set({ screen: "mail" });
            }
            return;
        }
        const { name, email, id } = person;
        const contact = await this.api.call("outlook/contact", {
            name,
            email,
            partner_id: id ?? false,
        });
        if (turn === this.turn) {
            this.set({ screen: "mail", person, contact, projects: null, search: null, busy: "" });
        }
    }

    /** Show the e-mail's records anew, after one was made or logged on. */
    async refresh(turn) {
        const { mail, person } = this.state;
        if (mail) {
            const found = await this.api.call("outlook/email", this.question(mail));
            if (turn !== this.turn) {
                return;
            }
            this.set({ known: found.people, logged: found.logged });
        }
        await this.show(person, turn);
    }

    // === WHAT GOES WRONG === //

    /**
     * Do something that may fail; what comes of it for an e-mail that was left is not shown.
     *
     * @param {number} turn
     * @param {() => Promise} task
     */
    async attempt(turn, task) {
        try {
            await task();
        } catch (error) {
            if (turn !== this.turn) {
                return;
            }
            if (error instanceof LoginRequired) {
                this.session = null;
                this.clear();
                this.set({ screen: "sign_in", notice: bad(error.message) });
            } else {
                const known = error instanceof Refused && error.message;
                const text = known || _t("Something went wrong. Please try again.");
                const { screen } = this.state;
                const shown = screen === "loading" ? "empty" : screen;
                this.set({ screen: shown, busy: "", notice: bad(text) });
            }
        }
    }

    /** Do what a button says, one at a time. */
    async act(key, task) {
        if (this.state.busy) {
            return;
        }
        const { turn } = this;
        this.set({ busy: key, notice: null });
        await this.attempt(turn, () => task(turn));
        if (turn === this.turn && this.state.busy === key) {
            this.set({ busy: "" });
        }
    }

    // === SIGN-IN === //

    signIn() {
        return this.act("sign_in", async () => {
            const code = await signIn(this.office, this.origin);
            if (!code) {
                this.set({ notice: bad(_t("You have not been signed in.")) });
                return;
            }
            await this.api.connect(code, this.origin + SIGNED_IN);
            this.session = null;
            await this.open();
        });
    }

    disconnect() {
        return this.act("disconnect", async () => {
            await this.api.disconnect().catch(() => {});
            this.session = null;
            await this.open();
        });
    }

    // === PEOPLE === //

    choose(person) {
        return this.act("person", (turn) => this.show(person, turn));
    }

    addContact() {
        const { name, email } = this.state.person;
        return this.act("contact", async (turn) => {
            await this.api.call("partner/create", { name, email });
            await this.refresh(turn);
        });
    }

    enrich() {
        const { action, partner_id } = this.state.contact.enrichment;
        return this.act("enrich", async (turn) => {
            const route = `partner/enrich_and_${action}_company`;
            const { enrichment_info: info, error } = await this.api.call(route, { partner_id });
            await this.show(this.state.person, turn);
            if (turn === this.turn) {
                this.set({ notice: error ? bad(error) : outcome(info) });
            }
        });
    }

    // === RECORDS === //

    log(model, id) {
        return this.act(`log ${model} ${id}`, async (turn) => {
            const content = await this.content(turn);
            if (!content) {
                return;
            }
            const { mail } = this.state;
            await this.api.call("log_mail_content", {
                model,
                res_id: id,
                body: content.html,
                subject: mail.subject,
                attachments: content.attachments,
                ...mail.headers,
            });
            const found = await this.api.call("outlook/email", this.question(mail));
            if (turn === this.turn) {
                this.set({ logged: found.logged, notice: good(_t("The e-mail is logged.")) });
            }
        });
    }

    /**
     * @param {import("./records.js").Kind} kind
     * @param {Object} [project] for kinds that lie in one
     */
    make(kind, project) {
        if (kind.inProject && !project) {
            return this.searchProjects("");
        }
        return this.act(`make ${kind.model}`, async (turn) => {
            const content = await this.content(turn);
            if (!content) {
                return;
            }
            const { mail, person, contact } = this.state;
            const made = await this.api.call(kind.route, {
                partner_id: contact.partner.id || false,
                partner_email: person.email,
                partner_name: person.name,
                email_subject: mail.subject,
                email_body: content.html,
                attachments: content.attachments,
                ...(project ? { project_id: project.id } : {}),
                ...mail.headers,
            });
            await this.refresh(turn);
            if (turn === this.turn) {
                const text = _t("“%(name)s” has the e-mail now.", { name: made.name });
                this.set({ notice: good(text, kind.model, made.id) });
            }
        });
    }

    /** Return text and files of the e-mail, null when another one was opened meanwhile. */
    async content(turn) {
        const { mail } = this.state;
        const content = await readContent(this.office, mail);
        return turn === this.turn && !isLeft(this.office, mail) ? content : null;
    }

    // === PROJECTS === //

    searchProjects(term) {
        const { projects } = this.state;
        this.set({ projects: projects && { ...projects, term } });
        return this.act("projects", async (turn) => {
            const asked = { query: term, limit: 10 };
            const [rows] = await this.api.call("search_records/project.project", asked);
            if (turn === this.turn) {
                this.set({ projects: { term, rows } });
            }
        });
    }

    makeProject(name) {
        return this.act("project", async (turn) => {
            const project = await this.api.call("project/create", { name });
            if (turn === this.turn) {
                this.set({ projects: { term: name, rows: [project] } });
            }
        });
    }

    closeProjects() {
        this.set({ projects: null });
    }

    // === SEARCH === //

    openSearch() {
        const [model] = this.session.models;
        this.set({ search: { model, term: "", rows: null, total: 0 }, notice: null });
        this.root.querySelector('[data-key="term"]')?.focus();
    }

    closeSearch() {
        this.set({ search: null, notice: null });
    }

    search(model, term) {
        // What was typed stays, whatever comes of it.
        this.set({ search: { model, term, rows: null, total: 0 } });
        if (term.trim().length < SHORTEST_TERM) {
            this.set({ notice: bad(_t("Type at least three letters.")) });
            return Promise.resolve();
        }
        return this.act("search", async (turn) => {
            const [rows, total] = await this.api.call(`search_records/${model}`, {
                query: term.trim(),
            });
            if (turn === this.turn && this.state.search) {
                this.set({ search: { model, term, rows, total } });
            }
        });
    }

    kinds() {
        return KINDS;
    }
}

function good(text, model, id) {
    return { kind: "good", text, model, id };
}

function bad(text) {
    return { kind: "bad", text };
}

/** Return what is said of a look-up of company data. */
function outcome(info) {
    const { type, info: told } = info ?? {};
    switch (type) {
        case "company_created":
            return good(_t("The company was created."));
        case "company_updated":
            return good(_t("The company was completed."));
        case "insufficient_credit":
            return { ...bad(_t("There are not enough credits.")), link: webAddress(told) };
        case "no_data":
        case "missing_data":
            return bad(_t("Nobody knows the company of this address."));
        default:
            return bad(told || _t("Something went wrong. Please try again."));
    }
}

function webAddress(text) {
    return /^https?:\/\//.test(text ?? "") ? text : null;
}
