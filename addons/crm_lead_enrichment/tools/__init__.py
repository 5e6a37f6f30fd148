"""Rules of enrichment: plain Python."""
