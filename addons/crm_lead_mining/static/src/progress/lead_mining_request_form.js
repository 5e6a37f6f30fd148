import { onWillDestroy } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";

/** The request's form, which follows the work on it without being reloaded. */
export class LeadMiningRequestFormController extends formView.Controller {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const follow = ({ id }) => {
            const root = this.model.root;
            if (root?.resId === id && !root.dirty) {
                root.load();
            }
        };
        bus.subscribe("lead_mining_progress", follow);
        onWillDestroy(() => bus.unsubscribe("lead_mining_progress", follow));
    }
}

registry.category("views").add("lead_mining_request_form", {
    ...formView,
    Controller: LeadMiningRequestFormController,
});
