"""The settings of the add-in, and where Outlook may show its pane."""

import dataclasses

from odoo.addons.crm_common.tools import settings
from odoo.addons.crm_mail_plugin.tools import redirects

#: Where Outlook on the web runs, and the new Outlook for Windows with it. Microsoft publishes no
#: list; desktops and phones show the pane in no frame.
HOSTS = (
    "https://outlook.office.com",
    "https://outlook.office365.com",
    "https://outlook.live.com",
    "https://outlook.cloud.microsoft",
)


class InvalidHost(ValueError):
    """A line of the setting is no address of a host.

    :ivar line: the line
    """

    def __init__(self, line: str):
        super().__init__(line)
        self.line = line


@dataclasses.dataclass(frozen=True)
class Settings(settings.Settings):
    """What an administrator may choose.

    :ivar hosts: further hosts of Outlook on the web, as of an Exchange of one's own; one a line
    """

    PREFIX = "crm_mail_plugin_outlook."

    hosts: str = settings.text()

    @property
    def frame_hosts(self) -> tuple[str, ...]:
        """Return the origins whose pages may show the pane."""
        try:
            return (*HOSTS, *parse_hosts(self.hosts))
        except InvalidHost:
            return HOSTS


def parse_hosts(text: str) -> tuple[str, ...]:
    """Read https origins, one per line.

    :raise InvalidHost: for a line that is none
    """
    return tuple(_origin(line) for line in filter(None, map(str.strip, text.splitlines())))


def _origin(line: str) -> str:
    redirect = redirects.parse(line)
    # The others part what is said in a Content-Security-Policy.
    if not redirect or redirect.scheme != "https" or redirect.path or set(line) & set("?#;,*@"):
        raise InvalidHost(line)
    return redirect.origin
