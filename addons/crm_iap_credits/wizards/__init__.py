# The mixin comes before the dialogs that inherit from it.
from . import iap_account_dialog_mixin
from . import iap_credit_move
from . import iap_credit_proof
from . import iap_credit_refund
from . import iap_credit_statement
from . import iap_credit_transfer
