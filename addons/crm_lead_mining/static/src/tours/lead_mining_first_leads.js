import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("lead_mining_first_leads", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            content: _t("Leads are generated in the CRM."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_button_lead_mining",
            content: _t("Have companies found that may become customers."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='lead_number'] input",
            content: _t("Say how many leads you want."),
            tooltipPosition: "top",
            run: "edit 2",
        },
        {
            trigger: ".modal .o_lead_mining_preview[data-ready='1'] .o_lead_mining_price",
            content: _t(
                "Before anything is paid you see how many companies match, and what they cost."
            ),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".modal footer button[name='action_generate']",
            content: _t("Get them as leads."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_statusbar_status",
        },
    ],
});
