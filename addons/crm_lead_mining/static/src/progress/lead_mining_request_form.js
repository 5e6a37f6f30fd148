import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { useProgress } from "./follow_progress";

/** The request's form, which follows the work on it without being reloaded. */
export class LeadMiningRequestFormController extends formView.Controller {
    setup() {
        super.setup();
        useProgress(this, "lead_mining_progress");
    }

    /** Who leaves the page with the dialog open has decided nothing: no draft stays behind. */
    async beforeUnload(ev) {
        if (!this.env.inDialog) {
            await super.beforeUnload(ev);
        }
    }
}

registry.category("views").add("lead_mining_request_form", {
    ...formView,
    Controller: LeadMiningRequestFormController,
});
