from hypothesis import settings

from . import (
    test_address,
    test_any_address,
    test_chosen,
    test_enforcement,
    test_gate,
    test_journeys,
    test_merge,
    test_nobody,
    test_opt_out,
    test_outdated,
    test_person_data,
    test_policy,
    test_rules,
    test_template_notes,
)

# Figures of time belong to the benchmark: a busy machine fails no property.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
