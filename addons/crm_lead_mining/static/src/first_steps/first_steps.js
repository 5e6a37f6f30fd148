import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** What is to be done once, above the pipeline, until it is done or put aside. */
export class FirstSteps extends Component {
    static template = "crm_lead_mining.FirstSteps";
    static props = {};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.state = useState({ steps: [] });
        // The pipeline does not wait for it.
        onWillStart(() => void this.load());
    }

    async load() {
        try {
            this.state.steps = await this.orm.silent.call("first.steps", "get_steps", []);
        } catch {
            // The pipeline is shown all the same.
        }
    }

    open({ action }) {
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    async dismiss() {
        await this.orm.call("first.steps", "dismiss", []);
        this.state.steps = [];
        this.notification.add(_t("You can find the first steps again in the CRM settings."));
    }
}
