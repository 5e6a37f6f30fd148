import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";

/** Tell users who have gone on with something else that their leads are there. */
export const leadMiningNotificationService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, { action, bus_service: bus, notification, orm }) {
        bus.subscribe("lead_mining_progress", ({ id, name, state, created, ended }) => {
            if (!ended) {
                return;
            }
            const openLeads = async () =>
                action.doAction(await orm.call("lead.mining.request", "action_view_leads", [id]));
            const openRequest = () =>
                action.doAction({
                    type: "ir.actions.act_window",
                    res_model: "lead.mining.request",
                    res_id: id,
                    views: [[false, "form"]],
                });
            notification.add(sentence(name, state, created), {
                type: ["failed", "waiting_credits"].includes(state) ? "warning" : "success",
                buttons: [
                    ...(created
                        ? [{ name: _t("Open Leads"), onClick: openLeads, primary: true }]
                        : []),
                    { name: _t("Request"), onClick: openRequest },
                ],
            });
        });
    },
};

function sentence(name, state, created) {
    if (state === "waiting_credits") {
        return _t("%(name)s waits for credits", { name });
    }
    if (!created) {
        return _t("%(name)s: no leads generated", { name });
    }
    if (created === 1) {
        return _t("%(name)s: 1 lead generated", { name });
    }
    return _t("%(name)s: %(created)s leads generated", { name, created: formatInteger(created) });
}

registry.category("services").add("lead_mining_notification", leadMiningNotificationService);
