from . import test_domains
from . import test_gaps
from . import test_mailboxes
from . import test_traces
