import { onWillDestroy } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/**
 * Reload a form's record when the bus tells that the work on it has gone on, unless the user is
 * changing it.
 *
 * @param {import("@web/views/form/form_controller").FormController} controller
 * @param {string} channel type of the bus notification, whose payload is `{ id }`
 */
export function useProgress(controller, channel) {
    const bus = useService("bus_service");
    const follow = ({ id }) => {
        const root = controller.model.root;
        if (root?.resId === id && !root.dirty) {
            root.load();
        }
    };
    bus.subscribe(channel, follow);
    onWillDestroy(() => bus.unsubscribe(channel, follow));
}
