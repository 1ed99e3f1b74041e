"""Tests of ``flask criterion``: what is listed, and what is found to be wrong."""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from syrupy.assertion import SnapshotAssertion

from criterion_flask import Criterion, decision_blueprint
from criterion_flask.commands import criterion as commands
from tests.flask.houses import House, criterion, wish
from tests.http.subjects import of_card, priced, service


def run(create_app: Callable[[], Flask], command: str) -> Result:
    return CliRunner().invoke(commands, [command], obj=ScriptInfo(create_app=create_app))


def full() -> Flask:
    app = House().app
    app.register_blueprint(decision_blueprint(), url_prefix="/limits")
    fees = decision_blueprint([of_card("card-fee", priced)], name="fees")
    app.register_blueprint(fees, url_prefix="/<tenant>/fees")

    @app.route("/rooms", methods=["PUT", "DELETE"])
    @criterion.guard("tenant-limit", facts=wish, version="1.0.0")
    @criterion.guard("seat-limit", facts=wish)
    def rooms() -> str:
        return ""

    return app


def test_flask_finds_the_commands() -> None:
    (found,) = entry_points(group="flask.commands", name="criterion")

    assert found.load() is commands


def test_decisions_are_listed_with_how_their_profiles_are_chosen(
    snapshot: SnapshotAssertion,
) -> None:
    finished = run(full, "list")

    assert finished.exit_code == 0
    assert finished.output == snapshot


def test_every_address_is_listed(snapshot: SnapshotAssertion) -> None:
    finished = run(full, "routes")

    assert finished.exit_code == 0
    assert finished.output == snapshot


def test_an_application_without_mistakes_passes() -> None:
    finished = run(full, "check")

    assert (finished.exit_code, finished.output) == (0, "addresses: 11, guarded: 3, problems: 0\n")


def test_guards_that_ask_for_what_is_not_there_are_found(snapshot: SnapshotAssertion) -> None:
    def create() -> Flask:
        app = House("seat-limits").app
        app.get("/rooms")(criterion.guard("seat-limit", facts=wish, version="9.0.0")(lambda: ""))
        return app

    finished = run(create, "check")

    assert finished.exit_code == 1
    assert finished.output == snapshot


def test_an_application_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    def create() -> Flask:
        app = Flask("broken")
        app.config["CRITERION_PATH"] = str(tmp_path / "nowhere")
        Criterion(app)
        return app

    for command in ("list", "routes", "check"):
        finished = run(create, command)

        assert finished.exit_code == 1
        assert finished.stdout == ""
        assert "nowhere: does not exist (name the folder" in finished.stderr


def test_an_application_without_decisions_says_so() -> None:
    def create() -> Flask:
        app = Flask("empty")
        app.get("/seats")(criterion.guard("seat-limit", facts=wish)(lambda: ""))
        return app

    assert run(create, "list").stderr.startswith("the application `empty` has no decisions\n")
    checked = run(create, "check")
    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (
        1,
        "/seats: the application `empty` has no decisions; call `criterion.init_app(app)` first",
    )


def test_a_service_may_be_given_in_python() -> None:
    app = Flask("python")
    Criterion(app, service())

    assert "seat-limit" in run(lambda: app, "list").output
