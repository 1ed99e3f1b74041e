"""Places: where an application asks decisions, on routes of their own and before its views."""

from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from criterion_flask.blueprint import CONVERTER, DecisionView
from criterion_flask.guard import Question, questions_of


class Place(NamedTuple):
    """One address at which a decision is asked.

    Attributes:
        path: As the routes of the application have it.
        methods: In capitals, with commas.
        question: What is asked there.
        is_guarded: Whether a view of the application stands there.
    """

    path: str
    methods: str
    question: Question
    is_guarded: bool


def places_in(app: Flask) -> Iterator[Place]:
    """Yield every address at which a decision is asked, in the order of the rules.

    Raises:
        NotInitializedError: A blueprint serves what the application has, and it has none.
    """
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        if isinstance(view, DecisionView):
            yield from _mounted(app, rule, view)
        else:
            yield from _guarded(rule, view)


def _mounted(app: Flask, rule: Rule, view: DecisionView) -> Iterator[Place]:
    if rule.websocket or CONVERTER not in rule.rule:  # another rule of the same view
        return
    prefix = rule.rule.partition(f"/<{CONVERTER}:")[0]
    for decision in view.service(app).catalogue.serving:
        question = Question(decision.id, decision.version)
        yield Place(f"{prefix}/{decision.id}", "GET, POST", question, is_guarded=False)


def _guarded(rule: Rule, view: object) -> Iterator[Place]:
    methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    for question in questions_of(view):
        yield Place(rule.rule, methods, question, is_guarded=True)
