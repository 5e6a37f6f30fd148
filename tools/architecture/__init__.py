"""Which rooms of the house know which others, and which of them must not.

A room is an addon, or a package inside an addon that `rules.toml` divides. One room knows another
by an import, or by the name of a model (`env["…"]`, a comodel, `_inherit`, a table of names).
"""
