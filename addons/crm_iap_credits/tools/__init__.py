from . import access
from . import budgets
from . import fields
from . import kinds
from . import ledger
from . import packs
from . import lots
from . import statement
