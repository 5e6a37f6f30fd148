import logging
import time
from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ..providers import errors
from ..providers.base import Provider
from ..providers.contacts import choose_contacts
from ..providers.masking import mask_email, mask_name, mask_phone
from ..providers.registry import adapter_codes, adapter_for
from ..providers.types import Company, CompanyQuery
from ..tools.lead_values import employees_text

_logger = logging.getLogger(__name__)

#: How long a preview may take and how long it is remembered, in seconds.
PREVIEW_TIMEOUT = 2
PREVIEW_TTL = 60
SAMPLE_SIZE = 3

_previews = LRU(512)


class LeadMiningProvider(models.Model):
    _name = "lead.mining.provider"
    _description = "Lead Mining Provider"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(lambda self: self._selection_code(), required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each provider is set up once.")

    @api.model
    def _selection_code(self):
        return [(code, code.replace("_", " ").title()) for code in adapter_codes()]

    def _build_adapter(self) -> Provider:
        """Return the adapter, ready to be asked.

        :raise ProviderError: if it cannot be made
        """
        self.ensure_one()
        build = getattr(self, f"_build_{self.code}", None)
        return build() if build else adapter_for(self.code)()

    def _build_directory(self) -> Provider:
        # What was mined once is not even looked at again.
        known = SQL("(SELECT key FROM lead_mining_identity)")
        return self.env["lead.directory.dataset"]._directory_provider(known=known)

    # === PREVIEW === #

    def _preview(self, query: CompanyQuery) -> dict:
        """Count the matches and take a masked sample, where that is free.

        :return: {"count": int | None, "sample": [...]}, remembered for PREVIEW_TTL seconds
        """
        self.ensure_one()
        # Companies have datasets of their own, so what one sees is not another's answer.
        key = (self.env.cr.dbname, self.id, self.env.company.id, query)
        stored_at, preview = _previews.get(key, (0.0, None))
        if preview is None or time.monotonic() - stored_at > PREVIEW_TTL:
            preview = self._ask_preview(query)
            if preview["count"] is not None:
                _previews[key] = (time.monotonic(), preview)
        return preview

    def _ask_preview(self, query: CompanyQuery) -> dict:
        unknown = {"count": None, "sample": []}
        try:
            with self.env.cr.savepoint():
                # Half of the time for the count, half for the sample.
                self.env.cr.execute(
                    "SELECT set_config('statement_timeout', %s, true)",
                    (str(PREVIEW_TIMEOUT * 1000 // 2),),
                )
                adapter = self._build_adapter().within(PREVIEW_TIMEOUT / 2)
                if not adapter.count_is_free:
                    # The user has not agreed to pay yet.
                    return unknown
                sample = self._screened(adapter.search(query, None, SAMPLE_SIZE).companies, query)
                return {"count": adapter.count(query), "sample": [_masked(c) for c in sample]}
        except Exception as error:
            # A preview that fails says "unknown"; the request itself will tell what is wrong.
            _logger.info("Provider %s: no preview (%s)", self.code, error)
            return unknown
        finally:
            self.env.cr.execute("SET LOCAL statement_timeout TO DEFAULT")

    @api.model
    def _screened(self, companies, query: CompanyQuery) -> list[Company]:
        """Return what could be delivered of a sample: nobody on the list of what is never mined."""
        screened = self.env["lead.mining.suppression"]._screen(companies, self.env.company)
        return [
            replace(item.company, contacts=choose_contacts(item.company.contacts, query))
            for item in screened
            if not item.kind
        ]

    # === ERRORS === #

    def _error_sentence(self, error: errors.ProviderError) -> str:
        """Return what went wrong in a sentence for the user."""
        name = self.display_name
        match error:
            case errors.ProviderTimeout():
                return self.env._("%s did not answer in time. Try again later.", name)
            case errors.ProviderUnavailable():
                return self.env._("%s cannot be reached at the moment. Try again later.", name)
            case errors.ProviderAnswerTooLarge():
                return self.env._("%s sent an answer that is too large to be read.", name)
            case errors.ProviderAnswerInvalid():
                return self.env._("%s sent an answer that cannot be understood.", name)
            case errors.ProviderRefused():
                return self.env._(
                    "%s does not accept the credentials. An administrator can correct them.", name
                )
            case errors.ProviderQuotaExceeded():
                return self.env._("What was bought at %s is used up.", name)
            case errors.ProviderRateLimited():
                return self.env._("%s was asked too often. Try again in a while.", name)
            case _:
                return self.env._("%s does not accept this request.", name)


def _masked(company: Company) -> dict:
    """What may be shown of a company that is not paid."""
    return {
        "name": mask_name(company.name),
        "city": company.city,
        "country": company.country_code,
        "employees": employees_text(company),
        "contacts": [
            {
                "name": mask_name(contact.name),
                "job_title": contact.job_title,
                "email": mask_email(contact.email),
                "phone": mask_phone(contact.phone),
            }
            for contact in company.contacts
        ],
    }
