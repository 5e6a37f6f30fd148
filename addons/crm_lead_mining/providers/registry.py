"""Lookup of the adapters by code."""

from .base import Provider

_ADAPTERS: dict[str, type[Provider]] = {}


def register(adapter: type[Provider]) -> type[Provider]:
    """Class decorator: make an adapter known under its `code`.

    :raise ValueError: if another adapter has this code
    """
    if _ADAPTERS.setdefault(adapter.code, adapter) is not adapter:
        raise ValueError(f"Two providers have the code {adapter.code!r}.")
    return adapter


def adapter_for(code: str) -> type[Provider]:
    """Return the adapter class with this code.

    :raise KeyError: if there is none
    """
    return _ADAPTERS[code]


def adapter_codes() -> tuple[str, ...]:
    return tuple(sorted(_ADAPTERS))
