from . import lead_directory_company
from . import lead_directory_contact
from . import lead_directory_dataset
from . import lead_directory_import
from . import lead_directory_import_column
from . import lead_directory_import_person
from . import lead_directory_import_problem
