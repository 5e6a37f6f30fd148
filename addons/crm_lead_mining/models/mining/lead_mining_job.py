"""What a lane has in hand: one request, and the companies of one answer."""

from collections.abc import Set
from dataclasses import dataclass, field

from odoo import models

from ...company.types import CompanyQuery
from ...providers.base import Provider
from ...tools.judgement import Candidate


@dataclass(slots=True)
class Row:
    """What becomes of one company of an answer.

    :ivar known: the database knows the company, so the request's policy decides
    :ivar contacts: how many contacts are paid with it, the first ones of the company's
    """

    candidate: Candidate
    outcome: str = ""
    reason: str = ""
    lead_id: int = 0
    credits: int = 0
    contact_price: int = 0
    known: bool = False
    partner_id: int = 0
    contacts: int = 0


@dataclass(slots=True)
class Job:
    """One lane's work on one request.

    :ivar request: the request as its owner sees it, in sudo
    :ivar run: its progress
    :ivar account: the account that pays, in sudo
    :ivar fit: the ids of the providers that can be asked for this
    :ivar dead_hosts: companies' own hosts that have failed in a row
    """

    request: models.BaseModel
    run: models.BaseModel
    token: str
    account: models.BaseModel = None
    seen_cursors: set = field(default_factory=set)
    adapters: dict[str, Provider] = field(default_factory=dict)
    fit: set[int] = field(default_factory=set)
    dead_hosts: int = 0
    _query: CompanyQuery | None = None
    _of_known_groups: Set[str] | None = None

    @property
    def query(self) -> CompanyQuery:
        """Return the criteria in the providers' terms; nobody changes them while they are used."""
        self._query = self._query or self.request._to_query()
        return self._query

    @property
    def of_known_groups(self) -> Set[str]:
        """Return the keys of companies that are known by their group, as it was at the start."""
        if self._of_known_groups is None:
            known = self.request.env["lead.mining.known"]
            self._of_known_groups = known._keys_of_known_groups(
                self.request.company_id, self.run.queued_at
            )
        return self._of_known_groups

    @property
    def given_up(self) -> set[int]:
        """Return the ids of the providers that are not asked any more."""
        return {int(provider_id) for provider_id in self.run.provider_notes or ()}

    def adapter(self, provider) -> Provider:
        """Return a provider's adapter, the same one for the whole run."""
        if provider.code not in self.adapters:
            # What the request itself delivers makes no company known by its group.
            asked = provider.with_context(known_before=self.run.queued_at)
            self.adapters[provider.code] = asked._build_adapter()
        return self.adapters[provider.code]

    @property
    def wanted(self) -> int:
        return self.request.lead_number - self.request._filled_count()
