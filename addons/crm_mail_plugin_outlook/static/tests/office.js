/** An `Office` that answers as Microsoft's does, with one e-mail open. */

export const SUCCEEDED = "succeeded";

export function person(displayName, emailAddress) {
    return { displayName, emailAddress };
}

export function makeItem(values = {}) {
    return {
        itemType: "message",
        itemId: "item-1",
        internetMessageId: "<tea.1@beta.example>",
        subject: "Tea",
        dateTimeCreated: new Date(1764000000000),
        from: person("Carla Rossi", "carla@beta.example"),
        to: [person("Sally", "sally@ours.example")],
        cc: [],
        attachments: [],
        body: { getAsync: (_kind, done) => done({ status: SUCCEEDED, value: "<p>Tea</p>" }) },
        ...values,
    };
}

/**
 * @param {Object|null} item
 * @param {Object} [options]
 * @param {string} [options.mailbox] the newest set of Outlook's API that there is
 * @param {string} [options.user]
 */
export function makeOffice(item, { mailbox = "1.8", user = "sally@ours.example" } = {}) {
    const handlers = [];
    const minor = (version) => Number(version.split(".")[1]);
    return {
        AsyncResultStatus: { Succeeded: SUCCEEDED },
        CoercionType: { Html: "html" },
        EventType: {
            ItemChanged: "itemChanged",
            DialogMessageReceived: "message",
            DialogEventReceived: "event",
        },
        MailboxEnums: { ItemType: { Message: "message" } },
        handlers,
        context: {
            displayLanguage: "en-US",
            requirements: {
                isSetSupported: (name, version) =>
                    name === "Mailbox" && minor(version) <= minor(mailbox),
            },
            mailbox: {
                item,
                userProfile: { emailAddress: user, displayName: "Sally" },
                addHandlerAsync: (kind, handler) => handlers.push([kind, handler]),
            },
            ui: {},
        },
    };
}

/** Return how Outlook hands over one file. */
export function contents(byId) {
    return (id, done) =>
        id in byId
            ? done({ status: SUCCEEDED, value: byId[id] })
            : done({ status: "failed", error: { message: "No such file." } });
}
