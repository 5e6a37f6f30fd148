from . import test_iap_server_bill_invoice
