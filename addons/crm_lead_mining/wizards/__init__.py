from . import mining
from . import privacy
from . import searches
from . import stock
from . import enrichment
