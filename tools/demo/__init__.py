"""The demo's data and the scripts of its main job, which run in an Odoo shell."""
