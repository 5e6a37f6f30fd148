"""How figures are written in sentences."""

from typing import Any

from odoo.tools.misc import formatLang


def shown(env: Any, credits: float) -> str:
    """Write a number of credits as the reader's language writes numbers.

    :param env: of the reader
    """
    return formatLang(env, credits, digits=0)
