/** The open e-mail, read from Outlook. */

/** Bytes of all files that are sent along, as the server keeps no more. */
const MAX_BYTES = 40 * 1024 * 1024;
/** Microsoft's `Office.MailboxEnums.AttachmentType.Cloud`. */
const CLOUD = "cloud";

/**
 * @typedef {Object} Mail
 * @property {Object} item Outlook's
 * @property {string} itemId
 * @property {{name: string, email: string}[]} people the sender first, without the user
 * @property {Object} headers what Odoo's routes take beside text and files
 * @property {boolean} lacksFiles whether it has files that this Outlook does not hand over
 */

/**
 * @param {Object} office Microsoft's `Office`
 * @returns {string} the user's own address, lower case
 */
export function mailboxOf(office) {
    return (office.context?.mailbox?.userProfile?.emailAddress ?? "").toLowerCase();
}

/**
 * @param {Object} office Microsoft's `Office`
 * @returns {Mail|null} null while no e-mail is open
 */
export function readMail(office) {
    const { item, userProfile } = office.context.mailbox;
    if (!item || item.itemType !== office.MailboxEnums.ItemType.Message || !item.from) {
        return null;
    }
    const own = mailboxOf(office);
    const people = new Map();
    for (const { displayName, emailAddress } of [item.from, ...list(item.to), ...list(item.cc)]) {
        const email = (emailAddress ?? "").trim();
        const key = email.toLowerCase();
        if (key.includes("@") && key !== own && !people.has(key)) {
            people.set(key, { name: displayName || email, email });
        }
    }
    if (!people.size && own) {
        // An e-mail of the user to themselves: Odoo says so.
        people.set(own, { name: userProfile.displayName || own, email: own });
    }
    return {
        item,
        itemId: item.itemId,
        people: [...people.values()],
        headers: {
            email_from: header([item.from]),
            email_to: header(list(item.to)),
            email_cc: header(list(item.cc)),
            timestamp: item.dateTimeCreated ? item.dateTimeCreated.getTime() : false,
            message_id: item.internetMessageId || "",
        },
        subject: item.subject || "",
        lacksFiles: files(item).length > 0 && !readsFiles(office, item),
    };
}

/**
 * Read what is only sent when it is asked for: text and files.
 *
 * @param {Object} office Microsoft's `Office`
 * @param {Mail} mail
 * @returns {Promise<{html: string, attachments: Array}>} attachments as Odoo's routes take them:
 *     name, content or nothing, Content-ID, bytes
 */
export async function readContent(office, mail) {
    const html = await promised(office, (done) =>
        mail.item.body.getAsync(office.CoercionType.Html, done)
    );
    const cids = contentIds(html);
    const attachments = [];
    let left = MAX_BYTES;
    for (const file of files(mail.item)) {
        // Of a file in the cloud nothing comes but its address.
        const size = file.attachmentType === CLOUD ? 0 : file.size || 0;
        const isRead = size <= left && readsFiles(office, mail.item);
        const content = isRead ? await contentOf(office, mail.item, file) : null;
        left -= isRead ? size : 0;
        attachments.push([file.name || "", content, cidOf(file, cids), size]);
    }
    return { html, attachments };
}

/** Say whether another e-mail is open by now. */
export function isLeft(office, mail) {
    const { item } = office.context.mailbox;
    return !item || item.itemId !== mail.itemId;
}

function readsFiles(office, item) {
    return (
        typeof item.getAttachmentContentAsync === "function" &&
        office.context.requirements.isSetSupported("Mailbox", "1.8")
    );
}

async function contentOf(office, item, file) {
    try {
        // Base64; the text of an e-mail or appointment; the address of a file in the cloud.
        const read = (done) => item.getAttachmentContentAsync(file.id, done);
        return (await promised(office, read)).content;
    } catch {
        return null; // One file that cannot be had keeps nobody from the e-mail.
    }
}

function files(item) {
    return list(item.attachments);
}

function list(values) {
    return Array.isArray(values) ? values : [];
}

/** Write people as a header of an e-mail has them. */
function header(people) {
    return people
        .filter((one) => one?.emailAddress)
        .map(({ displayName, emailAddress }) => {
            const name = (displayName || "").replace(/[\r\n]/g, " ").replace(/["\\]/g, "\\$&");
            return name && name !== emailAddress ? `"${name}" <${emailAddress}>` : emailAddress;
        })
        .join(", ");
}

/** Return the Content-IDs that a text shows pictures by. */
function contentIds(html) {
    return [...html.matchAll(/\bcid:([^"'\s>)]+)/gi)].map((found) => decoded(found[1]));
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** Return the Content-ID of a picture; Outlook's own begin with the file's name where it tells none. */
function cidOf(file, cids) {
    if (file.contentId) {
        return file.contentId.replace(/^<|>$/g, "");
    }
    if (!file.isInline) {
        return "";
    }
    return cids.find((cid) => cid === file.name || cid.startsWith(`${file.name}@`)) ?? "";
}

/** Call one of Outlook's methods, which answer by a call. */
function promised(office, method) {
    return new Promise((resolve, reject) => {
        method(({ status, value, error }) => {
            if (status === office.AsyncResultStatus.Succeeded) {
                resolve(value);
            } else {
                reject(new Error(error?.message ?? ""));
            }
        });
    });
}
