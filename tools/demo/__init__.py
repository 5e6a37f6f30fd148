"""Data for the demo, tests and benchmarks; run under the Python that has Odoo's packages."""
