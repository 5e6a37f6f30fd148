"""What a lane has in hand: one attempt."""

from dataclasses import dataclass

from odoo import models


@dataclass(slots=True)
class Job:
    """One lane's work on one attempt.

    :ivar record: what is enriched, as who asked sees it, in sudo
    :ivar account: the account that pays, in sudo
    :ivar price: credits that the answer costs, 0 for one that was paid before and for the company's
        own website
    """

    attempt: models.BaseModel
    record: models.BaseModel
    token: str
    account: models.BaseModel
    price: int
