from . import test_domains
from . import test_mailboxes
