"""Providers of companies and contacts: pure Python, without the ORM."""

# Adapters make themselves known when they are imported.
from . import directory
from . import recherche_entreprises
