from odoo.addons.crm_common.tools.spreadsheets import plain_cell
from odoo.addons.web.controllers.export import ExcelExport


class RecipientLogExport(ExcelExport):
    def from_group_data(self, fields, columns_headers, groups):
        """Extend `web`: what somebody typed as an address is no formula as a title either."""
        if groups._model._name == "mail.recipient.log":
            _make_titles_plain(groups)
        return super().from_group_data(fields, columns_headers, groups)


def _make_titles_plain(group) -> None:
    """Change the titles of a group's groups, at all depths.

    :param group: a `GroupsTreeNode` of `web`
    """
    group.children = {_plain(title): child for title, child in group.children.items()}
    for child in group.children.values():
        _make_titles_plain(child)


def _plain(title):
    return tuple(map(plain_cell, title)) if isinstance(title, tuple) else plain_cell(title)
