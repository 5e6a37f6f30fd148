from odoo import api, models
from odoo.fields import Domain
from odoo.tools import config, escape_psql

#: States of an addon that is there, or will be once what is going on is done.
THERE = frozenset(("installed", "to install", "to upgrade"))


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _missing_glue(self):
        """Return the addons that install themselves, and have not, though all they join is there.

        Odoo installs such a one beside the last addon that it joins, and at no other time: it is
        missing where that installation was interrupted, where it came with a newer release, and
        where somebody has uninstalled it.
        """
        absent = self._ours().filtered(lambda one: one.state == "uninstalled")
        return absent.filtered(lambda one: one.auto_install and one._finds_all_it_joins())

    @api.model
    def _ours(self):
        """Return this addon and all that need it."""
        common = self.search([("name", "=", "crm_common")])
        return common | common.downstream_dependencies(exclude_states=("uninstallable",))

    def _finds_all_it_joins(self) -> bool:
        self.ensure_one()
        joined = self.dependencies_id.filtered("auto_install_required")
        return {one.state for one in joined} <= THERE

    def _bring_glue(self):
        """Have what joins these addons with others installed, as Odoo does where they are new."""
        if config["skip_auto_install"]:
            return
        glue = self._missing_glue().filtered(lambda one: one.dependencies_id.depend_id & self)
        if glue:
            glue.button_install()

    # === UNINSTALLATION === #

    def module_uninstall(self):
        """Extend `base`: an addon of ours leaves nothing that points nowhere, or would be in force
        again if it came back.
        """
        ours = self & self._ours()
        if ours:
            ours._forget_parameters()
            self._forget_what_points_at_it()
        return super().module_uninstall()

    def _forget_parameters(self):
        """Remove the system parameters of these addons: their keys begin with the addon's name."""
        keys = Domain.OR(Domain("key", "=like", escape_psql(f"{one.name}.") + "%") for one in self)
        self.env["ir.config_parameter"].search(keys).unlink()

    def _forget_what_points_at_it(self):
        """Remove what Odoo leaves behind.

        Of a model that goes: mails to come, filters and export templates. Of one that stays, but
        will have none any more: activities.
        """
        activities = self.env["mail.activity"].with_context(active_test=False)
        activities.search([("res_model", "in", self._models_losing("activity_ids"))]).unlink()
        gone = self._models_losing("id")
        self.env["mail.scheduled.message"].search([("model", "in", gone)]).unlink()
        filters = self.env["ir.filters"].with_context(active_test=False)
        filters.search([("model_id", "in", gone)]).unlink()
        self.env["ir.exports"].search([("resource", "in", gone)]).unlink()

    def _models_losing(self, field_name: str) -> list[str]:
        """Return the models that have a field by these addons alone."""
        fields = self.env["ir.model.fields"].search([("name", "=", field_name)])
        names = set(self.mapped("name"))
        given_by = {
            field.model: {xmlid.partition(".")[0] for xmlid in xmlids}
            for field, xmlids in zip(fields, fields._get_external_ids().values(), strict=True)
        }
        return [model for model, modules in given_by.items() if modules and modules <= names]
