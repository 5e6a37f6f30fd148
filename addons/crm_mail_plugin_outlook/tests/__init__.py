from . import test_javascript
from . import test_manifest
from . import test_outlook_data
from . import test_outlook_pages
from . import test_outlook_sign_in
from . import test_screens
