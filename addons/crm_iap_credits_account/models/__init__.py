from . import iap_credit_order
