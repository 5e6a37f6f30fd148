from . import test_iap_credit_order
