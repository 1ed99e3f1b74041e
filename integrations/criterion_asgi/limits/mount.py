"""The mount: the routes of a policy among those of a Starlette application."""

from starlette.routing import Match, Mount
from starlette.types import Scope

from criterion.http.limits import LimitService, limits_asgi_app
from criterion.policy import AsyncPolicy


class LimitMount(Mount):
    """A route: the operations of a policy below a path, and their list at the path itself.

    Args:
        path: Where: ``/api/limits``.
        service: What answers; it says who may ask.
        policy: The asynchronous front of its policy, whose threads are used; by default one of its
            own.
        name: For ``url_path_for``.
    """

    def __init__(
        self,
        path: str,
        service: LimitService,
        policy: AsyncPolicy | None = None,
        name: str | None = None,
    ) -> None:
        """Mount a service."""
        super().__init__(path, app=limits_asgi_app(service, policy), name=name)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the path itself, too."""
        match, found = super().matches(scope)
        if match is Match.NONE and not scope["path"].endswith("/"):
            return super().matches({**scope, "path": f"{scope['path']}/"})
        return match, found
