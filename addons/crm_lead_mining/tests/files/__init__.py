from . import test_csv_table
from . import test_shapes
from . import test_source
from . import test_workbook_bounds
