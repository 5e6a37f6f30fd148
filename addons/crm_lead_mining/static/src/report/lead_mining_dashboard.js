import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

const NOTHING = { tiles: [], groups: [] };

/** Totals of what the user has filtered, and the same by provider, industry and country. */
export class LeadMiningDashboard extends Component {
    static template = "crm_lead_mining.Dashboard";
    static props = { domain: Array };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ ...NOTHING });
        this.keepLast = new KeepLast();
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps(({ domain }) => this.load(domain));
    }

    /** Being rendered again while the server is asked asks nothing again. */
    load(domain) {
        if (this.asked !== domain) {
            this.asked = domain;
            this.loading = this.ask(domain);
        }
        return this.loading;
    }

    async ask(domain) {
        let totals = NOTHING;
        try {
            totals = await this.keepLast.add(
                this.orm.call("lead.mining.report", "get_dashboard", [domain])
            );
        } catch (error) {
            // Told as any error; the graph is shown without totals.
            Promise.reject(error);
        }
        Object.assign(this.state, totals);
    }

    filter(group, row) {
        this.env.searchModel.createNewFilters([
            {
                description: `${group.label}: ${row.name}`,
                domain: new Domain([[group.field, "=", row.id]]).toString(),
            },
        ]);
    }
}

export class LeadMiningGraphRenderer extends GraphRenderer {
    static template = "crm_lead_mining.GraphRenderer";
    static components = { ...GraphRenderer.components, LeadMiningDashboard };
}

registry.category("views").add("lead_mining_graph", {
    ...graphView,
    Renderer: LeadMiningGraphRenderer,
});
