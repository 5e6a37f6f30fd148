"""What `./run mutate` plants, and which tests it asks."""

import ast
import types

import pytest

from tools import paths
from tools.commands.mutate import Verdict, _facts
from tools.mutation import faults, warm
from tools.mutation.likely import MORE, TABLES, TESTS, Suite
from tools.mutation.tests_of import LineTests


def planted(path, source):
    return [fault.plant(source) for fault in faults.find(path, source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a < b", ["x = a <= b"]),
        ("x = a not in b", ["x = a in b"]),
        ("x = (a and  # why\n     b)", ["x = (a or  # why\n     b)"]),
        ("if not (a):\n    b()", ["if  (a):\n    b()", "if not (a):\n    pass"]),
        ("x = 'è', 3", ["x = 'è', 4"]),
        ("x = (a | b).sudo()", ["x = (a & b).sudo()", "x = (a | b)"]),
        ("x = [('name', '=', y)]", ["x = [('name', '!=', y)]"]),
        ("raise E()", ["pass"]),
        ("class A:\n    @api.constrains('x')\n    def f(self): return self.x",
         ["class A:\n    \n    def f(self): return self.x"]),
        ("class A:\n    @property\n    def f(self): return self.x", []),
        ("class A:\n    @api.model\n    def f(self): return self.x",
         ["class A:\n    \n    def f(self): return self.x"]),
        ("class A:\n    @api.model\n    def _f(self): return self.x", []),
        ("@dataclass(frozen=True)\nclass A:\n    x: int = 3",
         ["@dataclass(frozen=True)\nclass A:\n    x: int = 4"]),
        ("x = list(zip(a, b, strict=True))", []),
        ("self.ensure_one()", []),
        ("_logger.info('%s', 3)\n_logger.debug('x')", []),
        ("_logger.warning('x')", ["pass"]),
        ("class A:\n    @abstractmethod\n    def f(self, x=5):\n        'Do it.'", []),
        ("class A:\n    @abstractmethod\n    def f(self, x=5): return x",
         ["class A:\n    @abstractmethod\n    def f(self, x=6): return x"]),
        ("stream.info('x')", ["pass"]),
        ("x = key(a, strict=True)", ["x = key(a, strict=False)"]),
        ("@lru_cache(1024)\ndef f(x): return x", []),
        ("@lru_cache(1)\ndef f(x=3): return x", ["@lru_cache(1)\ndef f(x=4): return x"]),
        ("_CHUNK = 1 << 16\nBATCH_SIZE = 100\nPIECE_ROWS = 10\nAT_ONCE = EXPIRY_BATCH = 9", []),
        ("MAX_AT_ONCE = 16", ["MAX_AT_ONCE = 17"]),
        ("PIECE_LINES = 25", ["PIECE_LINES = 26"]),
        ("x = self.search_count([], limit=1)", []),
        ("x = text[:80]\ny = token_hex(16)\nz = f(daemon=True)", []),
        ("x = parts[:3]", ["x = parts[:4]"]),
        ("MOST = 5_000\nx = 1 << 16\ny = 404", ["MOST = 5_000\nx = 2 << 16\ny = 404",
         "MOST = 5_000\nx = 1 << 17\ny = 404", "MOST = 5_000\nx = 1 << 16\ny = 405"]),
        ("class A:\n    def action_a(self):\n        return True", []),
        ("class A:\n    def is_a(self):\n        return True",
         ["class A:\n    def is_a(self):\n        return False"]),
        ("x = self.search([], limit=1)", ["x = self.search([], limit=2)"]),
        ("import a\nx: int\n'text'\ny = 'text'", []),
        ("def f(x: int | None = None) -> int | None: return x", []),
    ],
)  # fmt: skip
def test_a_fault_of_python_is_one_small_change(source, expected):
    assert planted("a.py", source) == expected


def test_a_fault_of_a_view_flips_a_condition_or_opens_what_is_closed():
    source = """<field name="a" invisible="b == 1" groups='base.x'/><field readonly="1"/>"""
    assert planted("a.xml", source) == [
        source.replace("b == 1", "not (b == 1)"),
        source.replace(" groups='base.x'", ""),
        source.replace('readonly="1"', 'readonly="0"'),
    ]


def test_a_fault_of_access_rights_turns_one_right():
    source = "id,name,model,group,read,write,create,unlink\na,b,c,d,1,0,0,0\n"
    assert [text.splitlines()[1] for text in planted("a.csv", source)] == [
        "a,b,c,d,0,0,0,0", "a,b,c,d,1,1,0,0", "a,b,c,d,1,0,1,0", "a,b,c,d,1,0,0,1",
    ]  # fmt: skip


def test_faults_of_our_addons_leave_python_that_can_be_read():
    planted_faults = [
        (path, fault)
        for path in sorted(paths.ADDONS.glob("*/*/*.py"))
        for fault in faults.find(str(path), path.read_text(encoding="utf-8"))
    ]
    for path, fault in planted_faults[::50]:
        source = path.read_text(encoding="utf-8")
        assert fault.plant(source) != source, fault
        ast.parse(fault.plant(source))
    assert len(planted_faults) > 1000


SOURCE = "addons/a/tools/limits.py"
FILES = {
    SOURCE: "MOST = 5\n\n\ndef fits(x):\n    return (\n        x < MOST\n    )\n",
    "addons/a/tests/test_limits.py": "from ..tools.limits import fits\ndef test_most(): fits(5)",
    "addons/a/tests/test_most.py": "def test_other(): assert MOST",
    "addons/b/tests/test_b.py": "def test_b(): pass",
}


#: Words count by how rare they are.
OTHERS = {f"addons/b/tests/test_{number}.py": "" for number in range(5)}


def measured(**by_line):
    tests = {
        "slow": "addons/a/tests/test_limits.py::slow",
        "quick": "addons/a/tests/test_limits.py::quick",
        "named": "addons/a/tests/test_most.py::named",
        "other": "addons/b/tests/test_b.py::other",
    }
    lines = {int(line[1:]): {tests[name] for name in names} for line, names in by_line.items()}
    seconds = {name: 2.0 if name.endswith("slow") else 0.5 for name in tests.values()}
    files = dict.fromkeys(FILES, "mark")
    return LineTests({SOURCE: lines}, seconds, files)


def asked(tests, line):
    names = tests.of(SOURCE, line, FILES.__getitem__)
    return [name.rpartition("::")[2] for name in names]


def test_of_the_tests_of_a_line_those_of_its_addon_come_first_and_then_the_quick_ones():
    assert asked(measured(l5=["other", "slow", "quick"]), 5) == ["quick", "slow", "other"]


def test_a_line_in_the_middle_of_a_statement_has_the_tests_of_the_statement():
    assert asked(measured(l5=["quick"]), 6) == ["quick"]


def test_what_runs_on_import_has_the_tests_of_its_module_those_that_name_it_first():
    assert asked(measured(l5=["quick", "named"]), 1) == ["named", "quick"]


def test_a_line_that_no_test_runs_has_none():
    assert asked(measured(l1=["quick"]), 5) == []


def test_only_tests_that_changed_or_that_ran_what_changed_are_measured_again():
    tests = measured(l5=["quick", "other"])
    same = dict.fromkeys(FILES, "mark")
    assert tests.affected(same) == set()
    names = {"addons/a/tests/test_limits.py::quick", "addons/b/tests/test_b.py::other"}
    assert tests.affected({**same, SOURCE: "new"}) == names
    changed = {**same, "addons/b/tests/test_b.py": "new"}
    assert tests.affected(changed) == {"addons/b/tests/test_b.py::other"}
    newer = LineTests({SOURCE: {1: {"new"}}}, {"new": 1.0})
    merged = tests.merged(newer, changed)
    assert merged.by_line[SOURCE] == {
        5: {"addons/a/tests/test_limits.py::quick"},
        1: {"new"},
    }
    assert LineTests({}, {}).affected(same) is None


def test_a_kept_map_is_the_same_when_it_is_read_again(tmp_path):
    tests = measured(l5=["quick", "other"])
    tests.save(tmp_path / "map.json")
    assert LineTests.load(tmp_path / "map.json") == tests


def test_without_a_map_tests_that_share_rare_names_with_the_place_are_asked_first():
    texts = {path: text for path, text in FILES.items() if "/tests/" in path}
    source = FILES[SOURCE]
    likely, *_more = Suite(texts).likely(SOURCE, 5, source)
    assert likely[0] == "addons/a/tests/test_limits.py::test_most"
    assert "addons/b/tests/test_b.py::test_b" not in likely


def test_without_a_map_tests_of_who_calls_what_has_a_fault_are_asked_as_well():
    texts = {
        "addons/a/tests/test_shop.py": "class TestShop:\n    def test_sells(self): shop.sell(1)",
        **OTHERS,
    }
    sources = {"addons/a/models/shop.py": "def sell(x):\n    return fits(x)\n"}
    likely, *_more = Suite(texts, sources).likely(SOURCE, 5, FILES[SOURCE])
    assert likely == ["addons/a/tests/test_shop.py::TestShop::test_sells"]


def test_tests_of_a_class_are_asked_together():
    text = "class TestA:\n    def test_fits(self): fits(MOST)\n    def test_b(self): most()\n"
    other = "class TestB:\n    def test_c(self): fits(1)\n"
    texts = {"addons/a/tests/test_a.py": text + other, **OTHERS}
    likely, *_more = Suite(texts).likely(SOURCE, 5, FILES[SOURCE])
    assert [name.split("::")[1] for name in likely] == ["TestA", "TestA", "TestB"]


def test_nothing_counts_as_not_found_before_all_tests_of_its_addon_were_asked():
    many = "".join(f"def test_{number}(): fits(MOST)\n" for number in range(TESTS + MORE + 1))
    texts = {
        "addons/a/tests/test_limits.py": many,
        "addons/a/tests/test_z.py": "def test_z(): pass",
        "addons/b/tests/test_b.py": "def test_b(): pass",
    }
    first, more, others = Suite(texts).likely(SOURCE, 5, FILES[SOURCE])
    assert (len(first), len(more)) == (TESTS, MORE)
    assert {name.rpartition("::")[2] for name in others[1:]} == {"test_z"}
    assert not {*others} & {*first, *more}


@pytest.mark.parametrize(
    ("line", "declared"),
    [(1, False), (4, True), (5, True), (7, False)],
)
def test_tables_of_all_addons_are_asked_first_about_what_is_declared(line, declared):
    source = (
        "from odoo import api, fields, models\nclass A(models.Model):\n    _name = 'a'\n"
        "    x = fields.Char()\n    @api.private\n    def f(self):\n        return self.x\n"
    )
    suite = Suite({TABLES: "def test_rights(): pass", "addons/b/tests/test_b.py": "x = 'f fields'"})
    likely, *_more = suite.likely("addons/a/models/a.py", line, source)
    assert (likely[:1] == [TABLES]) is declared


def test_what_a_test_finds_that_fails_anyway_counts_as_not_found():
    fault = faults.Fault("addons/a/x.py", 0, 1, "", 1, "x")
    verdicts = [Verdict("good"), Verdict("bad"), Verdict("time alone", late=True), Verdict()]
    facts = _facts(1, [fault] * 4, verdicts, {"bad"})
    assert facts["planted"] == 4
    assert facts["found"] == 2
    assert len(facts["survivors"]) == len(facts["by_time_only"]) == len(facts["doubtful"]) == 1


MODULE = """
import functools

MOST = 5


def fits(x):
    return [y for y in x if y < MOST]


class Box:
    size = 3

    @property
    def half(self):
        return self.size // 2

    @functools.cache
    def kept(self, x):
        if x:
            raise ValueError
        return x > 1
"""


@pytest.mark.parametrize(
    ("old", "new", "call"),
    [
        ("y < MOST", "y <= MOST", "fits([5])"),
        ("// 2", "// 3", "Box().half"),
        ("raise ValueError", "pass", "Box().kept(1)"),
    ],
)
def test_a_fault_of_a_function_is_planted_where_it_is_loaded(tmp_path, old, new, call):
    module = types.ModuleType("loaded")
    module.__file__ = str(tmp_path / "loaded.py")
    exec(compile(MODULE, module.__file__, "exec"), vars(module))
    warm.plant(module, MODULE, MODULE.replace(old, new))
    fresh = {}
    exec(MODULE.replace(old, new), fresh)
    assert eval(call, vars(module)) == eval(call, fresh)


@pytest.mark.parametrize(
    ("old", "new"), [("MOST = 5", "MOST = 6"), ("size = 3", "size = 4"), ("@property\n    ", "")]
)
def test_a_fault_outside_of_functions_needs_a_new_process(tmp_path, old, new):
    module = types.ModuleType("loaded")
    module.__file__ = str(tmp_path / "loaded.py")
    exec(compile(MODULE, module.__file__, "exec"), vars(module))
    with pytest.raises(warm.Cold):
        warm.plant(module, MODULE, MODULE.replace(old, new))
