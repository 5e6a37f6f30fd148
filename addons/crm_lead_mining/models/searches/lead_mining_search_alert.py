from odoo import fields, models

from odoo.addons.crm_iap_credits.tools.shown import shown

ACTIVITY = "crm_lead_mining.mail_activity_search_matches"


class LeadMiningSearch(models.Model):
    """Lets a search tell its owner of new companies, instead of buying them."""

    _inherit = "lead.mining.search"  # pylint: disable=consider-merging-classes-inherited

    tells_only = fields.Boolean(
        string="Alert Instead of Buying",
        help="At its time the search generates no leads. When there are more new companies than "
        "last time, its owner gets an activity, and decides.",
    )
    told_count = fields.Integer(
        readonly=True, copy=False, help="How many new companies there were the last time."
    )

    def action_generate(self):
        """Extend this model: who generates leads has heard the alert."""
        action = super().action_generate()
        self.activity_unlink([ACTIVITY])
        return action

    def _make_request(self, slot) -> None:
        """Extend this model: a search that only tells makes no request."""
        if self.tells_only:
            return self._tell_matches()
        return super()._make_request(slot)

    def _tell_matches(self) -> None:
        """Give the owner an activity, if there are more new companies than the last time."""
        owned = self._as_owner()
        request = owned.env["lead.mining.request"].new(owned._run_values())
        query = request._to_query()
        unfit = request._unfit_sentences(query)
        if sentence := request._provider_sentence(unfit):
            self._run_failed(sentence)
            return
        matches = request._providers().filtered(lambda one: not unfit[one])._previews_of(query)
        count = matches["living"] or matches["count"]
        self.last_run = fields.Datetime.now()
        if count is None:
            self._message_log(
                body=owned.env._("This time nobody could tell how many companies are new.")
            )
            return
        if count > self.told_count:
            self.activity_unlink([ACTIVITY])
            self.activity_schedule(
                ACTIVITY,
                summary=owned.env._("New companies that match: %s", shown(owned.env, count)),
                user_id=self.owner_id.id,
            )
        self.told_count = count
