"""An assistant: FastAPI sets tokens aside before a model is asked, and counts what it used."""

import os
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

from criterion.http import Refusal, Request
from criterion.http.limits import LimitService, Permit
from criterion.policy import AsyncPolicy
from criterion.policy.runtime.asynchronous_hold import AsyncHold
from criterion_asgi import install_exception_handlers
from criterion_asgi.fastapi.limits import Limits, limit_router

POLICY = os.environ.get("POLICY", "docs/examples/limits/assistant.yaml")
KEYS = {"key-of-ada": "ada", "key-of-bo": "bo"}

policy = AsyncPolicy.load(POLICY, os.environ.get("STORE_URL", "memory://"))


class Ask(BaseModel):
    """A question, and how long the answer may be."""

    question: str = Field(max_length=1_000)
    tokens_max: int = Field(gt=0, le=10_000)


class ModelError(Exception):
    """The model did not answer."""


async def model(question: str) -> tuple[str, int]:
    """Return an answer and what it used; an application of your own asks a model here."""
    if "fail" in question:
        raise ModelError
    answer = question[::-1]
    return answer, len(answer)


async def signed_in(x_api_key: Annotated[str, Header()] = "") -> str:
    """Return who asks; an application of your own looks at a session or a token."""
    if x_api_key not in KEYS:
        raise HTTPException(401)
    return KEYS[x_api_key]


async def most(ask: Ask) -> int:
    """Return what the answer uses at most."""
    return ask.tokens_max


def authorize(asked: Request) -> Permit | Refusal:
    """Let customers read how they stand."""
    customer = KEYS.get(asked.headers.get("x-api-key", ""))
    if customer is None:
        return Refusal(code="not_signed_in", detail="send `X-Api-Key`", status=401)
    return Permit(customers={customer}, operations={"read", "check"})


limits = Limits(policy, customer=signed_in)
Room = Annotated[AsyncHold, Depends(limits.reserve("tokens", most), scope="function")]

app = FastAPI(title="Assistant")
install_exception_handlers(app)
app.include_router(
    limit_router(LimitService(policy, authorize), policy), prefix="/api/limits", tags=["limits"]
)


@app.post("/chat")
async def chat(ask: Ask, room: Room) -> dict[str, object]:
    """Ask the model; where it fails, nothing is counted."""
    try:
        answer, used = await model(ask.question)
    except ModelError as error:
        raise HTTPException(502) from error
    verdict = await room.settle(used)
    return {"answer": answer, "tokens_left": int(verdict.remaining or 0)}
