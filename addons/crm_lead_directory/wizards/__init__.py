from . import lead_directory_correction
from . import lead_directory_parent
from . import lead_directory_merging
