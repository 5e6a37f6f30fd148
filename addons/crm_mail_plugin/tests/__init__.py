from . import test_authenticate
from . import test_codes
from . import test_connections
from . import test_limits
from . import test_redirects
