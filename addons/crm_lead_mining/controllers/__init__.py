from . import objection
