/**
 * What of a text that people type or paste is an address, and when two addresses are one mailbox:
 * the reading of the server's `crm_common/tools/mailboxes.py`. Both are tested by the same examples
 * (`static/tests/recipient_picker/mailboxes.json`).
 */

import { memoize } from "@web/core/utils/functions";

const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;
const MAX_TEXT = 20_000;
const MAX_ESCAPED = 100;
const ASCII_LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
/** No separators, no control characters. */
const LOCAL = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;
/** A line break in the disguise of a link. */
const ENCODED_CONTROL = /%(?:[01][0-9A-F]|7F)/i;
const ASCII_DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const DOMAIN = /^[\p{L}\p{M}\p{N}.。．｡-]+$/u;
const ENTRY = /(?:"(?:\\.|[^"\\])*"|<[^<>]*>|[^,;\r\n\t"])+/g;
const NAMED = /^(?:"(?:\\.|[^"\\])*"|[^<>"])*<([^<>"]+)>$/;
const LINK = /^mailto:([^?]*)(?:\?.*)?$/is;
/** What stands beside an address: comments, and names in quotation marks. */
const ASIDE = /\([^()]*\)|"(?:\\.|[^"\\])*"/g;
const BRACKETED = /<([^<>]*)>/g;
/**
 * Neither stands in an address: spaces and what is invisible, bars, brackets, dashes and bullets,
 * commas and semicolons of the East.
 */
const BETWEEN =
    /[ \t\u00a0\u2002-\u200b\u200e\u200f\u202f\u2060\u3000\ufeff\u00ad/|<>[\]–—→·•、，；]+/;
/** What looks like the end of an address, and belongs to no address that people have. */
const ODD = /[“”„«»‘’‹›–—→·•、，；]/;
const EDGE = /[\s\u00ad\u200b\u200e\u200f\u2060\ufeff]/;
/** Around an address, in pairs or at the end of a sentence. */
const QUOTED = /^(['"`*_]+)(.+)\1$/s;
const BEFORE = /^[“”„«»‘’‹›]+/;
const AFTER = /[“”„«»‘’‹›]*[!?…]*[“”„«»‘’‹›]*$/;
/** One address that was torn apart, and a part of one beside other words. */
const TORN = /^[\p{L}\p{N}_.+-]+ *@ *[\p{L}\p{N}_-]+(?: *\. *[\p{L}\p{N}_-]+)+$/u;
const TORN_OFF = /^\.[\p{L}\p{N}_]/u;

const isAscii = (text) => !/[^\0-\x7f]/.test(text);

function domainKey(text) {
    const domain = text.replace(/\.$/, "");
    if (isAscii(domain) && !/xn--/i.test(domain)) {
        return ASCII_DOMAIN.test(domain.toLowerCase()) ? domain.toLowerCase() : null;
    }
    if (!DOMAIN.test(domain)) {
        return null;
    }
    try {
        const { hostname } = new URL(`http://${domain}`);
        return ASCII_DOMAIN.test(hostname) ? hostname : null;
    } catch {
        return null;
    }
}

function localKey(local) {
    if (new TextEncoder().encode(local).length > MAX_LOCAL || ENCODED_CONTROL.test(local)) {
        return null;
    }
    if (isAscii(local)) {
        return ASCII_LOCAL.test(local) ? local.toLowerCase() : null;
    }
    const asciiPart = local.replace(/[^\0-\x7f]/g, "");
    return (!asciiPart || ASCII_LOCAL.test(asciiPart)) && LOCAL.test(local) ? local : null;
}

function stripped(text, edge) {
    let [start, end] = [0, text.length];
    while (start < end && edge.test(text[start])) {
        start++;
    }
    while (end > start && edge.test(text[end - 1])) {
        end--;
    }
    return text.slice(start, end);
}

/** A long list is compared with a long list at each letter that is typed. */
const keys = memoize(readKey);

/** @returns {string|null} the canonical key of exactly one plain address */
export function addressKey(text) {
    return keys(text || "");
}

function readKey(text) {
    const plain = stripped(text, / /);
    const at = plain.indexOf("@");
    const local = at > 0 && localKey(plain.slice(0, at));
    const host = local && domainKey(plain.slice(at + 1));
    const key = `${local}@${host}`;
    return host && key.length <= MAX_ADDRESS ? key : null;
}

/** Whether two texts name one mailbox. */
export function isSame(one, other) {
    const key = addressKey(one);
    return key ? key === addressKey(other) : one.toLowerCase() === other.toLowerCase();
}

const withoutLink = (text) => LINK.exec(text)?.[1] ?? text;

const isPlain = (text) => Boolean(addressKey(text)) && !ODD.test(text);

/** A word without what stands around it; a long one as it is, as it is no address. */
function unquoted(word) {
    if (word.length > 2 * MAX_ADDRESS) {
        return word;
    }
    const plain = word.replace(BEFORE, "").replace(AFTER, "");
    return QUOTED.exec(plain)?.[2] ?? plain;
}

/**
 * The addresses among the words of an entry; the entry where one of them is none. Where some stand
 * in angle brackets, the others belong to names.
 */
function wordsOf(entry) {
    if (isPlain(unquoted(entry))) {
        return [unquoted(entry)];
    }
    const text = stripped(entry.replace(ASIDE, " "), EDGE);
    let words = [...text.matchAll(BRACKETED)].flatMap(([, inner]) => inner.split(/[,;]/));
    words = words.map((word) => word.trim());
    if (!words.some((word) => word.includes("@"))) {
        words = text.split(BETWEEN).flatMap((word) => withoutLink(word).split(":"));
    }
    if (TORN.test(text)) {
        words = [text.replaceAll(" ", "")];
    }
    if (words.some((word) => TORN_OFF.test(word))) {
        return [entry];
    }
    const found = words
        .filter((word) => word.includes("@"))
        .map(withoutLink)
        .map(unquoted);
    return found.length && found.every(addressKey) ? found : [entry];
}

/** @returns {string[]} what may be an address in a text, in its order */
function mailboxParts(text) {
    if (text.length > MAX_TEXT || text.split('\\"').length - 1 > MAX_ESCAPED) {
        return [];
    }
    return (text.match(ENTRY) || []).flatMap((entry) => {
        const named = NAMED.exec(entry.trim());
        return (named ? named[1].split(/[,;]/) : [entry]).flatMap((part) => {
            const plain = withoutLink(stripped(part, EDGE));
            return named || !plain.includes("@") || isPlain(plain) ? [plain] : wordsOf(plain);
        });
    });
}

/**
 * Read what was typed or pasted.
 *
 * @param {string} text
 * @returns {{ emails: string[], rest: string[] }} the addresses in it, each mailbox once; and what
 *  was meant as an address and is none: all of it, where it holds no address at all
 */
export function readTyped(text) {
    const parts = mailboxParts(text);
    const emails = new Map();
    for (const part of parts) {
        const key = addressKey(part);
        if (key && !emails.has(key)) {
            emails.set(key, part);
        }
    }
    // A piece without an at sign belongs to a name: `Corp, Inc. <info@corp.org>`.
    let rest = parts.filter((part) => part.includes("@") && !addressKey(part));
    if (!emails.size) {
        const whole = text.replace(/^[ \t\r\n,;]+|[ \t\r\n,;]+$/g, "");
        rest = whole ? [whole] : [];
    }
    return { emails: [...emails.values()], rest };
}
