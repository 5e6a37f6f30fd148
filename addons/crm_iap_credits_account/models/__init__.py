from . import iap_credit_order
from . import payment_transaction
