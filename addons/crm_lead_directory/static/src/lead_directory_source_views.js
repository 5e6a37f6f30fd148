import { onWillDestroy } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { useProgress } from "@crm_lead_mining/progress/follow_progress";

const CHANNEL = "lead_directory_source_progress";

/** The form of a source, which follows its download without being reloaded. */
export class LeadDirectorySourceFormController extends formView.Controller {
    setup() {
        super.setup();
        useProgress(this, CHANNEL);
    }
}

/** The gallery, whose cards follow their downloads. */
export class LeadDirectorySourceKanbanController extends kanbanView.Controller {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const follow = ({ id }) =>
            this.model.root.records.find((record) => record.resId === id)?.load();
        bus.subscribe(CHANNEL, follow);
        onWillDestroy(() => bus.unsubscribe(CHANNEL, follow));
    }
}

registry.category("views").add("lead_directory_source_form", {
    ...formView,
    Controller: LeadDirectorySourceFormController,
});
registry.category("views").add("lead_directory_source_kanban", {
    ...kanbanView,
    Controller: LeadDirectorySourceKanbanController,
});
