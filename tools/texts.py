"""Check that Odoo's extraction finds each text of the addons' Python that is translated.

It reads tokens, and takes a parenthesis for a call of the name before it, whatever stands between:
what comes first in it becomes a text if that name is `_`. Of an f-string it reads nothing.
"""

import ast
import io
import sys
import tokenize
from collections.abc import Iterator

from tools import paths

#: Functions whose first argument is translated.
NAMES = ("_", "_lt")
#: Tokens that are only layout.
_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)


def main() -> int:
    """Print what is wrong; return 1 if something is."""
    faults = 0
    for path in sorted(paths.ADDONS.glob("*/**/*.py")):
        if "tests" in path.relative_to(paths.ADDONS).parts:
            continue
        for line, sentence in lost(path.read_text(encoding="utf-8")):
            print(f"{path.relative_to(paths.REPO)}:{line}: {sentence}")
            faults += 1
    print(f"Texts: {faults} faults.")
    return 1 if faults else 0


def lost(source: str) -> list[tuple[int, str]]:
    """Return the lines at which the extraction goes wrong, each with what to do."""
    return sorted({*_taken_for_calls(source), *_in_f_strings(source)})


def _taken_for_calls(source: str) -> Iterator[tuple[int, str]]:
    name, before, line = "", "", 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _LAYOUT:
            continue
        if line and token.type == tokenize.STRING:
            yield line, f"{token.string} is taken for a text: use a dict, or put a name before."
        is_taken = token.string == "(" and name in NAMES and before != name
        line = token.start[0] if is_taken else 0
        name = token.string if token.type == tokenize.NAME else name
        before = token.string


def _in_f_strings(source: str) -> Iterator[tuple[int, str]]:
    for text in ast.walk(ast.parse(source)):
        if not isinstance(text, ast.JoinedStr):
            continue
        for call in ast.walk(text):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
            # What is no literal has its text elsewhere.
            if name in NAMES and any(isinstance(one, ast.Constant) for one in call.args[:1]):
                yield text.lineno, "a text inside an f-string is not found: take it out."


if __name__ == "__main__":
    sys.exit(main())
