"""Profiles of companies on social networks, as opposed to share buttons and single posts."""

import re
from urllib.parse import urlsplit, urlunsplit

#: Network -> (hosts, path of a company's profile). The path's group "profile" is kept.
_NETWORKS = {
    "linkedin": (("linkedin.com",), r"/(?P<profile>(?:company|school|showcase)/[^/]+)"),
    "x": (("x.com", "twitter.com"), r"/(?P<profile>@?\w{1,15})/?$"),
    "facebook": (("facebook.com", "fb.com"), r"/(?P<profile>(?:pages/[^/]+/\d+|people/[^/]+/\d+|"
                 r"p/[^/]+|[\w.-]+))/?$"),
    "instagram": (("instagram.com",), r"/(?P<profile>[\w.]{1,30})/?$"),
    "youtube": (("youtube.com",), r"/(?P<profile>@[\w.-]+|(?:c|channel|user)/[^/]+)"),
    "github": (("github.com",), r"/(?P<profile>[a-z0-9](?:-?[a-z0-9])*)/?$"),
}  # fmt: skip

_HOMES = {"linkedin": "www.linkedin.com", "x": "x.com", "facebook": "www.facebook.com",
          "instagram": "www.instagram.com", "youtube": "www.youtube.com",
          "github": "github.com"}  # fmt: skip

#: First parts of paths that are functions of the network, not profiles.
_FUNCTIONS = frozenset((
    "about", "accounts", "ads", "apps", "business", "dialog", "developers", "events", "explore",
    "features", "feed", "gaming", "groups", "hashtag", "help", "home", "i", "intent", "join",
    "legal", "login", "marketplace", "messages", "p2p", "page", "pages", "photo", "photos",
    "plugins", "policies", "policy", "post", "posts", "pricing", "privacy", "profile.php", "reel",
    "reels", "search", "security", "settings", "share", "share.php", "sharer", "sharer.php",
    "signup", "site", "sponsors", "stories", "story.php", "terms", "tos", "topics", "tr", "tv",
    "video", "videos", "watch", "widgets",
))  # fmt: skip


def social_of(url: str) -> tuple[str, str] | None:
    """Return (network, URL of the profile) if the URL is a company's profile, else None.

    The URL comes back without its query and in one spelling, so that a profile is found once.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    for network, (hosts, path) in _NETWORKS.items():
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            match = re.match(path, parts.path, re.IGNORECASE)
            return _profile(network, match["profile"]) if match else None
    return None


def _profile(network: str, profile: str) -> tuple[str, str] | None:
    if profile.casefold() in _FUNCTIONS:
        return None
    profile = profile.removeprefix("@") if network == "x" else profile
    return network, urlunsplit(("https", _HOMES[network], f"/{profile}", "", ""))
