"""Houses: Flask applications with guarded views, which count how often these run."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, request

from criterion.http import DecisionService, Denial
from criterion_flask import Criterion
from criterion_flask.guard import NOT_ALLOWED
from tests.http.subjects import SECRET, service

criterion: Final = Criterion()
"""As in a module of its own: one for all applications."""


def wish() -> Mapping[str, Any]:
    return {"seats": int(request.args["seats"])}


def payment() -> Mapping[str, Any]:
    return {"card": SECRET, "amount": int(request.args["amount"])}


class House:
    """An application with one guarded view."""

    def __init__(
        self,
        id: str = "seat-limit",
        *,
        facts: Any = wish,  # noqa: ANN401 -- sync or async
        version: str | None = None,
        denial: Denial = NOT_ALLOWED,
        decisions: DecisionService | None = None,
    ) -> None:
        self.entered = 0
        self.app = Flask("house")
        criterion.init_app(self.app, decisions or service())

        @self.app.post("/<floor>/seats")
        @criterion.guard(id, facts=facts, version=version, denial=denial)
        def view(floor: str) -> dict[str, object]:
            self.entered += 1
            return {"floor": floor, "why": criterion.result.explanation}

    def ask(self, query: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401 -- JSON of any shape
        return self.app.test_client().post(f"/attic/seats?{query}", headers=headers)
