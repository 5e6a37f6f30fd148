from . import fields
from . import ledger
