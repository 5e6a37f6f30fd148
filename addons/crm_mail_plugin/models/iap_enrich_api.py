import logging

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.iap.tools.iap_tools import InsufficientCreditError

_logger = logging.getLogger(__name__)


class IapEnrichApi(models.AbstractModel):
    _inherit = "iap.enrich.api"

    @api.model
    def _enrich_price(self) -> int:
        """Return how many credits the data of one company cost."""
        return 1

    @api.model
    def _request_enrich(self, lead_emails):
        """Tell add-ins the sentence of a refusal, and the log what went wrong.

        Stock's controller, whose method others extend and replace, says "Unknown reason" to both.
        """
        if not self.env.context.get("mail_plugin_tells_refusals"):
            return super()._request_enrich(lead_emails)
        try:
            return super()._request_enrich(lead_emails)
        except InsufficientCreditError:
            raise
        except UserError as error:
            told = {"enrichment_info": {"type": "other", "info": str(error)}}
            return dict.fromkeys(lead_emails, told)
        except Exception:  # whatever the transport raises goes on, after the log was told
            _logger.warning("No company data of %s.", ", ".join(lead_emails), exc_info=True)
            raise
