"""Responses: answers of the contract as Starlette sends them."""

from starlette.responses import Response

from criterion.http import Answer


class AnswerResponse(Response):
    """An answer: its status, its body and exactly its headers."""

    def __init__(self, answer: Answer) -> None:
        """Take everything as it is; Starlette would work out headers of its own."""
        self.status_code = answer.status
        self.body = answer.body
        self.raw_headers = [
            (name.lower().encode(), value.encode()) for name, value in answer.headers
        ]
        self.background = None
