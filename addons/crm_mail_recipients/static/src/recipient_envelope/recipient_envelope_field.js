import { RecipientEnvelope } from "@crm_mail_recipients/recipient_envelope/recipient_envelope";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

export class RecipientEnvelopeField extends Component {
    static template = "crm_mail_recipients.RecipientEnvelopeField";
    static components = { RecipientEnvelope };
    static props = { ...standardFieldProps };

    get envelope() {
        return this.props.record.data[this.props.name] || false;
    }

    get chosen() {
        return this.props.record.data.recipient_choices || [];
    }
}

registry.category("fields").add("recipient_envelope", {
    component: RecipientEnvelopeField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "recipient_choices", type: "json" }],
});
