from typing import Any, TypedDict

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: The day on which whoever looks after the database has put the steps aside, or `WANTED`.
PARAMETER = "crm_common.first_steps_dismissed"
#: Somebody has asked for them again, and sees them even where nothing is left to be done.
WANTED = "wanted"


class Step(TypedDict):
    """A step, as the panel shows it.

    :ivar text: one sentence: what it is for, or what is there once it is done
    :ivar action: what its button opens, as `doAction` takes it
    """

    name: str
    title: str
    text: str
    is_done: bool
    button: str
    action: Any


class FirstSteps(models.AbstractModel):
    """What has to be done once, from the installation to the first lead and the first e-mail.

    Each addon adds the step that it needs; the CRM shows them until they are done or put aside.
    """

    _name = "first.steps"
    _description = "First Steps"

    @api.model
    def get_steps(self) -> list[Step]:
        """Return the steps, those of whom they are not for left out.

        :return: none once somebody has put them aside, or all are done and nobody asked for them
        """
        if not self._is_for_user():
            return []
        # Sudo: it is one parameter, of no other use.
        state = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        if state and state != WANTED:
            return []
        steps = [step for _place, step in sorted(self._steps().items())]
        return steps if state or not all(step["is_done"] for step in steps) else []

    @api.model
    def dismiss(self, dismissed: bool = True) -> None:
        """Put the steps aside for everybody, or show them again.

        :raise AccessError: for those who do not look after the database
        """
        if not self._is_for_user():
            raise AccessError(self.env._("Only an administrator can hide the first steps."))
        # Sudo: it is one parameter, of no other use.
        self.env["ir.config_parameter"].sudo().set_param(
            PARAMETER, fields.Date.today() if dismissed else WANTED
        )

    @api.model
    def _is_for_user(self) -> bool:
        """Tell whether the steps are the user's to do."""
        return self.env.user.has_group("base.group_system")

    @api.model
    def _steps(self) -> dict[int, Step]:
        """Return the steps by their places; extended by the addons that bring one."""
        return {}
