import { RecipientPicker } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { withTyped } from "@crm_mail_recipients/recipient_picker/typed_recipients";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, toRaw, useState } from "@odoo/owl";

/** The picker on a form: the chosen addresses in a Json field, the offer in `recipient_picker`. */
export class RecipientPickerField extends Component {
    static template = "crm_mail_recipients.RecipientPickerField";
    static components = { RecipientPicker };
    static props = { ...standardFieldProps, copies: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ offer: {}, pending: null, text: "" });
        const { bus } = this.props.record.model;
        useBus(bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(this.takeText()));
    }

    get title() {
        return this.props.record.fields[this.props.name].string;
    }

    onText(text) {
        this.state.text = text;
    }

    /** What is typed and not chosen yet is chosen by sending or saving. */
    async takeText() {
        const { text } = this.state;
        if (text.trim() && this.policy) {
            this.state.text = "";
            await this.onChange((value) => withTyped(value, text, this.policy));
        }
    }

    /** What was offered of this record; a form goes on to the next one. */
    get policy() {
        const { offer } = this.state;
        const { resId, data } = this.props.record;
        return (offer.resId === resId && offer.policy) || data.recipient_picker || null;
    }

    /** The card may have changed since a saved form was opened: what is offered is as it is now. */
    async refresh() {
        const { resModel, resId } = this.props.record;
        if (resId) {
            const read = this.orm.read(resModel, [resId], ["recipient_picker"]);
            const [data] = await this.keepLast.add(read);
            this.state.offer = { resId, policy: data.recipient_picker };
        }
        return this.policy;
    }

    onRegistered(policy) {
        this.state.offer = { resId: this.props.record.resId, policy };
    }

    get value() {
        return this.state.pending || this.props.record.data[this.props.name] || [];
    }

    /** The record takes a change over once the server has answered; the next click does not wait. */
    async onChange(change) {
        const choices = change(toRaw(this.value));
        this.state.pending = choices;
        try {
            await this.props.record.update({ [this.props.name]: choices });
        } finally {
            if (toRaw(this.state.pending) === choices) {
                this.state.pending = null;
            }
        }
    }
}

registry.category("fields").add("recipient_picker", {
    component: RecipientPickerField,
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ copies: Boolean(options.copies) }),
    fieldDependencies: [{ name: "recipient_picker", type: "json" }],
});
