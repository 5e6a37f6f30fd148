from . import test_directory_access
from . import test_directory_import
from . import test_directory_provider
from . import test_directory_rows
from . import test_importer_columns
from . import test_importer_convert
from . import test_importer_persons
from . import test_person_columns
