import { addressKey, isSame, readTyped } from "@crm_mail_recipients/recipient_picker/mailboxes";
import { describe, expect, globals, test } from "@odoo/hoot";

describe.current.tags("headless");

const EXAMPLES = "/crm_mail_recipients/static/tests/recipient_picker/mailboxes.json";

test("what people type and paste is read as the server reads it", async () => {
    const answer = await globals.fetch.call(window, EXAMPLES);
    const examples = await answer.json();
    expect(examples.length).toBeGreaterThan(50);
    const read = examples.map(({ text }) => {
        const { emails, rest } = readTyped(text);
        return { text, emails, keys: emails.map(addressKey), rest };
    });
    expect(read).toEqual(examples);
});

test("two spellings of a mailbox are one, two mailboxes are two", () => {
    expect(isSame("Anna@Bücher.de", "anna@xn--bcher-kva.de")).toBe(true);
    expect(isSame("anna@x.it.", "ANNA@X.IT")).toBe(true);
    expect(isSame("Bob", "bob")).toBe(true);
    expect(isSame("anna+x@x.it", "anna@x.it")).toBe(false);
    expect(isSame("JOSÉ@x.it", "josé@x.it")).toBe(false);
    expect(isSame("", "anna@x.it")).toBe(false);
});

test("a text as long as a book is no address, and read at once", () => {
    const spaces = `a${" ".repeat(19_000)}b`;
    expect(readTyped(spaces)).toEqual({ emails: [], rest: [spaces] });
    const long = "a@x.it,".repeat(5_000);
    expect(readTyped(long).emails).toEqual([]);
});
