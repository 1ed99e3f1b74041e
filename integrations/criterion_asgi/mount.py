"""The mount: a service's decisions among the routes of a Starlette application."""

from starlette.routing import Match, Mount
from starlette.types import Scope

from criterion.http import DecisionService
from criterion_asgi.app import DecisionApp


class DecisionMount(Mount):
    """A route: the decisions below a path, and their list at the path itself.

    Starlette's own mount redirects those who leave out the slash behind the path.

    Args:
        path: Where: ``/api/limits``.
        service: The decisions, and how they are answered.
        name: For ``url_path_for``.
    """

    def __init__(self, path: str, service: DecisionService, name: str | None = None) -> None:
        """Mount a service."""
        super().__init__(path, app=DecisionApp(service), name=name)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the path itself, too."""
        match, found = super().matches(scope)
        if match is Match.NONE and not scope["path"].endswith("/"):
            return super().matches({**scope, "path": f"{scope['path']}/"})
        return match, found
