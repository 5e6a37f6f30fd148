from . import accounts
from . import autocomplete
from . import autocomplete_old
from . import buying
from . import check
from . import enrichment
from . import mining
from . import visits
