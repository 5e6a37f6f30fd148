"""The settings of mining."""

import dataclasses
from datetime import timedelta

from odoo.addons.crm_common.tools import settings
from odoo.addons.crm_common.tools.settings import MAX_DAYS

from .pricing import Limits, Prices


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose for mining.

    :ivar max_leads: the most that one request may ask for
    :ivar max_contacts: the most contacts of one company that a request may ask for
    :ivar price_lead: credits per delivered company
    :ivar price_contact: credits per delivered contact
    :ivar refund_days: days after the delivery in which credits come back
    :ivar keep_answers_days: days after its end in which a request's stored answers are kept
    :ivar refund_monthly_credits: the most that one user gets back in a calendar month
    :ivar tell_each: salespeople get a message for each lead generated for them, as stock sends it
    :ivar waiting_days: days that a request waits for credits
    :ivar lease_seconds: seconds after which work that nobody goes on with is taken over
    """

    PREFIX = "crm_lead_mining."

    max_leads: int = settings.number(200, lowest=1)
    max_contacts: int = settings.number(5, lowest=1)
    price_lead: int = settings.number(1)
    price_contact: int = settings.number(1)
    refund_days: int = settings.number(30, highest=MAX_DAYS)
    refund_monthly_credits: int = settings.number(100)
    keep_answers_days: int = settings.number(90, highest=MAX_DAYS)
    tell_each: bool = settings.flag(False)
    waiting_days: int = settings.number(30, highest=MAX_DAYS)
    lease_seconds: int = settings.number(300)

    @property
    def limits(self) -> Limits:
        return Limits(leads=self.max_leads, contacts=self.max_contacts)

    @property
    def answers_kept(self) -> timedelta:
        """How long answers are kept: no refund loses what it is judged by."""
        return timedelta(days=max(self.keep_answers_days, self.refund_days) + 1)

    @property
    def prices(self) -> Prices:
        """What providers without prices of their own take."""
        return Prices(company=self.price_lead, contact=self.price_contact)
