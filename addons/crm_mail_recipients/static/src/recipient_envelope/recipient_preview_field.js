import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Which records a mailing leaves out, and why: numbers by reason, and the names behind each. */
export class RecipientPreviewField extends Component {
    static template = "crm_mail_recipients.RecipientPreviewField";
    static props = { ...standardFieldProps };

    get preview() {
        return this.props.record.data[this.props.name] || null;
    }

    get summary() {
        const { records, looked_at, mailed } = this.preview;
        return records > looked_at
            ? _t("Records that get an e-mail: %(mailed)s of the first %(looked_at)s", {
                  mailed,
                  looked_at,
              })
            : _t("Records that get an e-mail: %(mailed)s of %(looked_at)s", { mailed, looked_at });
    }

    /** Only some of many are named. */
    namesOf({ names, number }) {
        const some = names.join(", ");
        const more = number - names.length;
        return more > 0 ? _t("%(some)s and %(number)s more", { some, number: more }) : some;
    }
}

registry.category("fields").add("recipient_preview", {
    component: RecipientPreviewField,
    supportedTypes: ["json"],
});
