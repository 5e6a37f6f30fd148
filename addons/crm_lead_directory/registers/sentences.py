"""What users are told about a download that did not succeed."""

from collections.abc import Callable
from typing import Any

from .network import DownloadError


def download_sentence(env: Any, error: DownloadError, size: Callable[[int], str]) -> str:
    """Return why the file is not here, in the language of an environment.

    :param size: writes a number of bytes
    """
    host = error.host
    if error.code == "disk_full":
        if not error.detail.isdigit():
            return env._("The server's disk is full.")
        missing = size(int(error.detail))
        return env._("The server's disk has too little room: %s are missing.", missing)
    sentences = {
        "busy": env._("%s has too much to do at present. Try again later.", host),
        "certificate": env._(
            "The certificate of %s is not valid, so nothing was downloaded from there.", host
        ),
        "changed": env._("%s changed the file while it was downloaded. Try again later.", host),
        "closed": env._("A neutralized copy of a database downloads nothing."),
        "cut": env._("The connection to %s broke off. Try again: it goes on where it was.", host),
        "damaged": env._("What %s sent is damaged. Try again later.", host),
        "disk": env._("The server cannot store the file: %s.", error.detail),
        "foreign": env._(
            "The file is now kept by “%s”, which is no host of this source. Nothing was downloaded"
            " from there.",
            host,
        ),
        "gone": env._("%s no longer has the file at this address.", host),
        "html": env._("%s sent a web page in place of the file. Try again later.", host),
        "insecure": env._("“%s” would send the file unencrypted, so it was not downloaded.", host),
        "not_public": env._("“%s” is no public host, so nothing was asked for there.", host),
        "proxy": env._("The server's proxy does not let the download through."),
        "redirects": env._("%s sends us on again and again. Try again later.", host),
        "refused": env._("%s does not give the file to us.", host),
        "status": env._(
            "%(host)s gave an unexpected answer (%(status)s).", host=host, status=error.detail
        ),
        "timeout": env._("%s is too slow at present. Try again: it goes on where it was.", host),
        "too_large": env._("The file of %s is larger than it may be.", host),
        "unavailable": env._("%s does not work at present. Try again later.", host),
        "unknown_host": env._("There is no host “%s”.", host),
        "unreachable": env._("%s cannot be reached. Try again later.", host),
    }
    return sentences[error.code]
