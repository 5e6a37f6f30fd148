// An `Office` in place of Microsoft's, for the journey: what is open, and a window for signing in
// that a test opens by itself.
(() => {
    const SUCCEEDED = "succeeded";
    const person = (displayName, emailAddress) => ({ displayName, emailAddress });
    const sally = person("Sally", "sally@ours.example");
    const picture =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const files = { a: btoa("1 EUR"), b: picture };
    const text =
        '<p>Please send an <b>offer</b>. <img src="cid:logo.png@01D"></p><script>x()</script>';
    const item = (number, from, values = {}) => ({
        itemType: "message",
        itemId: `item-${number}`,
        internetMessageId: `<tea.${number}@acme.test>`,
        subject: "Tea <b>for</b> two",
        dateTimeCreated: new Date(1764000000000),
        from,
        to: [sally, person("Zoe Zebra", "zoe@zebra.test")],
        cc: [],
        attachments: [
            { id: "a", name: "price.txt", size: 5, isInline: false },
            { id: "b", name: "logo.png", size: 70, isInline: true },
        ],
        body: { getAsync: (_kind, done) => done({ status: SUCCEEDED, value: text }) },
        getAttachmentContentAsync: (id, done) =>
            done({ status: SUCCEEDED, value: { format: "base64", content: files[id] } }),
        ...values,
    });
    const items = [
        item(1, person("Ann Acme", "ann@acme.test")),
        item(2, person("<img src=x onerror=alert(1)>", "new@beta.test"), { to: [sally] }),
        item(3, sally, { to: [sally] }),
        null,
    ];
    // An e-mail as a test describes it: its files come with their content, or without.
    const described = ({ from, to, cc, sent, html, files: told, ...values }) => ({
        itemType: "message",
        itemId: values.internetMessageId,
        dateTimeCreated: new Date(sent),
        from: person(...from),
        to: to.map((one) => person(...one)),
        cc: cc.map((one) => person(...one)),
        attachments: told.map(({ content: _content, ...file }, id) => ({ id, ...file })),
        body: { getAsync: (_kind, done) => done({ status: SUCCEEDED, value: html }) },
        getAttachmentContentAsync: (id, done) =>
            done({ status: SUCCEEDED, value: { content: told[id].content } }),
        ...values,
    });
    const channel = new BroadcastChannel("office");
    const changed = [];
    window.Office = {
        onReady: async () => {},
        AsyncResultStatus: { Succeeded: SUCCEEDED },
        CoercionType: { Html: "html" },
        EventType: {
            ItemChanged: "itemChanged",
            DialogMessageReceived: "message",
            DialogEventReceived: "event",
        },
        MailboxEnums: { ItemType: { Message: "message" } },
        context: {
            displayLanguage: "en-US",
            requirements: { isSetSupported: (name) => name === "Mailbox" },
            mailbox: {
                item: items[0],
                userProfile: sally,
                addHandlerAsync: (_kind, handler) => changed.push(handler),
            },
            ui: {
                displayDialogAsync(url, _size, done) {
                    const handlers = {};
                    window.dialogUrl = url;
                    window.isDialogClosed = false;
                    channel.onmessage = ({ data }) => handlers.message?.({ message: data });
                    const dialog = {
                        close: () => (window.isDialogClosed = true),
                        addEventHandler: (kind, handler) => (handlers[kind] = handler),
                    };
                    done({ status: SUCCEEDED, value: dialog });
                },
                messageParent: (message) => channel.postMessage(message),
            },
        },
    };
    const open = (opened) => {
        window.Office.context.mailbox.item = opened;
        return Promise.all(changed.map((handler) => handler()));
    };
    window.openItem = (number) => open(items[number]);
    window.openMail = (mail) => open(described(mail));
})();
