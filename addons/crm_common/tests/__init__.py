from . import test_copies
from . import test_domains
from . import test_javascript
from . import test_mailboxes
from . import test_person_columns
from . import test_public_hosts
from . import test_spreadsheets
from . import test_traces
