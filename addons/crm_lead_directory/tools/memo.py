"""What a function makes of values: most columns have few different ones."""

from collections.abc import Callable
from typing import Any


class Memo(dict[Any, Any]):
    """Values that a function was asked for -> what it said.

    :param most: how many are kept; of others it is asked each time
    """

    def __init__(self, function: Callable[[Any], Any], most: int):
        super().__init__()
        self._function = function
        self._most = most

    def __missing__(self, value: Any) -> Any:
        made = self._function(value)
        if len(self) < self._most:
            self[value] = made
        return made
