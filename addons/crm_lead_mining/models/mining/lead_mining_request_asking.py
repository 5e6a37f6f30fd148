from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.crm_iap_credits.tools.shown import shown

ACTIVITY = "crm_lead_mining.mail_activity_type_credits"


class LeadMiningRequest(models.Model):
    """Lets who may not buy credits ask for them."""

    _inherit = "lead.mining.request"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def ask_for_credits(self, values: dict) -> dict:
        """Ask for the credits that a request of these criteria lacks.

        :param values: as `get_preview` takes them
        :return: a notification
        :raise UserError: if there is nobody to ask
        """
        return self._to_previewed(values)._ask_for_credits()

    def action_ask_for_credits(self):
        """Ask for the credits that this request lacks."""
        self.ensure_one()
        self.check_access("write")
        return self._ask_for_credits()

    def _ask_for_credits(self) -> dict:
        """Give whoever buys credits an activity, unless they have one of this user already."""
        buyer = self._account_sudo()._get_billing_users()[:1]
        if not buyer:
            raise UserError(self.env._("Nobody may buy credits yet: ask your administrator."))
        activity_type = self.env.ref(ACTIVITY)
        # Sudo: an activity of no record, for somebody else.
        activities_sudo = self.env["mail.activity"].sudo()
        asked = [
            ("user_id", "=", buyer.id),
            ("create_uid", "=", self.env.uid),
            ("activity_type_id", "=", activity_type.id),
        ]
        if not activities_sudo.search_count(asked, limit=1):
            translated = self.with_context(lang=buyer.lang).env
            activities_sudo.create(
                {
                    "activity_type_id": activity_type.id,
                    "user_id": buyer.id,
                    "summary": translated._(
                        "%(user)s asks for credits for lead mining. Missing: %(missing)s.",
                        user=self.env.user.name,
                        missing=shown(translated, self._missing_credits()),
                    ),
                }
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s has been asked for credits.", buyer.name),
            },
        }
