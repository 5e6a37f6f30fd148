"""Pure rules of the glue, without the ORM."""
