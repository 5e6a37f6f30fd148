/**
 * In a page of the backend: opens screens as clicks would, and tells what went wrong on them.
 *
 * The page is loaded once for each user; every screen is opened by the action service.
 */
(() => {
    const REST_MS = 40;
    const PATIENCE_MS = 60000;
    const TYPED = "abc"; // A search for a telephone number takes no less.
    const { rpcBus } = odoo.loader.modules.get("@web/core/network/rpc");
    const env = odoo.__WOWL_DEBUG__.root.env;
    const pending = new Set();
    let faults = [];
    let busy = 0; // When something was last done, asked or answered.

    const touch = () => (busy = Date.now());

    rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => {
        touch();
        pending.add(detail.data.id);
    });
    rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => {
        touch();
        pending.delete(detail.data.id);
        // A page that was left does not wait for its answers.
        if (detail.error && detail.error.name !== "ABORTED_CONNECTION") {
            const { method, model } = detail.data.params;
            const cause = detail.error.data?.message || detail.error.message;
            faults.push(`${model || ""}.${method || ""} was answered: ${cause}`);
        }
    });

    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const all = (selector) => [...document.querySelectorAll(selector)];

    /** Wait until nothing was done, and asked of the server, for a moment. */
    async function rest() {
        const deadline = Date.now() + PATIENCE_MS;
        while (pending.size || Date.now() - busy < REST_MS) {
            await sleep(10);
            if (Date.now() > deadline) {
                faults.push("the screen did not come to rest");
                pending.clear();
                return;
            }
        }
    }

    function* nodes(node = odoo.__WOWL_DEBUG__.root.__owl__) {
        yield node;
        for (const child of Object.values(node.children)) {
            yield* nodes(child);
        }
    }

    /** Return the last, that is innermost, value that `pick` finds in the tree of components. */
    const innermost = (pick) => [...nodes()].map(pick).filter(Boolean).at(-1);

    /** Whether the view that is shown lets this user make records. */
    function creates() {
        const rights = innermost(({ component }) => component.archInfo?.activeActions);
        return Boolean(rights?.create);
    }

    /** Take note of what tells an error to the user, and close it. */
    function look(dialog) {
        for (const box of all(".o_error_dialog, .o_notification:has(.bg-danger)")) {
            faults.push(`an error is shown: ${box.innerText.trim().slice(0, 500)}`);
        }
        if (!dialog && !faults.length && all(".modal").length) {
            faults.push(`a dialog is shown: ${all(".modal")[0].innerText.trim().slice(0, 500)}`);
        }
    }

    /** Take note of headings of a list that are not read to their end; one is of Odoo's list. */
    function lookAtHeadings() {
        const ours = "th[data-name]:not([data-name='expected_revenue'])";
        for (const heading of all(`.o_list_table thead ${ours} .text-truncate`)) {
            if (heading.scrollWidth > heading.clientWidth) {
                faults.push(`the heading ${heading.textContent.trim()} is cut`);
            }
        }
    }

    /** Take note of buttons in rows of a list that lie beyond the page's edge. */
    function lookAtRowButtons() {
        for (const button of all(".o_list_table .o_data_row:first-of-type .o_list_button button")) {
            if (button.getBoundingClientRect().right > window.innerWidth) {
                faults.push(`the button ${button.textContent.trim()} is beyond the edge`);
            }
        }
    }

    /** Do something, wait, and return what went wrong meanwhile. */
    async function watch(work, dialog = false) {
        faults = [];
        let timer;
        const late = new Promise((_resolve, reject) => {
            timer = setTimeout(() => reject(new Error("the screen did not open")), PATIENCE_MS);
        });
        try {
            await Promise.race([work(), late]);
            await rest();
        } catch (error) {
            faults.push(String(error.cause?.message || error.data?.message || error.message));
            await rest();
        }
        clearTimeout(timer);
        look(dialog);
        return [...new Set(faults)];
    }

    async function close() {
        if (all(".modal").length) {
            env.services.dialog.closeAll();
            touch();
            await rest();
        }
    }

    async function pages() {
        for (const page of all(".o_notebook .nav-link:not(.active):not(.disabled)")) {
            page.click();
            touch();
            await rest();
        }
    }

    /** What may be chosen in the search box, as functions that choose it. */
    function choices(model) {
        const found = [];
        for (const item of model.getSearchItems((one) => one.type !== "favorite")) {
            // Properties have names only once somebody has defined some.
            if (model.searchViewFields[item.fieldName]?.type === "properties") {
                continue;
            }
            const add = (choose, more = "") => found.push([item.description + more, choose]);
            if (item.type === "dateFilter") {
                add(() => model.toggleDateFilter(item.id));
            } else if (item.type === "dateGroupBy") {
                for (const { id } of item.options) {
                    add(() => model.toggleDateGroupBy(item.id, id), ` (${id})`);
                }
            } else if (item.type === "field") {
                const { type, selection } = model.searchViewFields[item.fieldName];
                const typed = { boolean: true, integer: 1, float: 1, monetary: 1 };
                const value = { ...typed, selection: selection?.[0]?.[0] }[type] ?? TYPED;
                if (!type.startsWith("date")) {
                    const operator = value === TYPED ? item.operator || "ilike" : "=";
                    add(() =>
                        model.addAutoCompletionValues(item.id, { label: TYPED, operator, value })
                    );
                }
            } else if (item.type === "filter" || item.type === "groupBy") {
                add(() => model.toggleSearchItem(item.id));
            }
        }
        return found;
    }

    window.screens = {
        /**
         * Open a screen.
         *
         * @param {Object} step
         * @param {number|Object} step.action
         * @param {string} [step.view] its type, where the action has several
         * @param {number|false} [step.id] of the record that a form shows; false for a new one
         * @param {Object} [step.context]
         * @param {boolean} [step.dialog] whether it opens in a dialog
         * @returns {Promise<{faults: string[], creates: boolean}>} creates: whether New is offered
         */
        async open({ action, view, id, context, dialog }) {
            const options = {
                additionalContext: context,
                clearBreadcrumbs: true,
                forceLeave: true,
            };
            Object.assign(options, view && { viewType: view });
            Object.assign(options, id !== undefined && { props: { resId: id } });
            const told = await watch(async () => {
                await env.services.action.doAction(action, options);
                touch();
                await rest();
                await pages();
                const shown = env.services.action.currentController?.view?.type;
                // A narrow page chooses the view by itself.
                if (
                    view &&
                    !(dialog ? all(".modal .o_form_view").length : env.isSmall || shown === view)
                ) {
                    faults.push(`it is not shown, but: ${shown}`);
                }
                // Those of others' screens are theirs, and a narrow page is moved sideways.
                if (view === "list" && typeof action === "number" && !env.isSmall) {
                    lookAtHeadings();
                    lookAtRowButtons();
                }
            }, dialog);
            const answer = { faults: told, creates: creates() };
            await close();
            return answer;
        },
        /** Press a button of the screen that is open, where it is there. */
        async press(selector) {
            return watch(async () => {
                all(selector)[0]?.click();
                touch();
            });
        },
        /** Choose each filter, group and field of the search box; return the faults of each. */
        async search() {
            const model = innermost(({ childEnv }) => childEnv.searchModel);
            const told = {};
            for (const [name, choose] of model ? choices(model) : []) {
                const found = await watch(async () => {
                    // What was chosen before is taken away in the same step.
                    model.blockNotification = true;
                    model.clearQuery();
                    model.blockNotification = false;
                    choose();
                    touch();
                });
                if (found.length) {
                    told[name] = found;
                    await close();
                }
            }
            return { chosen: model ? choices(model).length : 0, told };
        },
    };
})();
