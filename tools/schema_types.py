"""Make the list of schema.org's types of organisations: `python -m tools.schema_types FILE`.

FILE is dist/schema.d.ts of the npm package schema-dts (Google, Apache-2.0), which is made from
schema.org's published vocabulary. Only names and who inherits from whom are taken from it: facts of
https://schema.org/docs/full.html.
"""

import re
import sys
import textwrap
from pathlib import Path

from tools import paths

TARGET = paths.ADDONS / "crm_lead_mining/providers/website/organisation_types.py"
HEAD = '''"""schema.org's types of organisations, by inheritance: made by tools/schema_types.py.

Types that are places or services alone are not among them.
"""

from ...company.names import word_set

ORGANISATIONS = word_set(
    """
{names}
    """
)
'''


def main(source: Path) -> None:
    parents = {
        name: set(re.findall(r"\w+", extended))
        for name, extended in re.findall(
            r"interface (\w+?(?:Base|Leaf))(?:<.*?>)? extends ([^{]+) \{", source.read_text("utf-8")
        )
    }
    names = sorted(
        name.removesuffix("Leaf")
        for name in parents
        if name.endswith("Leaf") and _is_below(name, "OrganizationBase", parents)
    )
    text = "\n".join(textwrap.wrap(" ".join(names), 100))
    TARGET.write_text(HEAD.format(names=text), encoding="utf-8")


def _is_below(name: str, ancestor: str, parents: dict[str, set[str]]) -> bool:
    return name == ancestor or any(
        _is_below(parent, ancestor, parents) for parent in parents.get(name, ())
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
