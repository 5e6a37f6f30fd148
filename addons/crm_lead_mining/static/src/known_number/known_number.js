import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** A number of which 0 says that it is not known: it is left empty. */
export class KnownNumberField extends IntegerField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("lead_mining_known_number", {
    ...integerField,
    component: KnownNumberField,
});
