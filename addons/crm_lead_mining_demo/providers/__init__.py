"""The adapter and its companies: plain Python, without the ORM."""
