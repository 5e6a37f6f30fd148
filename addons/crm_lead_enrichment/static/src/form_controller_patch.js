import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { onWillDestroy } from "@odoo/owl";

const MODELS = ["crm.lead", "res.partner"];

/** Show what an enrichment has filled on the form that is open, unless the user is changing it. */
patch(FormController.prototype, {
    setup() {
        super.setup(...arguments);
        if (!MODELS.includes(this.props.resModel)) {
            return;
        }
        const bus = useService("bus_service");
        const follow = ({ model, res_id }) => {
            const root = this.model.root;
            if (root?.resModel === model && root.resId === res_id && !root.dirty) {
                root.load();
            }
        };
        bus.subscribe("lead_enrichment_progress", follow);
        onWillDestroy(() => bus.unsubscribe("lead_enrichment_progress", follow));
    },
});
