"""What a person leaves in texts and stored data, and how it is taken out."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import permutations
from typing import Any

_MOST_WORDS = 4  # of a name that is looked for in any order


@dataclass(frozen=True)
class Traces:
    """A person as they are looked for in texts.

    :ivar emails: every spelling of their addresses, lower case
    :ivar names: whole names; one word alone is not looked for, as it is anybody's
    :ivar known_at: (name, key of the company) of what was found elsewhere: at that company the
        name is this person's
    """

    emails: Collection[str] = ()
    names: Collection[str] = ()
    known_at: Collection[tuple[str, str]] = field(default=())

    def knowing(self, identities: Iterable[tuple[str, str, Iterable[str]]]) -> "Traces":
        """Return these traces with more that was found elsewhere.

        :param identities: address, name, and keys of the company
        """
        found = {(name, key) for _email, name, keys in identities if name for key in keys}
        return replace(self, known_at={*self.known_at, *found})

    @property
    def whole_names(self) -> list[str]:
        """Return the names that are looked for in texts: one word alone is anybody's."""
        return [name for name in self.names if len(name.replace(",", " ").split()) > 1]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return what is looked for: the addresses, and the names in each order of their words."""
        texts = [*self.emails]
        for name in self.names:
            words = name.replace(",", " ").split()
            if 1 < len(words) <= _MOST_WORDS:
                texts += [" ".join(order) for order in permutations(words)]
            elif len(words) > 1:
                texts.append(" ".join(words))
        return tuple(texts)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.texts:
            return None
        parts = (re.escape(text).replace(r"\ ", r",?\s+") for text in self.texts)
        return re.compile(
            "|".join(rf"(?<![\w.+-]){part}(?![\w-]|\.\w)" for part in parts), re.IGNORECASE
        )

    def holds(self, value: Any) -> bool:
        """Tell whether a text, or a text anywhere in stored data, tells of the person."""
        return self.without(value) != value

    def without(self, value: Any, mask: str = "…") -> Any:
        """Return a text or stored data without the person."""
        if not self._pattern:
            return value
        if isinstance(value, str):
            return self._pattern.sub(mask, value)
        if isinstance(value, list):
            return [self.without(item, mask) for item in value]
        if isinstance(value, dict):
            return {self.without(key, mask): self.without(one, mask) for key, one in value.items()}
        return value
