"""What the HTTP tests serve: one decision for each thing that can happen, and a service of them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from criterion.catalogue import Catalogue
from criterion.clock import FixedClock
from criterion.decision import Decision
from criterion.http import (
    Asked,
    DecisionService,
    Hook,
    ProfileChoice,
    Refusal,
    Request,
    ServiceOptions,
)
from criterion.profiles import ProfileRegistry
from criterion.quantity import Quantity
from criterion.recorder import Record
from criterion.redaction import Redact
from criterion.rule import OTHERWISE, Rule
from criterion.schema import NoProfile, Schema
from tests.parcels import NOON

SECRET: Final = "4242-4242"  # noqa: S105 -- the number of a card
BODY_BYTES_MAX: Final = 20_000


class Wish(Schema):
    """Who wants how many seats."""

    seats: int = Field(ge=0, le=1_000_000)
    tags: dict[str, int] = Field(default_factory=dict)
    nested: list[dict[str, int]] = Field(default_factory=list)


class Room(Schema):
    """How many seats there are."""

    limit: Quantity


class Seating(Schema):
    """Whether there is room."""

    allowed: bool
    left: Quantity


def fits(wish: Wish, room: Room) -> bool:
    return wish.seats <= room.limit


def denied(_: Wish, __: Room) -> Seating:
    return Seating(allowed=False, left=0)


def seat_limit(version: str, title: str | None = "Seats <b>&</b> rooms") -> Any:  # noqa: ANN401
    return Decision(
        id="seat-limit",
        version=version,
        title=title,
        input=Wish,
        profile=Room,
        output=Seating,
        rules=(
            Rule(
                id="fits",
                when=fits,
                emit=lambda wish, room: Seating(allowed=True, left=room.limit - wish.seats),
                explain=lambda wish, room: f"{wish.seats} of {room.limit}",
            ),
            Rule(id="full", when=OTHERWISE, emit=denied, explain=lambda _, __: "no room"),
        ),
    )


class Card(Schema):
    """A payment, of which the card must not be seen."""

    card: Annotated[str, Redact("mask"), Field(pattern="^[0-9-]+$")]
    amount: Decimal = Field(ge=0)


class Fee(Schema):
    """What it costs."""

    fee: Decimal
    card: Annotated[str, Redact("mask")]


def priced(card: Card, _: NoProfile) -> dict[str, object]:
    return {"fee": card.amount / 8, "card": card.card}


def breaking(card: Card, _: NoProfile) -> dict[str, object]:
    raise ValueError(card.card)


def unfitting(_: Card, __: NoProfile) -> dict[str, object]:
    return {"fee": "much"}


def of_card(id: str, emit: Any) -> Any:  # noqa: ANN401
    rule = Rule(id="over-ten", when=lambda card, _: card.amount > 10, emit=emit)
    return Decision(
        id=id, version="1.0.0", input=Card, profile=NoProfile, output=Fee, rules=(rule,)
    )


def other(id: str) -> Any:  # noqa: ANN401
    rule = Rule(id="fits", when=fits, emit=denied)
    return Decision(id=id, version="1.0.0", input=Wish, profile=Room, output=Seating, rules=(rule,))


DECISIONS: Final = (
    seat_limit("1.0.0"),
    seat_limit("1.1.0"),
    seat_limit("2.0.0-beta.1"),
    of_card("card-fee", priced),
    of_card("breaking", breaking),
    of_card("unfitting", unfitting),
    other("tenant-limit"),
    other("own-limit"),
    other("unfit-limit"),
)


def registry() -> ProfileRegistry:
    profiles = ProfileRegistry()
    profiles.register("small", {"limit": 3}, version="1.0.0", decisions=["seat-limit"])
    profiles.register("large", {"limit": "unlimited"}, version="1.0.0", decisions=["seat-limit"])
    profiles.register("secret", {"limit": 9}, version="1.0.0", decisions=["seat-limit"])
    profiles.register("acme", {"limit": 5}, version="1.0.0", decisions=["tenant-limit"])
    profiles.register("odd", {"limit": "much"}, version="1.0.0", decisions=["unfit-limit"])
    return profiles


def of_tenant(request: Request, _: object) -> str | Mapping[str, object] | Refusal:
    tenant = request.headers.get("x-tenant", "")
    if tenant == "down":
        raise ConnectionError(SECRET)
    if tenant == "typed":
        return {"limit": 7}
    if not tenant:
        return Refusal(code="tenant_missing", detail="send `X-Tenant`", status=401)
    return tenant


class Gate(Hook):
    """Refuses, fails, and adds, as a header says."""

    def before(self, asked: Asked) -> Mapping[str, object] | Refusal | None:
        match asked.request.headers.get("x-gate"):
            case "refuse":
                headers = (("Retry-After", "60"),)
                return Refusal(code="too_busy", detail="later", status=429, headers=headers)
            case "raise":
                raise ValueError(SECRET)
            case given:
                return {"gate": given} if given else None

    def after(self, asked: Asked, result: object) -> None:  # noqa: ARG002
        if asked.request.headers.get("x-gate") == "raise after":
            raise ValueError(SECRET)


class Keeper:
    """A recorder that fails where the metadata says so."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def record(self, record: Record) -> None:
        if record.metadata.get("gate") == "unrecorded":
            raise OSError(SECRET)
        self.records.append(record)


def service(
    *, recorder: Keeper | None = None, hooks: Iterable[Hook] = (Gate(),), expose_rules: bool = True
) -> DecisionService:
    options = ServiceOptions(
        title="Seats <script>", body_bytes_max=BODY_BYTES_MAX, expose_rules=expose_rules
    )
    return DecisionService(
        Catalogue(DECISIONS, registry()),
        profiles={
            "seat-limit": ["small", "large"],
            "tenant-limit": of_tenant,
            "own-limit": ProfileChoice(takes_own=True),
        },
        options=options,
        hooks=tuple(hooks),
        recorder=recorder or Keeper(),
        clock=FixedClock(NOON),
    )
