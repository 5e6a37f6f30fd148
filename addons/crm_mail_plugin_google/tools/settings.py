"""What an administrator takes back from Google's console."""

import dataclasses
import re

from odoo.addons.crm_common.tools import settings

_ACCOUNT = re.compile(r"[\w.+-]+@[\w-]+\.iam\.gserviceaccount\.com")
_CLIENT = re.compile(r"[\w-]+\.apps\.googleusercontent\.com")


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """By what requests of the add-on are known.

    :ivar base_url: address of the database as the deployment has it, which Google signs
    :ivar service_account: address of the account that Google signs with for this project
    :ivar client_id: of the project, for which users' tokens are
    """

    PREFIX = "crm_mail_plugin_google."

    base_url: str = settings.text()
    service_account: str = settings.text()
    client_id: str = settings.text()

    @property
    def is_complete(self) -> bool:
        return bool(self.base_url and self.service_account and self.client_id)


def is_service_account(text: str) -> bool:
    return bool(_ACCOUNT.fullmatch(text))


def is_client_id(text: str) -> bool:
    return bool(_CLIENT.fullmatch(text))
