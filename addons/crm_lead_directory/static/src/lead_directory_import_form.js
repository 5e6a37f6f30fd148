import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { useProgress } from "@crm_lead_mining/progress/follow_progress";

/** The import's form, which follows the reading of its file without being reloaded. */
export class LeadDirectoryImportFormController extends formView.Controller {
    setup() {
        super.setup();
        useProgress(this, "lead_directory_import_progress");
    }
}

registry.category("views").add("lead_directory_import_form", {
    ...formView,
    Controller: LeadDirectoryImportFormController,
});
