from . import iap_account
from . import iap_autocomplete_api
