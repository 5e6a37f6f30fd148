"""Providers of companies and contacts: pure Python, without the ORM."""
