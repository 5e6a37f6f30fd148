from . import test_history, test_mailing, test_mailing_test
