from . import iap_server_bill
