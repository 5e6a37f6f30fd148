import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("recipient_first_policy", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            content: _t("Who may be written to is chosen in the CRM."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm.crm_menu_config']",
            content: _t("Open the configuration."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_mail_recipients.mail_recipient_settings_menu']",
            content: _t("These are the settings of outgoing e-mail."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='recipient_policy'] input",
            content: _t("From now on, e-mail reaches only the addresses of its deal."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='recipient_any_address']",
        },
        {
            trigger: ".modal footer button[name='action_apply']",
            content: _t("Save it: the next quotation cannot go to the wrong customer."),
            tooltipPosition: "top",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "body:not(:has(.modal)) .o_action_manager",
        },
    ],
});
