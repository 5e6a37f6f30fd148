from odoo import api, models


class LeadMiningRequest(models.Model):
    """Tells more of what a request would find, once its number is there."""

    _inherit = "lead.mining.request"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def get_preview_details(self, values: dict) -> dict:
        """Tell what is known of the companies that would be found, and what else is common there.

        Asked by the form after `get_preview`, so that nobody waits for it.

        :param values: as `get_preview` takes them
        :return: {"known": [{"label", "text"}], "roles": [{"label", "text"}], "industries":
            [{"id", "name", "count"}]}; of providers that can tell it for free
        """
        request = self._to_previewed(values)
        query = request._to_query()
        details = {"known": [], "roles": [], "industries": []}
        if not request.country_ids or request._limit_sentence() or request._filter_sentence():
            return details
        unfit = request._unfit_sentences(query)
        for provider in request._providers().filtered(lambda one: not unfit[one]):
            for name, found in provider._details(query).items():
                # Of the first that knows: numbers of several cannot be added up.
                details[name] = details[name] or found
        return details
