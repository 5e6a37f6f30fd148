# Mixins come before the models that inherit from them.
from . import company_profile_mixin
from . import crm_lead
from . import crm_lead_person
from . import iap_account
from . import iap_credit_consumption
from . import iap_credit_document
from . import iap_service
from . import ir_config_parameter
from . import ir_mail_server
from . import ir_ui_menu
from . import mail_mail
from . import mail_message
from . import mail_thread
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_partner_person
