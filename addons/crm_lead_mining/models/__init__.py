# A room comes after those whose models it extends.
from . import providers
from . import contacts
from . import mining
from . import privacy
from . import searches
from . import stock
from . import directory
from . import enrichment
