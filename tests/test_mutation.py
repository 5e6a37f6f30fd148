"""What `./run mutate` plants, and which tests it asks."""

import ast

import pytest

from tools import paths
from tools.mutation import faults
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
        ("import a\nx: int\n'text'\ny = 'text'", []),
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


def test_the_quick_tests_of_a_line_are_asked_first():
    tests = LineTests({"a.py": {3: ["slow", "quick"]}}, {"slow": 2.0, "quick": 0.1})
    assert tests.of("a.py", 3) == ["quick", "slow"]
    assert tests.of("a.py", 4) == tests.of("b.py", 3) == []
