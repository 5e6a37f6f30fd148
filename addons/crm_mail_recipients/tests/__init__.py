from hypothesis import settings

from . import (
    test_address,
    test_any_address,
    test_enforcement,
    test_journeys,
    test_person_data,
    test_policy,
    test_rules,
)

# Figures of time belong to the benchmark: a busy machine fails no property.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
