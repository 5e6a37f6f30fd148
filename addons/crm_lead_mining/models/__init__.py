# A room comes after those whose models it extends.
from . import providers
from . import privacy
from . import contacts
from . import mining
from . import searches
from . import stock
