"""Whether Outlook could show the pane: asked as Outlook on the web asks for it."""

from collections.abc import Mapping

import requests

from .settings import HOSTS

#: Seconds for the request.
SECONDS = 5


def check(url: str) -> str:
    """Return "", or the first thing that would keep Outlook from showing the pane.

    :param url: of the pane
    :return: a value of the guide's ``check_result``
    """
    try:
        answer = requests.get(url, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException:
        return "outlook_missing"
    return problem_of(answer.status_code, answer.headers)


def problem_of(status: int, headers: Mapping[str, str]) -> str:
    """Return what of the pane's answer Outlook would not show.

    :param headers: mapping that takes no notice of case
    """
    if status != 200:
        return "outlook_missing"
    policy = headers.get("Content-Security-Policy", "")
    # Of two policies both hold; ours has no comma, by which headers of one name are joined.
    is_one = "," not in policy
    if headers.get("X-Frame-Options") or not is_one or any(host not in policy for host in HOSTS):
        return "outlook_frame"
    return ""
