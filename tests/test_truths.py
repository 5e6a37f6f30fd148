"""What a person reads in foreign files and pages is read, but for what is listed as a mistake.

The benchmarks tell shares; here no single value may get lost. A mistake that is mended is taken off
the list.
"""

import importlib

import pytest

from tools import paths


@pytest.mark.parametrize("what", ["columns", "industries", "pages"])
def test_every_value_is_read_as_a_person_reads_it_but_for_the_mistakes_that_are_listed(what):
    found = set(importlib.import_module(f"benchmarks.{what}").mistakes())
    listed = paths.REPO / f"benchmarks/{what}_data/mistakes.txt"
    assert found == set(listed.read_text("utf-8").splitlines())
