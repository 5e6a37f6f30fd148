# Mixins come before the models that inherit from them.
from . import lead_mining_person_mixin
from . import lead_mining_eraser
from . import lead_mining_suppression
from . import lead_mining_suppression_saved
