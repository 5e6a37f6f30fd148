"""The settings of the add-in, and where Outlook may show its pane."""

import dataclasses
from urllib.parse import urlsplit

from odoo.addons.crm_common.tools import settings

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
    try:
        parts = urlsplit(line)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidHost(line) from None
    plain = line.isascii() and line.isprintable() and not set(line) & set(" \\\"'<>`;,*@")
    if parts.scheme != "https" or not host or not plain or parts.path.strip("/"):
        raise InvalidHost(line)
    if parts.query or parts.fragment:
        raise InvalidHost(line)
    return f"https://{host}" + (f":{port}" if port else "")
