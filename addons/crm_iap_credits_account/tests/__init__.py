from . import test_books
from . import test_credits_journey
from . import test_deferral_screens
from . import test_iap_credit_deferral
from . import test_iap_credit_order
from . import test_receipt
from . import test_taxes
