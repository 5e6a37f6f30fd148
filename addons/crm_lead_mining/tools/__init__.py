"""Rules of lead mining as plain functions, without the ORM."""
