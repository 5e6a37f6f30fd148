"""Everything that moves credits at once, while processes are killed at random points.

`./run chaos` plays it. A cluster of PostgreSQL of its own holds a database with our addons, on
which two servers of several processes work; users mine, enrich, buy, refund, transfer and write
e-mails, and client databases ask over HTTP. When all has settled the database is read, and must be
what it would be had nobody been killed.
"""
