"""Where in a module a line stands."""

import ast


def statements(tree: ast.AST, line: int) -> list[ast.stmt]:
    """Return the statements that a line is part of, the outer ones first."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and first_line(node) <= line <= (node.end_lineno or 0)
    ]


def first_line(node: ast.stmt) -> int:
    """Return where a statement begins, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])
