from . import outlook_authenticate
from . import outlook_data
from . import outlook_pages
