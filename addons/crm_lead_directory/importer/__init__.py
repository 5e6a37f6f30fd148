"""Reading of files of companies: pure Python and SQL, without the ORM."""
