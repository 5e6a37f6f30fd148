from . import res_company
from . import ir_config_parameter
from . import account_move
from . import iap_credit_order
from . import iap_credit_order_booking
from . import payment_transaction
from . import iap_account
from . import iap_credit_deferral
