import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Tell users who have gone on with something else that their leads are there. */
export const leadMiningNotificationService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service: bus, notification }) {
        bus.subscribe("lead_mining_progress", ({ id, name, state, created, ended }) => {
            if (!ended) {
                return;
            }
            const open = () =>
                action.doAction({
                    type: "ir.actions.act_window",
                    res_model: "lead.mining.request",
                    res_id: id,
                    views: [[false, "form"]],
                });
            const text =
                state === "waiting"
                    ? _t("%(name)s waits for credits", { name })
                    : _t("%(name)s: %(created)s leads generated", { name, created });
            notification.add(text, {
                type: ["failed", "waiting"].includes(state) ? "warning" : "success",
                buttons: [{ name: _t("Open"), onClick: open }],
            });
        });
    },
};

registry.category("services").add("lead_mining_notification", leadMiningNotificationService);
