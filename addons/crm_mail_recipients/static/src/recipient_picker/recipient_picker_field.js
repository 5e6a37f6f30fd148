import { RecipientPicker } from "@crm_mail_recipients/recipient_picker/recipient_picker";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** The picker on a form: the chosen addresses in a Json field, the offer in `recipient_picker`. */
export class RecipientPickerField extends Component {
    static template = "crm_mail_recipients.RecipientPickerField";
    static components = { RecipientPicker };
    static props = { ...standardFieldProps };

    get policy() {
        return this.props.record.data.recipient_picker || null;
    }

    get value() {
        return this.props.record.data[this.props.name] || [];
    }

    onChange(choices) {
        this.props.record.update({ [this.props.name]: choices });
    }
}

registry.category("fields").add("recipient_picker", {
    component: RecipientPickerField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "recipient_picker", type: "json" }],
});
