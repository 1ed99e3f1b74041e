"""The application: a service's decisions, to be mounted in any ASGI framework or served alone."""

from criterion.http import DecisionService, asgi_app
from criterion.http.asgi import Receive, Scope, Send


class DecisionApp:
    """Answers below wherever it is mounted.

    Args:
        service: The decisions, and how they are answered.

    Attributes:
        service: As given.
    """

    def __init__(self, service: DecisionService) -> None:
        """Put an application in front of a service."""
        self.service = service
        self._app = asgi_app(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it; decisions run where the event loop runs."""
        await self._app(scope, receive, send)
