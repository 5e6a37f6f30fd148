from odoo import api, models


class LeadLaneMixin(models.AbstractModel):
    """Scheduled actions that share one queue.

    Odoo locks an `ir.cron` row while it runs, so one row means one worker: several identical rows
    (lanes) spread the work over cron workers and servers.

    :cvar _lane_xmlid: the first of the scheduled actions, of which the others are copies
    """

    _name = "lead.lane.mixin"
    _description = "Lanes"

    _lane_xmlid = ""

    @api.model
    def _lanes(self):
        """Return the scheduled actions that share the work."""
        server_action = self.env.ref(self._lane_xmlid).sudo().ir_actions_server_id
        return self.env["ir.cron"].sudo().search(
            [
                ("model_id", "=", server_action.model_id.id),
                ("code", "=", server_action.code),
                ("active", "in", (True, False)),
            ],
            order="id",
        )  # fmt: skip

    @api.model
    def _lane_name(self, number: int) -> str:
        raise NotImplementedError

    @api.model
    def _set_lanes(self, number: int) -> None:
        """Have `number` lanes."""
        lanes = self._lanes()
        while len(lanes) < number:
            lanes |= lanes[0].copy({"name": self._lane_name(len(lanes) + 1), "active": True})
        lanes[:number].active = True
        lanes[number:].active = False

    @api.model
    def _trigger_lanes(self) -> None:
        for lane in self._lanes().filtered("active"):
            lane._trigger()

    def _commit(self) -> float:
        """Commit and return how many seconds the scheduler leaves this lane."""
        return self.env["ir.cron"]._commit_progress()
