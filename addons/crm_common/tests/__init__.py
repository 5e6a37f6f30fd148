from . import test_domains
from . import test_mailboxes
from . import test_public_hosts
from . import test_settings
from . import test_traces
