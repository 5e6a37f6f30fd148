from . import test_lead_mining_search
from . import test_lead_mining_search_file
from . import test_search_actions
from . import test_search_document
from . import test_search_screens
