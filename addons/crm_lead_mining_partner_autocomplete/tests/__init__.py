from . import test_law
from . import test_partner_autocomplete
