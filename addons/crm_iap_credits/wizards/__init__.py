from . import iap_credit_move
