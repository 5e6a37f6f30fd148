from . import ir_config_parameter
from . import person_data_mixin
