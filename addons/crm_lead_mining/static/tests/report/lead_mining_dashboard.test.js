import { speakItalian } from "@crm_common/../tests/italian";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import { setupChartJsForTests } from "@web/../tests/views/graph/graph_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getFacetTexts,
    makeServerError,
    models,
    mountView,
    onRpc,
    removeFacet,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class LeadMiningReport extends models.Model {
    _name = "lead.mining.report";

    name = fields.Char();
    provider_id = fields.Many2one({ relation: "lead.mining.provider", string: "Provider" });
    won_count = fields.Integer();

    _records = [
        { id: 1, name: "A", provider_id: 7, won_count: 1 },
        { id: 2, name: "B", won_count: 0 },
    ];
}

class LeadMiningProvider extends models.Model {
    _name = "lead.mining.provider";

    name = fields.Char();

    _records = [{ id: 7, name: "Registry" }];
}

defineMailModels();
defineModels([LeadMiningReport, LeadMiningProvider]);
setupChartJsForTests();

const TILE = ".o_lead_mining_dashboard [data-name='revenue']";
const ROWS = "[data-name='provider_id'] tbody tr";
const tile = (value) => ({
    tiles: [{ name: "revenue", label: "Won revenue", value, icon: "fa-money" }],
    groups: [],
});
const group = (...rows) => ({
    ...tile("€ 1,200"),
    groups: [
        {
            field: "provider_id",
            label: "Provider",
            rows: rows.map((row) => ({ leads: "2", credits: "6", revenue: "€ 0", ...row })),
        },
        { field: "industry_id", label: "Industry", rows: [] },
    ],
});
const REGISTRY = { id: 7, name: "Registry", leads: "1,234", credits: "5,678", revenue: "€ 9,000" };

let asked;
let answers;

async function mountReport(...given) {
    answers = given;
    await mountView({
        type: "graph",
        resModel: "lead.mining.report",
        arch: `<graph js_class="lead_mining_graph"><field name="provider_id"/></graph>`,
        searchViewArch: `<search>
                <filter name="won" string="Won" domain="[('won_count', '=', 1)]"/>
                <filter name="open" string="Open" domain="[('won_count', '=', 0)]"/>
            </search>`,
    });
}

async function filter(...names) {
    await toggleSearchBarMenu();
    for (const name of names) {
        await toggleMenuItem(name);
    }
}

beforeEach(() => {
    asked = [];
    onRpc("lead.mining.report", "get_dashboard", async ({ args }) => {
        asked.push(args[0]);
        const answer = await (answers.length > 1 ? answers.shift() : answers[0]);
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    });
});

test("totals stand over the graph, as the server words them", async () => {
    await mountReport(group(REGISTRY));
    expect(TILE).toHaveText(/Won revenue\s*€ 1,200/);
    expect(queryAllTexts(`${ROWS} td`)).toEqual(["Registry", "1,234", "5,678", "€ 9,000"]);
    expect(queryAllTexts("[data-name='provider_id'] th")).toEqual([
        ...["Provider", "Leads", "Credits", "Won"],
    ]);
    expect(".o_graph_canvas_container canvas").toHaveCount(1);
});

test("where nothing was mined there are totals, and no empty tables", async () => {
    await mountReport(group());
    expect(TILE).toHaveCount(1);
    expect(".o_graph_renderer table").toHaveCount(0);
});

test("names are shown as they are, whole when pointed at, never as markup", async () => {
    const name = `<b>${"Long ".repeat(40)}</b>`;
    await mountReport(group({ ...REGISTRY, name }));
    expect(`${ROWS} td:first`).toHaveText(name);
    expect(`${ROWS} [title]`).toHaveAttribute("title", name);
    expect(`${ROWS} b`).toHaveCount(0);
});

test("a click on a row filters the report by it", async () => {
    await mountReport(group(REGISTRY, { id: false, name: "None" }));
    await contains(`${ROWS}:first`).click();
    expect(getFacetTexts()).toEqual(["Provider: Registry"]);
    expect(asked).toEqual([[], [["provider_id", "=", 7]]]);
    await removeFacet("Provider: Registry");
    await contains(`${ROWS}:last`).click();
    expect(getFacetTexts()).toEqual(["Provider: None"]);
    expect(asked.at(-1)).toEqual([["provider_id", "=", false]]);
});

test("rows are reached and chosen with the keyboard", async () => {
    await mountReport(group({ id: false, name: "None" }, REGISTRY));
    await contains(`${ROWS}:first [title]`).focus();
    await press("Tab");
    await press("Enter");
    await animationFrame();
    expect(getFacetTexts()).toEqual(["Provider: Registry"]);
    expect(asked).toHaveLength(2);
});

test("totals follow the filter", async () => {
    await mountReport(tile("€ 10"), tile("€ 4"));
    await filter("Won");
    expect(TILE).toHaveText(/€ 4$/);
    expect(asked).toEqual([[], [["won_count", "=", 1]]]);
});

test("the answer to an older filter that comes last is not shown", async () => {
    const [slow, fast] = [new Deferred(), new Deferred()];
    await mountReport(tile("€ 10"), slow, fast);
    await filter("Won", "Open");
    expect(asked.map(String)).toEqual(["", "won_count,=,1", "|,won_count,=,1,won_count,=,0"]);
    fast.resolve(tile("€ 6"));
    await animationFrame();
    expect(TILE).toHaveText(/€ 6$/);
    slow.resolve(tile("€ 4"));
    await animationFrame();
    expect(TILE).toHaveText(/€ 6$/);
});

test("an error of the server is told, and the graph is shown without totals", async () => {
    expect.errors(1);
    await mountReport(makeServerError({ message: "No totals" }), tile("€ 4"));
    await animationFrame();
    expect.verifyErrors(["No totals"]);
    expect(".o_error_dialog").toHaveCount(1);
    await contains(".o_error_dialog .btn-primary").click();
    expect(".o_graph_canvas_container canvas").toHaveCount(1);
    expect(TILE).toHaveCount(0);
    await filter("Won");
    expect(TILE).toHaveText(/€ 4$/);
});

test("an error after an answer takes the old totals away: they are not those of the filter", async () => {
    expect.errors(1);
    await mountReport(tile("€ 10"), makeServerError({ message: "No totals" }));
    await filter("Won");
    await animationFrame();
    expect.verifyErrors(["No totals"]);
    expect(".o_graph_canvas_container canvas").toHaveCount(1);
    expect(TILE).toHaveCount(0);
});

test("an Italian reads Italian", async () => {
    await speakItalian("crm_lead_mining");
    await mountReport(group(REGISTRY));
    const headings = queryAllTexts("[data-name='provider_id'] th:not(:first-child)");
    expect(headings.includes("Crediti")).toBe(true);
    expect(headings.some((text) => ["Leads", "Credits", "Won"].includes(text))).toBe(false);
});
