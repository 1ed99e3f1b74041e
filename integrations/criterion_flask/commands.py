"""The commands: ``flask criterion list``, ``routes`` and ``check``."""

from collections.abc import Iterator, Sequence
from typing import Final

import click
from flask import Flask
from flask.cli import ScriptInfo

from criterion.errors import CriterionError
from criterion.http import ProfileChoice
from criterion.http.profile_choice import IN_BODY
from criterion.text import one_line
from criterion_flask.places import Place, places_in
from criterion_flask.service import service_in

FAILED: Final = 1


class _Group(click.Group):
    """Commands that say what is wrong with an application, and how to mend it."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an error of this library is an answer for people, not a traceback."""
        try:
            return super().invoke(ctx)
        except CriterionError as error:
            click.echo(str(error), err=True)
            ctx.exit(FAILED)


@click.group(cls=_Group)
def criterion() -> None:
    """Show and check where this application asks decisions."""


@criterion.command(name="list")
@click.pass_context
def list_(context: click.Context) -> None:
    """List the decisions of the application, and how their profiles are chosen."""
    service = service_in(_app(context))
    _say_table(
        ("decision", "version", "profile", "title"),
        [
            (each.id, each.version, _chosen(service.choices[each.id]), one_line(each.title or ""))
            for each in service.catalogue.serving
        ],
    )


@criterion.command
@click.pass_context
def routes(context: click.Context) -> None:
    """List every address at which a decision is asked."""
    _say_table(
        ("path", "methods", "decision", "version", ""),
        [
            (
                place.path,
                place.methods,
                place.question.id,
                place.question.version or "",
                "guard" if place.is_guarded else "",
            )
            for place in places_in(_app(context))
        ],
    )


@criterion.command
@click.pass_context
def check(context: click.Context) -> None:
    """Check the settings, every file of the catalogue, and that guards ask what is there."""
    app = _app(context)
    places = list(places_in(app))
    problems = [problem for place in places for problem in _problems(app, place)]
    for problem in problems:
        click.echo(problem)
    guarded = sum(place.is_guarded for place in places)
    click.echo(f"addresses: {len(places)}, guarded: {guarded}, problems: {len(problems)}")
    context.exit(FAILED if problems else 0)


def _app(context: click.Context) -> Flask:
    return context.ensure_object(ScriptInfo).load_app()


def _problems(app: Flask, place: Place) -> Iterator[str]:
    """Yield what keeps a guard from finding its decision; where it stands is said first."""
    if place.is_guarded:
        try:
            service_in(app).catalogue.decision(*place.question)
        except CriterionError as error:
            hint = f"; {error.hint}" if error.hint else ""
            yield f"{place.path}: {error.args[0]}{hint}"


def _chosen(choice: ProfileChoice) -> str:
    """Return who chooses the profile, in a few words."""
    if choice.resolver is not None:
        return "by request"
    if choice.values is not None:
        return "values"
    return ", ".join([*choice.names, *([IN_BODY] if choice.takes_own else [])])


def _say_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
