from . import iap_credit_move
from . import iap_credit_proof
from . import iap_credit_statement
from . import iap_credit_transfer
