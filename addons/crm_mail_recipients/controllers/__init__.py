from . import export
from . import thread
