/** What the pane asks Odoo: JSON-RPC with the token of this mailbox, and never with a cookie. */

import { _t } from "./texts.js";

const TOKEN = "odoo_outlook_token";
/** Status of HTTP. */
const TOO_LARGE = 413;

/** The token is missing, expired or disconnected. */
export class LoginRequired extends Error {}

/** Odoo has refused something, with the sentence to show. */
export class Refused extends Error {}

export class Api {
    /**
     * @param {Storage} storage where the token is kept
     * @param {typeof fetch} ask
     * @param {string} [mailbox] its address: who opens another one in this browser may be another
     */
    constructor(storage, ask, mailbox = "") {
        this.storage = storage;
        this.ask = ask;
        this.key = `${TOKEN} ${mailbox}`;
        this.memory = null;
    }

    get token() {
        try {
            return this.storage.getItem(this.key) ?? this.memory;
        } catch {
            return this.memory; // Some browsers keep nothing for a page in another one's frame.
        }
    }

    set token(token) {
        this.memory = token;
        try {
            if (token) {
                this.storage.setItem(this.key, token);
            } else {
                this.storage.removeItem(this.key);
            }
        } catch {
            // It lives as long as the pane.
        }
    }

    /**
     * @param {string} route below /mail_plugin/
     * @param {Object} [params]
     * @returns {Promise<any>} its result
     * @throws {LoginRequired} when the user has to sign in
     * @throws {Refused} for everything else that went wrong
     */
    async call(route, params = {}) {
        const sent = this.token;
        const headers = { "Content-Type": "application/json", "Mail-Plugin-Generation": "2" };
        if (sent) {
            headers.Authorization = `Bearer ${sent}`;
        }
        const body = JSON.stringify({ jsonrpc: "2.0", method: "call", id: 0, params });
        let response, answer;
        try {
            response = await this.ask(`/mail_plugin/${route}`, {
                method: "POST",
                credentials: "omit",
                headers,
                body,
            });
            answer = await response.json();
        } catch {
            throw new Refused(unanswered(response?.status));
        }
        if (answer.error) {
            this.fail(answer.error, sent);
        }
        return answer.result;
    }

    fail({ message, data }, sent) {
        if (data?.name === "LoginRequired") {
            if (this.token === sent) {
                this.token = null;
            }
            throw new LoginRequired(message);
        }
        throw new Refused(message);
    }

    /**
     * Take the token for the code of a sign-in.
     *
     * @param {string} code
     * @param {string} redirect where it was sent
     */
    async connect(code, redirect) {
        this.token = null;
        const { access_token: token, error } = await this.call("auth/access_token", {
            auth_code: code,
            redirect,
        });
        if (!token) {
            throw new Refused(error);
        }
        this.token = token;
    }

    /** Give the token back. */
    async disconnect() {
        try {
            await this.call("auth/logout");
        } finally {
            this.token = null;
        }
    }
}

/** Return what is said when no answer of Odoo came; a proxy before it may have given one. */
function unanswered(status) {
    return status === TOO_LARGE
        ? _t(
              "The e-mail with its files is too large for the proxy in front of Odoo. An " +
                  "administrator can raise the limit."
          )
        : _t("Odoo does not answer. Check your connection, and try again.");
}
