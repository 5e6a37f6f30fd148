import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("lead_mining_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the pipeline.",
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            content: "Open the request over the pipeline.",
            trigger: ".o_control_panel .o_button_lead_mining:contains('Generate Leads')",
            run: "click",
        },
        {
            content: "The price of the default request is shown before anything is paid.",
            trigger: ".modal .o_lead_mining_preview .o_lead_mining_price:contains('3 credits')",
        },
        {
            content: "Ask for two leads.",
            trigger: ".modal .o_field_widget[name='lead_number'] input",
            run: "edit 2 && press Tab",
        },
        {
            content: "Ask for contacts too.",
            trigger: ".modal .o_radio_item:contains('Companies and their Contacts') input",
            run: "click",
        },
        {
            content: "Contacts come with their duties.",
            trigger: ".modal [name='gdpr']:contains('GDPR')",
        },
        {
            content: "The size is hidden until it is filtered.",
            trigger: ".modal:not(:has([name='size_min']))",
        },
        {
            content: "Filter on size.",
            trigger: ".modal .o_field_widget[name='filter_on_size'] input",
            run: "click",
        },
        {
            content: "The range appears.",
            trigger: ".modal .o_field_widget[name='size_min'] input",
        },
        {
            content: "The price follows: two leads with a contact each.",
            trigger:
                ".modal .o_lead_mining_preview[data-ready='1'] .o_lead_mining_price:contains('2 to 4 credits')",
        },
        {
            content: "Companies are counted and masked.",
            trigger: ".modal .o_lead_mining_preview:contains('5 companies match'):contains('S•••')",
        },
        {
            content: "Generate.",
            trigger: ".modal footer button[name='action_generate']",
            run: "click",
        },
        {
            content: "The form tells that it is done.",
            trigger: ".o_form_view .o_arrow_button_current:contains('Done')",
            timeout: 60000,
        },
        {
            content: "Open the leads.",
            trigger: "button[name='action_view_leads']",
            run: "click",
        },
        {
            content: "They are in the pipeline.",
            trigger:
                ".o_kanban_record:contains('Synthetic 1'), .o_data_row:contains('Synthetic 1')",
            run: "click",
        },
        {
            content: "The note tells about the company and its contact.",
            trigger: ".o-mail-Message:contains('PostgreSQL'):contains('person@synthetic1.example')",
        },
    ],
});
