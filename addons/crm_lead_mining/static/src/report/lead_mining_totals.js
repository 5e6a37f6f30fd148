import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Tiles with the totals of what the user has filtered. */
export class LeadMiningTotals extends Component {
    static template = "crm_lead_mining.Totals";
    static props = { domain: Array };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ tiles: [] });
        this.keepLast = new KeepLast();
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps(({ domain }) => this.load(domain));
    }

    async load(domain) {
        this.state.tiles = await this.keepLast.add(
            this.orm.call("lead.mining.report", "get_totals", [domain])
        );
    }
}

export class LeadMiningGraphRenderer extends GraphRenderer {
    static template = "crm_lead_mining.GraphRenderer";
    static components = { ...GraphRenderer.components, LeadMiningTotals };
}

registry.category("views").add("lead_mining_graph", {
    ...graphView,
    Renderer: LeadMiningGraphRenderer,
});
