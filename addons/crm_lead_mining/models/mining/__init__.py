# Mixins come before the models that inherit from them.
from . import lead_mining_criteria
from . import lead_lease_mixin
from . import lead_lane_mixin
from . import lead_mining_stored_mixin
from . import lead_mining_answer
from . import lead_mining_cancellation
from . import lead_mining_identity
from . import lead_mining_known
from . import lead_mining_refund
from . import lead_mining_report
from . import lead_mining_request
from . import lead_mining_result
from . import lead_mining_run
from . import lead_mining_worker
from . import lead_mining_worker_answers
from . import lead_mining_worker_batches
from . import lead_mining_worker_ends
