from . import test_iap_credit_order
from . import test_taxes
