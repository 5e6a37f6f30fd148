from . import res_company
from . import iap_credit_order
from . import iap_credit_order_booking
from . import iap_credit_statement
from . import payment_transaction
