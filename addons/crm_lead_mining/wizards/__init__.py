from . import mining
from . import privacy
from . import searches
