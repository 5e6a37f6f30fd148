"""Which files of a register tell that a company is no lead."""

from .expressions import columns_of, file_of
from .recipe import Recipe


def is_told_by_first_file(recipe: Recipe) -> bool:
    """Whether the first file alone, with those inside it, is all and tells who is no lead."""
    status = recipe.columns.get("status", ())
    parts = status if isinstance(status, tuple) else (status,)
    told_by = {file_of(one) for one in columns_of(*recipe.filters, *parts)} - {""}
    first = recipe.files[0].key
    if any(one.more_of == first for one in recipe.files):
        return False
    return all(one.inside == first for one in recipe.files if one.key in told_by)
