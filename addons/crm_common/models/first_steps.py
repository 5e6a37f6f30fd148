from typing import Any, TypedDict

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: That whoever looks after the database has put the steps aside.
PARAMETER = "crm_common.first_steps_dismissed"


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

        :return: none once all are done, or somebody has put them aside
        """
        if not self._is_for_user() or self._is_dismissed():
            return []
        steps = [step for _place, step in sorted(self._steps().items())]
        return [] if all(step["is_done"] for step in steps) else steps

    @api.model
    def dismiss(self, dismissed: bool = True) -> None:
        """Put the steps aside for everybody, or show them again.

        :raise AccessError: for those who do not look after the database
        """
        if not self._is_for_user():
            raise AccessError(self.env._("Only an administrator can hide the first steps."))
        # Sudo: it is one parameter, of no other use.
        self.env["ir.config_parameter"].sudo().set_param(
            PARAMETER, dismissed and fields.Date.today()
        )

    @api.model
    def _is_for_user(self) -> bool:
        """Tell whether the steps are the user's to do."""
        return self.env.user.has_group("base.group_system")

    @api.model
    def _is_dismissed(self) -> bool:
        return bool(self.env["ir.config_parameter"].sudo().get_param(PARAMETER))

    @api.model
    def _steps(self) -> dict[int, Step]:
        """Return the steps by their places; extended by the addons that bring one."""
        return {}
