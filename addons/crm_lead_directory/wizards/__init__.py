from . import lead_directory_correction
