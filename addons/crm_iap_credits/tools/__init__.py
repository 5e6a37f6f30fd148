from . import budgets
from . import fields
from . import ledger
