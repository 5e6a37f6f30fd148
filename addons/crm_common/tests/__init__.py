from . import test_domains
from . import test_javascript
from . import test_mailboxes
from . import test_traces
