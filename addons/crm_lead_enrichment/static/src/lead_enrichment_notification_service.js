import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";

const TYPES = {
    done: "success",
    not_found: "warning",
    failed: "danger",
    waiting_credits: "warning",
};

/** Tell who has asked what came of it: of one record what changed, of several how many. */
export const leadEnrichmentNotificationService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service: bus, notification }) {
        const open = (id) =>
            action.doAction({
                type: "ir.actions.act_window",
                name: _t("What Changed"),
                res_model: "lead.enrichment",
                res_id: id,
                views: [[false, "form"]],
                target: "new",
            });
        bus.subscribe("lead_enrichment_progress", (progress) => {
            const { id, name, state, message, changed, buy_url, counts, ended } = progress;
            const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
            if (!ended) {
                return;
            }
            if (total > 1) {
                notification.add(summary(counts), { type: counts.failed ? "warning" : "success" });
                return;
            }
            const buttons = changed ? [{ name: _t("What Changed"), onClick: () => open(id) }] : [];
            const buy = buy_url
                ? markup`${message} <a href="${buy_url}" target="_blank">${_t("Buy credits")}</a>`
                : message;
            notification.add(buy, { title: name, type: TYPES[state], buttons });
        });
    },
};

function summary(counts) {
    const labels = {
        done: (number) => _t("%s enriched", number),
        not_found: (number) => _t("%s not found", number),
        failed: (number) => _t("%s failed", number),
        waiting_credits: (number) =>
            counts.waiting_credits === 1
                ? _t("1 waits for credits")
                : _t("%s wait for credits", number),
    };
    const parts = Object.keys(labels).filter((state) => counts[state]);
    return parts.map((state) => labels[state](formatInteger(counts[state]))).join(", ");
}

registry
    .category("services")
    .add("lead_enrichment_notification", leadEnrichmentNotificationService);
