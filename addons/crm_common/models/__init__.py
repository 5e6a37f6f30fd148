from . import ir_config_parameter
from . import ir_mail_server
from . import person_data_mixin
