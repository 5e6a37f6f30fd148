from . import crm_lead
from . import ir_actions
