from odoo import api, fields, models

from ...providers.base import COUNT_LIMIT


class LeadMiningRequest(models.Model):
    """Tells, before anything is paid, what a request would find and cost."""

    _inherit = "lead.mining.request"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def get_preview(self, values: dict) -> dict:
        """Tell, before anything is paid, what a request would find and cost.

        Called by the form, never inside an onchange: a provider that is slow must not hold up the
        user's typing.

        :param values: the form's criteria, many2many fields as lists of ids
        :return: {"problem", "count", "count_is_capped", "living", "contacts",
            "contacts_are_capped", "at_least", "sample", "providers", "price", "lowest_price",
            "affordable", "balance", "missing", "may_buy", "refusal", "warnings", "is_low",
            "advice"}; count and contacts are None when they are unknown, and contacts is missing
            when none are asked for.
            `living` is the exact number where the count is unknown or capped, if one is kept,
            with companies in it that are known or suppressed.
        """
        request = self._to_previewed(values)
        query = request._to_query()
        # Searched once. No other one has answered a request that nobody has stored.
        providers = request._providers()
        unfit = request._unfit_sentences(query, providers)
        account_sudo = request._account_sudo()
        preview = {
            "problem": request._preview_problem(unfit),
            "count": None,
            "living": None,
            "contacts": None,
            "at_least": False,
            "sample": [],
            "providers": [],
        }
        if not preview["problem"]:
            fit = providers.filtered(lambda one: not unfit[one])
            preview = preview | fit._previews_of(query)
        leads, count = request.lead_number, preview["count"]
        if count is not None:
            preview["count"] = min(count, COUNT_LIMIT)
            leads = leads if preview["at_least"] else min(leads, count)
        nothing = count == 0 and not preview["at_least"]
        contacts = preview.pop("contacts")
        if request.target == "contacts":
            preview["contacts"] = contacts and min(contacts, COUNT_LIMIT)
            preview["contacts_are_capped"] = (contacts or 0) > COUNT_LIMIT
        known = None if preview["at_least"] else preview["count"]
        price = 0 if preview["problem"] else request._highest_price(leads, providers)
        balance = account_sudo.credits_available
        return preview | {
            "count_is_capped": count is not None and count > COUNT_LIMIT,
            "price": price,
            "lowest_price": 0 if preview["problem"] else request._lowest_price(leads, providers),
            "affordable": 0
            if preview["problem"]
            else request._affordable(known, balance, providers),
            "balance": balance,
            "may_buy": account_sudo._is_buyable_by(self.env.user),
            "missing": max(0, price - balance),
            **request._limits_preview(account_sudo, providers),
            "advice": request._preview_advice() if nothing else {},
            "buy_url": request._credits_url(),
        }

    def _limits_preview(self, account_sudo, providers) -> dict:
        """Tell which budgets stop the request or warn of it, and whether credits run out."""
        Budget = self.env["iap.credit.budget"]
        verdicts = self._judge_budgets(account_sudo, providers)
        verdicts = [verdict for verdict in verdicts if verdict.limit]
        refusals = [Budget._get_sentence(v) for v in verdicts if v.level == "exceeded"]
        return {
            "refusal": refusals[0] if refusals else "",
            "warnings": [Budget._get_sentence(v) for v in verdicts if v.level == "warning"],
            "is_low": account_sudo._is_balance_low(),
        }

    def _preview_advice(self) -> dict:
        """Tell what helps where nothing was found.

        :return: {"text", "action", "label"}, of which the last two may be missing; empty if nothing
            helps but other criteria
        """
        return {}

    def _preview_problem(self, unfit: dict) -> str:
        if not self.country_ids:
            return self.env._("Choose at least one country.")
        return self._limit_sentence() or self._filter_sentence() or self._provider_sentence(unfit)

    @api.model
    def _to_previewed(self, values: dict):
        """Return the request that a user's form describes, which nobody has stored.

        :param values: of the form, as the client sends them
        :raise AccessError: if they may not make such a request
        """
        self._check_is_on()
        self.check_access("create")
        request = self.new(self._preview_values(values))
        request._check_companies()
        # Who pays is the company of the search, whichever is active.
        return request.with_company(request.company_id)

    @api.model
    def _preview_values(self, values: dict) -> dict:
        """Keep the criteria only, with the types they must have."""
        kept = {}
        for name in self._preview_fields() & values.keys():
            field, value = self._fields[name], values[name]
            if field.type == "many2many":
                value = [fields.Command.set([i for i in value or () if isinstance(i, int)])]
            elif field.type in ("many2one", "integer"):
                value = value if isinstance(value, int) else 0
            kept[name] = value
        return kept
