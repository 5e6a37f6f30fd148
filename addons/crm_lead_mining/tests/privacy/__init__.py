from . import test_erasure
from . import test_neutralized
from . import test_notice
from . import test_privacy_rules
from . import test_privacy_screens
from . import test_suppression
from . import test_suppression_rules
from . import test_suppression_saved
