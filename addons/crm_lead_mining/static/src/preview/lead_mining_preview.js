import {
    Component,
    onPatched,
    onWillDestroy,
    onWillPatch,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const READ = {
    many2one: (value) => (value ? value.id : false),
    many2many: (value) => value.currentIds,
};
const DELAY = 400;
const NO_DETAILS = { known: [], roles: [], industries: [] };

/**
 * What a request would find and cost, while its criteria are being typed.
 *
 * Asked apart from the form's own calls, so that a slow provider never holds up the user.
 */
export class LeadMiningPreview extends Component {
    static template = "crm_lead_mining.Preview";
    static props = { ...standardWidgetProps, criteria: { type: Array, element: String } };

    /** Numbers are written as in the user's language, which need not be the browser's. */
    number = (value) => formatInteger(value);

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ loading: true, preview: null, details: NO_DETAILS });
        this.root = useRef("root");
        this.summary = useRef("summary");
        this.asked = 0;
        const ask = useDebounced(() => this.ask(), DELAY);
        useEffect(
            () => {
                // What is being answered was asked about other criteria.
                this.asked++;
                this.state.loading = true;
                ask();
            },
            () => [JSON.stringify(this.criteria)]
        );
        useEffect(
            () => {
                // A window that is made narrower, or a phone that is turned, breaks its lines anew.
                const observer = new ResizeObserver(() => this.stick());
                observer.observe(this.root.el);
                observer.observe(this.summary.el);
                return () => observer.disconnect();
            },
            () => []
        );
        this.keepFocus();
        onWillDestroy(() => (this.asked = -1));
    }

    /** Who has pressed a button that is gone with the next answer goes on from here. */
    keepFocus() {
        let hadFocus = false;
        onWillPatch(() => (hadFocus = this.root.el.contains(document.activeElement)));
        onPatched(() => {
            if (hadFocus && !this.root.el.contains(document.activeElement)) {
                this.summary.el.focus({ preventScroll: true });
            }
        });
    }

    /** Number and price stay in sight at the bottom; what is below them covers no criteria. */
    stick() {
        const below = this.root.el.offsetHeight - this.summary.el.offsetHeight;
        this.root.el.style.bottom = `${-below}px`;
    }

    get criteria() {
        const { data, fields } = this.props.record;
        return Object.fromEntries(
            this.props.criteria
                .filter((name) => name in fields && name in data)
                .map((name) => [name, (READ[fields[name].type] || ((raw) => raw))(data[name])])
        );
    }

    async ask() {
        const ticket = this.asked;
        let preview = null;
        try {
            preview = await this.orm.silent.call("lead.mining.request", "get_preview", [
                this.criteria,
            ]);
        } catch {
            // Unknown is allowed here; the request itself tells what is wrong.
        }
        // Only the answer to the last question counts.
        if (ticket === this.asked) {
            Object.assign(this.state, { preview, loading: false });
            await this.askDetails(ticket);
        }
    }

    async askDetails(ticket) {
        let details = NO_DETAILS;
        if (this.state.preview && !this.state.preview.problem) {
            try {
                details = await this.orm.silent.call("lead.mining.request", "get_preview_details", [
                    this.criteria,
                ]);
            } catch {
                // Number and price are told all the same.
            }
        }
        if (ticket === this.asked) {
            this.state.details = details;
        }
    }

    /** What else is common in these countries, until an industry is chosen. */
    get chips() {
        const { industry_ids: chosen } = this.props.record.data;
        return chosen && !chosen.count ? this.state.details.industries : [];
    }

    choose(industry) {
        return this.props.record.data.industry_ids.addAndRemove({ add: [industry.id] });
    }

    /** How many leads the credits allow, where that is not what is asked for. */
    get affordable() {
        const { affordable } = this.state.preview;
        return affordable > 0 && affordable !== this.props.record.data.lead_number ? affordable : 0;
    }

    askForAll() {
        return this.props.record.update({ lead_number: this.state.preview.affordable });
    }

    async askForCredits() {
        this.action.doAction(
            await this.orm.call("lead.mining.request", "ask_for_credits", [this.criteria])
        );
    }

    /** What is known of a company of the sample: the icon and its words. */
    get marks() {
        return {
            email: ["fa-envelope-o", _t("E-mail known")],
            phone: ["fa-phone", _t("Phone known")],
            website: ["fa-globe", _t("Website known")],
        };
    }

    placeOf(company) {
        return [company.city, company.country].filter(Boolean).join(", ");
    }

    get countText() {
        const { count, count_is_capped: capped, at_least: atLeast, living } = this.state.preview;
        if (living) {
            return atLeast
                ? _t("At least %s companies match.", this.number(living))
                : _t("Exactly %s companies match.", this.number(living));
        }
        if (count === null || (!count && atLeast)) {
            return _t("The number of matches is known when the request runs.");
        }
        if (!count) {
            return _t("No company matches. Try removing some criteria.");
        }
        if (count === 1) {
            return atLeast ? _t("At least 1 company matches.") : _t("1 company matches.");
        }
        const number = this.number(count);
        if (capped) {
            return _t("More than %s companies match.", number);
        }
        return atLeast
            ? _t("At least %s companies match.", number)
            : _t("%s companies match.", number);
    }

    follow(action) {
        this.action.doAction(action);
    }

    /** Who knows how many: shown where several providers were asked. */
    get providersText() {
        return this.state.preview.providers
            .map(({ name, count }) => `${name}: ${this.number(count)}`)
            .join(" · ");
    }

    get contactsText() {
        const { contacts, contacts_are_capped: capped, at_least: atLeast } = this.state.preview;
        if (contacts === null || (!contacts && atLeast)) {
            return _t("How many contacts are known shows when the request runs.");
        }
        if (!contacts) {
            return _t("No contact that fits is known of them. Try other roles.");
        }
        const number = this.number(contacts);
        if (capped) {
            return _t("More than %s contacts that fit are known of them.", number);
        }
        if (contacts === 1) {
            return _t("1 contact that fits is known of them.");
        }
        return atLeast
            ? _t("At least %s contacts that fit are known of them.", number)
            : _t("%s contacts that fit are known of them.", number);
    }

    get priceText() {
        const { price, lowest_price: lowest } = this.state.preview;
        if (lowest < price) {
            return _t("Price: %(lowest)s to %(highest)s credits", {
                lowest: this.number(lowest),
                highest: this.number(price),
            });
        }
        return price === 1 ? _t("Price: 1 credit") : _t("Price: %s credits", this.number(price));
    }
}

registry.category("view_widgets").add("lead_mining_preview", {
    component: LeadMiningPreview,
    // The server writes into the view which fields are criteria.
    extractProps: ({ attrs }) => ({ criteria: attrs.criteria.split(",") }),
});
