from . import test_iap_server_accounts
from . import test_iap_server_clients
from . import test_iap_server_gate
from . import test_iap_server_limits
from . import test_iap_server_others
from . import test_iap_server_routes
from . import test_iap_server_rules
