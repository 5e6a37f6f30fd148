from . import test_history, test_mailing
