"""What other databases send and must get back: plain Python, without the ORM."""
