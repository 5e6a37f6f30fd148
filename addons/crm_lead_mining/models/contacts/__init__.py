# Mixins come before the models that inherit from them.
from . import lead_mining_provenance_mixin
from . import lead_mining_contact
from . import lead_mining_contact_notice
from . import lead_mining_contact_person
from . import lead_mining_notice
from . import lead_mining_provenance
from . import lead_mining_sent
