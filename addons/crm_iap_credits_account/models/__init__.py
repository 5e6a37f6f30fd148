from . import res_company
from . import iap_credit_order
from . import iap_credit_order_booking
from . import payment_transaction
