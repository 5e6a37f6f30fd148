"""Where a file is that has another address in each edition, as CKAN catalogues tell."""

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote, urlsplit


def newest_url(answer: Mapping[str, Any], pattern: str) -> str:
    """Return the address of a package's newest resource whose file is called so, "" without one.

    :param answer: of CKAN's `package_show`, see https://docs.ckan.org/en/latest/api/
    :param pattern: of the name of the file, in any case
    """
    result = answer.get("result")
    resources = result.get("resources") if isinstance(result, dict) else None
    found = [
        (_day(one), str(one["url"]))
        for one in resources or ()
        if isinstance(one, dict)
        and fnmatchcase(_name(str(one.get("url") or "")).casefold(), pattern.casefold())
    ]
    return max(found, key=lambda one: one[0])[1] if found else ""


def _name(url: str) -> str:
    return posixpath.basename(unquote(urlsplit(url).path))


def _day(resource: Mapping[str, Any]) -> str:
    """Return when it was last changed; one that says nothing is the oldest."""
    return max(str(resource.get(key) or "") for key in ("last_modified", "created"))
