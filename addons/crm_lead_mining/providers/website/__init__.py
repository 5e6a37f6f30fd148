"""The company's own website as a provider of enrichment."""

from .provider import WebsiteProvider
