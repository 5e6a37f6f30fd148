import { isLeft, readContent, readMail } from "@crm_mail_plugin_outlook/pane/mail";
import { describe, expect, test } from "@odoo/hoot";
import { contents, makeItem, makeOffice, person } from "./office";

describe.current.tags("headless");

const emails = (office) => readMail(office).people.map(({ email }) => email);

test("the sender comes first, then all others, and never the user", () => {
    const item = makeItem({
        to: [person("Sally", "SALLY@ours.example"), person("Zoe", "zoe@beta.example")],
        cc: [person("Carla again", "Carla@BETA.example"), person("", "max@gamma.example")],
    });
    const { people } = readMail(makeOffice(item));
    expect(people).toEqual([
        { name: "Carla Rossi", email: "carla@beta.example" },
        { name: "Zoe", email: "zoe@beta.example" },
        { name: "max@gamma.example", email: "max@gamma.example" },
    ]);
});

test("of an e-mail that the user has sent the first recipient comes first", () => {
    const item = makeItem({
        from: person("Sally", "sally@ours.example"),
        to: [person("Zoe", "zoe@beta.example"), person("Carla", "carla@beta.example")],
    });
    expect(emails(makeOffice(item))).toEqual(["zoe@beta.example", "carla@beta.example"]);
});

test("an e-mail to oneself is of the user", () => {
    const item = makeItem({ from: person("Sally", "sally@ours.example") });
    expect(emails(makeOffice(item))).toEqual(["sally@ours.example"]);
});

test("an e-mail without recipients or with broken addresses is one as well", () => {
    const item = makeItem({
        from: person("Group", ""),
        to: [person("Nobody", "undisclosed-recipients:;")],
        cc: undefined,
    });
    expect(emails(makeOffice(item, { user: "" }))).toEqual([]);
    expect(emails(makeOffice(item))).toEqual(["sally@ours.example"]);
});

test("nothing and appointments are no e-mail", () => {
    expect(readMail(makeOffice(null))).toBe(null);
    expect(readMail(makeOffice(makeItem({ itemType: "appointment" })))).toBe(null);
    expect(readMail(makeOffice(makeItem({ from: undefined })))).toBe(null);
});

test("Odoo is told who, when and which e-mail it is", () => {
    const item = makeItem({
        from: person('Doe, "Jane"\r\nBcc: x', "jane@beta.example"),
        cc: [person("max@gamma.example", "max@gamma.example")],
    });
    expect(readMail(makeOffice(item)).headers).toEqual({
        email_from: '"Doe, \\"Jane\\"  Bcc: x" <jane@beta.example>',
        email_to: '"Sally" <sally@ours.example>',
        email_cc: "max@gamma.example",
        timestamp: 1764000000000,
        message_id: "<tea.1@beta.example>",
    });
});

const FILES = [
    { id: "a", name: "price.pdf", size: 3, isInline: false },
    { id: "b", name: "logo.png", size: 3, isInline: true },
    { id: "c", name: "other.png", size: 3, isInline: true, contentId: "<x@y>" },
    { id: "d", name: "cloud.docx", size: 0, isInline: false },
    { id: "e", name: "Old mail", size: 3, isInline: false },
    { id: "gone", name: "gone.pdf", size: 3, isInline: false },
];

function withFiles(values = {}) {
    return makeItem({
        attachments: FILES,
        body: {
            getAsync: (_kind, done) =>
                done({ status: "succeeded", value: '<img src="cid:logo.png%4001D"><p>Tea</p>' }),
        },
        getAttachmentContentAsync: contents({
            a: { format: "base64", content: "QQ==" },
            b: { format: "base64", content: "Qg==" },
            c: { format: "base64", content: "Qw==" },
            d: { format: "url", content: "https://files.example/cloud" },
            e: { format: "eml", content: "Subject: Old" },
        }),
        ...values,
    });
}

test("files, pictures in the text, files in the cloud and attached e-mails come along", async () => {
    const office = makeOffice(withFiles());
    const mail = readMail(office);
    expect(mail.lacksFiles).toBe(false);
    const { html, attachments } = await readContent(office, mail);
    expect(html).toInclude("<p>Tea</p>");
    expect(attachments).toEqual([
        ["price.pdf", "QQ==", "", 3],
        ["logo.png", "Qg==", "logo.png@01D", 3],
        ["other.png", "Qw==", "x@y", 3],
        ["cloud.docx", "https://files.example/cloud", "", 0],
        ["Old mail", "Subject: Old", "", 3],
        ["gone.pdf", null, "", 3],
    ]);
});

test("where Outlook hands over no files they are named, and the user is told before", async () => {
    const olderApi = makeOffice(withFiles(), { mailbox: "1.5" });
    const without = makeOffice(withFiles({ getAttachmentContentAsync: undefined }));
    for (const office of [olderApi, without]) {
        const mail = readMail(office);
        expect(mail.lacksFiles).toBe(true);
        const { attachments } = await readContent(office, mail);
        expect(attachments.map(([name, content]) => [name, content])).toEqual(
            FILES.map(({ name }) => [name, null])
        );
    }
    expect(readMail(makeOffice(makeItem(), { mailbox: "1.5" })).lacksFiles).toBe(false);
});

test("files beyond what the server keeps are not even read", async () => {
    const read = [];
    const item = withFiles({
        attachments: [
            { id: "a", name: "small.pdf", size: 5 },
            { id: "b", name: "film.mp4", size: 45 * 1024 * 1024 },
        ],
        getAttachmentContentAsync: (id, done) => {
            read.push(id);
            done({ status: "succeeded", value: { format: "base64", content: "QQ==" } });
        },
    });
    const office = makeOffice(item);
    const { attachments } = await readContent(office, readMail(office));
    expect(read).toEqual(["a"]);
    expect(attachments).toEqual([
        ["small.pdf", "QQ==", "", 5],
        ["film.mp4", null, "", 45 * 1024 * 1024],
    ]);
});

test("a file that is too large, or in the cloud, keeps no other one out", async () => {
    const size = 45 * 1024 * 1024;
    const item = withFiles({
        attachments: [
            { id: "film", name: "film.mp4", size, attachmentType: "file" },
            { id: "d", name: "cloud.mov", size, attachmentType: "cloud" },
            { id: "a", name: "small.pdf", size: 5, attachmentType: "file" },
        ],
    });
    const office = makeOffice(item);
    const { attachments } = await readContent(office, readMail(office));
    expect(attachments).toEqual([
        ["film.mp4", null, "", 45 * 1024 * 1024],
        ["cloud.mov", "https://files.example/cloud", "", 0],
        ["small.pdf", "QQ==", "", 5],
    ]);
});

test("it is known when another e-mail is open", () => {
    const office = makeOffice(makeItem());
    const mail = readMail(office);
    expect(isLeft(office, mail)).toBe(false);
    office.context.mailbox.item = makeItem({ itemId: "item-2" });
    expect(isLeft(office, mail)).toBe(true);
    office.context.mailbox.item = null;
    expect(isLeft(office, mail)).toBe(true);
});
