from . import first_steps
from . import ir_config_parameter
from . import ir_mail_server
from . import ir_module_module
from . import person_data_mixin
from . import res_config_settings
