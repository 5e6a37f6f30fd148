from . import test_demo_adapter
from . import test_demo_provider
