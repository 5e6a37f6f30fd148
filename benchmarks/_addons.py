"""Our addons, imported as Odoo would, where no server runs."""

from tools import paths


def findable() -> None:
    """Let `odoo.addons` find ours, unless it does already."""
    import odoo.addons

    if str(paths.ADDONS) not in odoo.addons.__path__:
        odoo.addons.__path__.append(str(paths.ADDONS))
