from . import test_iap_account
from . import test_iap_credit_move
from . import test_iap_credit_proof
from . import test_iap_credit_trial
from . import test_ledger
from . import test_ledger_access
from . import test_ledger_model
from . import test_ledger_rules
