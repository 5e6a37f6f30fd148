from . import iap_account
