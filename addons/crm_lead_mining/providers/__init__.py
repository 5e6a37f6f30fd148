"""Providers of companies and contacts: pure Python, without the ORM."""

# Adapters make themselves known when they are imported.
from . import companies_house
from . import directory
from . import gleif
from . import hunter
from . import odoo_iap
from . import people_data_labs
from . import recherche_entreprises
from . import website
