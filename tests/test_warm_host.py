"""Shells and servers that are forked from a warm Odoo are what cold ones would be."""

import dataclasses
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.warm_host import Process, WarmHost
from tools.console import Failure
from tools.host import Host

WHERE = "print(env.cr.dbname, env['ir.config_parameter'].get_param('test.mark'), env.user.login)"
MARK = "env['ir.config_parameter'].set_param('test.mark', {mark!r})\nenv.cr.commit()"
ADD_FIELD = """
env["ir.model.fields"].create({"name": "x_warm", "ttype": "char",
    "model_id": env["ir.model"]._get_id("res.partner")})
env.cr.commit()
"""
HAS_FIELD = "print('x_warm' in env['res.partner']._fields)"
UNINSTALL = "env.ref('base.module_crm_lead_mining_demo').button_immediate_uninstall()"
MODELS = "print(sum(one._module == 'crm_lead_mining_demo' for one in env.registry.values()),"
MODELS += " env['ir.module.module'].search_count([('name', '=', 'crm_lead_mining_demo'),"
MODELS += " ('state', '=', 'installed')]))"


@pytest.fixture(scope="module")
def two(host):
    with host.database("warm_one") as one, host.database("warm_two") as two:
        yield one, two


def test_a_shell_is_on_the_database_that_was_asked_for(host, two):
    one, other = two
    host.shell(one, MARK.format(mark="first"))
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda name: host.shell(name, WHERE).split(), two))
    assert said == [[one, "first", "__system__"], [other, "False", "__system__"]]
    cold = Host.current()
    assert cold.shell(one, WHERE).split() == said[0]


def test_a_script_that_fails_is_one_sentence(host, two):
    with pytest.raises(Failure, match="ZeroDivisionError"):
        host.shell(two[0], "1 / 0")
    assert host.shell(two[0], "print('ü€')").strip() == "ü€"


def test_variables_are_those_of_who_asks(host, two, monkeypatch):
    monkeypatch.setenv("WARM_TEST", "now")
    assert host.shell(two[0], "import os; print(os.environ['WARM_TEST'])").strip() == "now"


def test_what_has_changed_in_the_models_is_there(host, two):
    assert host.shell(two[1], HAS_FIELD).strip() == "False"
    host.shell(two[1], ADD_FIELD)
    assert [host.shell(name, HAS_FIELD).strip() for name in two] == ["False", "True"]
    assert host.shell(two[1], MODELS).split()[1] == "1"
    host.shell(two[1], UNINSTALL)
    assert host.shell(two[1], MODELS).split() == ["0", "0"]


def test_a_killed_server_ends_at_once_and_the_next_one_starts(host, two):
    with host.server(two[0], cron=1) as server:
        assert isinstance(server._process, Process), "it was started cold"
        first = server.pid
        server.kill()
        assert not server.alive
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
    with host.server(two[0], cron=1) as server:
        assert server.alive and server.pid != first
    assert server.wait() == 0


@pytest.mark.parametrize("change", [{"python_path": ()}, {"addons_path": ()}])
def test_another_odoo_is_never_that_one(host, change):
    assert isinstance(host, WarmHost)
    other = dataclasses.replace(host, **change)
    with open(os.devnull, "r+b") as nothing:
        started = other.start([host.python, "-c", "pass", "-m"], [nothing] * 3)
    assert not isinstance(started, Process)
    started.wait()
