import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("gmail_setup", {
    steps: () => [
        {
            content: "The settings of the mail plugins lead to the page",
            trigger: ".o_setting_box button:contains('Gmail Add-on')",
            run: "click",
        },
        {
            content: "It begins with the project",
            trigger: "[name='step_1']:contains('Google Workspace Marketplace SDK')",
        },
        {
            content: "The deployment can be copied",
            trigger: "[name='step_3'] button:contains('Copy the Deployment')",
        },
        {
            content: "It has the addresses of this database",
            trigger:
                "[name='step_3'] [name='deployment']:contains('https://odoo.example/gmail_addon')",
        },
        {
            content: "A wrong value",
            trigger: "[name='service_account'] input",
            run: "edit me@gmail.com",
        },
        { trigger: "button[name='action_save']", run: "click" },
        {
            content: "says what it should look like",
            trigger: ".modal-body:contains('is no service account')",
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "The two values of Google's console",
            trigger: "[name='service_account'] input",
            run: "edit service-42@gcp-sa-gsuiteaddons.iam.gserviceaccount.com",
        },
        {
            trigger: "[name='client_id'] input",
            run: "edit 42-abc.apps.googleusercontent.com",
        },
        { trigger: "button[name='action_save']", run: "click" },
        { content: "are kept", trigger: ".o_form_saved:not(.o_form_dirty)" },
        { trigger: "button[name='action_check']", run: "click" },
        {
            content: "and the address is checked",
            trigger: "[name='problem']:contains('refuses strangers')",
        },
        {
            content: "Plain Gmail accounts have steps of their own",
            trigger: "[name='step_6'] .nav-link:contains('gmail.com')",
            run: "click",
        },
        { trigger: "[name='step_6'] li:contains('at most 100')" },
    ],
});
