"""Reading of tables that others wrote, for whoever needs it: plain Python."""
