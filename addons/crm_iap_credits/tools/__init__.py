from . import fields
from . import ledger
from . import lots
from . import statement
