from . import test_csv_table
