from . import test_domains
from . import test_mailboxes
from . import test_spreadsheets
from . import test_traces
