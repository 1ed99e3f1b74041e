"""Decisions over HTTP: one contract, a request in and an answer out, free of any framework."""

from criterion.http.asgi import asgi_app
from criterion.http.denial import Denial
from criterion.http.examples import cases_of
from criterion.http.hooks import Asked, Hook
from criterion.http.message import Answer, Request
from criterion.http.options import ServiceOptions
from criterion.http.problem import Problem, Refusal
from criterion.http.profile_choice import ProfileChoice
from criterion.http.service import Checked, DecisionService
from criterion.http.wsgi import wsgi_app

__all__ = [
    "Answer",
    "Asked",
    "Checked",
    "DecisionService",
    "Denial",
    "Hook",
    "Problem",
    "ProfileChoice",
    "Refusal",
    "Request",
    "ServiceOptions",
    "asgi_app",
    "cases_of",
    "wsgi_app",
]
