from . import iap_credit_statement
