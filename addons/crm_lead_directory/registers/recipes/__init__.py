"""The open registers that are known, each in a file of its own."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from ..recipe import Recipe


def _found() -> Mapping[str, Recipe]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").RECIPE for name in names}


#: Code -> recipe.
RECIPES: Mapping[str, Recipe] = _found()
