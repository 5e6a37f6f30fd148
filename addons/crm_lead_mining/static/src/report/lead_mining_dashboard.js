import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Totals of what the user has filtered, and the same by provider, industry and country. */
export class LeadMiningDashboard extends Component {
    static template = "crm_lead_mining.Dashboard";
    static props = { domain: Array };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ tiles: [], groups: [] });
        this.keepLast = new KeepLast();
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps(({ domain }) => this.load(domain));
    }

    async load(domain) {
        Object.assign(
            this.state,
            await this.keepLast.add(this.orm.call("lead.mining.report", "get_dashboard", [domain]))
        );
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
