"""Tests of the benchmark: both views of each application answer. How fast, no test asserts."""

import pytest

from tests.asgi.asking import ask
from tests.benchmarks import guards
from tests.benchmarks.guards_apps import flask, starlette


@pytest.mark.parametrize("path", guards.PATHS)
def test_both_views_answer_the_same(path: str) -> None:
    assert flask.test_client().get(path).get_json() == {"done": True}
    assert ask(starlette, "GET", path).members == {"done": True}


def test_a_rate_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "CALLS", 20)

    assert guards.wsgi_rate("/guarded") > 0
    assert guards.asgi_rate("/guarded") > 0
