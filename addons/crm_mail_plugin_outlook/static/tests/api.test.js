import { Api, LoginRequired, Refused } from "@crm_mail_plugin_outlook/pane/api";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("headless");

function makeStorage() {
    const kept = new Map();
    return {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
    };
}

function makeApi(answer, storage = makeStorage()) {
    const asked = [];
    const api = new Api(storage, async (url, options) => {
        asked.push({ url, ...options });
        return { json: async () => (typeof answer === "function" ? answer(url) : answer) };
    });
    return { api, asked };
}

test("the token goes into a header, never into an address, and no cookie goes along", async () => {
    const { api, asked } = makeApi({ result: 5 });
    api.token = "secret";
    expect(await api.call("outlook/session", { a: 1 })).toBe(5);
    const [{ url, headers, credentials, body }] = asked;
    expect(url).toBe("/mail_plugin/outlook/session");
    expect(headers.Authorization).toBe("Bearer secret");
    expect(headers["Mail-Plugin-Generation"]).toBe("2");
    expect(credentials).toBe("omit");
    expect(JSON.parse(body).params).toEqual({ a: 1 });
});

test("an expired token is forgotten and asks for a new sign-in", async () => {
    const error = { message: "Please log in again.", data: { name: "LoginRequired" } };
    const { api } = makeApi({ error });
    api.token = "old";
    await expect(api.call("outlook/session")).rejects.toThrow(LoginRequired);
    expect(api.token).toBe(null);
});

test("a token that was renewed meanwhile is not forgotten for the old one", async () => {
    const error = { message: "Please log in again.", data: { name: "LoginRequired" } };
    const { api } = makeApi(() => {
        api.token = "new";
        return { error };
    });
    api.token = "old";
    await expect(api.call("outlook/session")).rejects.toThrow(LoginRequired);
    expect(api.token).toBe("new");
});

test("a refusal is told in the server's words, a silence in the pane's", async () => {
    const { api } = makeApi({ error: { message: "No.", data: { name: "AccessError" } } });
    await expect(api.call("lead/create")).rejects.toThrow("No.");
    const silent = new Api(makeStorage(), () => Promise.reject(new TypeError("network")));
    await expect(silent.call("lead/create")).rejects.toThrow(/does not answer/);
    const odd = new Api(makeStorage(), async () => ({ json: () => Promise.reject(new Error()) }));
    await expect(odd.call("lead/create")).rejects.toThrow(Refused);
});

test("a proxy that takes no more is told apart from a silence", async () => {
    const json = () => Promise.reject(new SyntaxError("<html>"));
    const proxied = new Api(makeStorage(), async () => ({ status: 413, json }));
    await expect(proxied.call("log_mail_content")).rejects.toThrow(/too large/);
});

test("another mailbox in the same browser has no token of this one", async () => {
    const storage = makeStorage();
    const sally = new Api(storage, null, "sally@ours.example");
    sally.token = "secret";
    const otto = new Api(storage, null, "otto@ours.example");
    expect(otto.token).toBe(null);
    otto.token = "other";
    expect(new Api(storage, null, "sally@ours.example").token).toBe("secret");
});

test("where the browser keeps nothing, the sign-in lasts as long as the pane", () => {
    const broken = () => {
        throw new DOMException("denied", "SecurityError");
    };
    const storage = { getItem: broken, setItem: broken, removeItem: broken };
    for (const kind of [storage, null]) {
        const { api } = makeApi({ result: 1 }, kind);
        api.token = "secret";
        expect(api.token).toBe("secret");
        api.token = null;
        expect(api.token).toBe(null);
    }
});

test("a code becomes a token, and a refused one a sentence", async () => {
    const { api, asked } = makeApi({ result: { access_token: "fresh" } });
    await api.connect("code", "https://erp.example/x");
    expect(api.token).toBe("fresh");
    expect(JSON.parse(asked[0].body).params).toEqual({
        auth_code: "code",
        redirect: "https://erp.example/x",
    });
    expect(asked[0].headers.Authorization).toBe(undefined);
    const { api: other } = makeApi({ result: { error: "Invalid code" } });
    await expect(other.connect("code", "https://erp.example/x")).rejects.toThrow("Invalid code");
    expect(other.token).toBe(null);
});

test("disconnecting gives the token back and forgets it, also when nobody answers", async () => {
    const { api, asked } = makeApi({ result: true });
    api.token = "secret";
    await api.disconnect();
    expect(asked[0].url).toBe("/mail_plugin/auth/logout");
    expect(api.token).toBe(null);
});
