"""What the tests of limits serve: one policy, who may ask of it, and views behind guards."""

from collections.abc import Callable
from typing import Any, Final

from criterion.clock import FixedClock
from criterion.http import Refusal, Request
from criterion.http.limits import LimitOptions, LimitService, Permit
from criterion.policy import Policy
from criterion.policy.stores.memory import MemoryStore
from criterion.recorder import Recorder
from tests.parcels import NOON

SECRET: Final = "4242-4242"  # noqa: S105 -- the number of a card
BODY_BYTES_MAX: Final = 20_000

DOCUMENT: Final[dict[str, Any]] = {
    "policy": {
        "credits": {
            "seat": {}, "token": {}, "mb": {"units": "MB"}, "money": {"price": {"amount": 1}},
        },
        "plans": {
            "free": {
                "default": True,
                "entitlements": {
                    "seats": {"limit": {"credit": "seat", "value": 3}, "description": "Seats"},
                    "pdf": {},
                    "secret": {"hidden": True},
                    "storage": {"limit": {"credit": "mb", "value": "1GB"}},
                    "open": {"limit": {"credit": "token", "value": 0, "mode": "observe"}},
                    "tokens": {
                        "limit": {
                            "credit": "token",
                            "value": 100,
                            "resets": True,
                            "reset_inc": "1day",
                            "grants_apply": False,
                        }
                    },
                    "calls": {
                        "limit": {
                            "credit": "token",
                            "value": 1000,
                            "governor_enabled": True,
                            "governor_capacity": 5,
                            "governor_refill_rate": 0.001,
                        }
                    },
                },
                "topups": {"pack": {"credit": "money", "value": 2, "price": {"amount": 2}}},
            },
            "starter": {"entitlements": {"seats": {"limit": {"credit": "seat", "value": 10}}}},
            "visitor": {
                "hidden": True,
                "entitlements": {
                    "visits": {
                        "limit": {
                            "credit": "token", "value": 2, "resets": True, "reset_inc": "1min",
                        }
                    }
                },
            },
            "regular": {
                "hidden": True,
                "entitlements": {
                    "visits": {
                        "limit": {
                            "credit": "token", "value": 3, "resets": True, "reset_inc": "1min",
                        }
                    }
                },
            },
        },
    }
}  # fmt: skip

CUSTOMERS: Final = ("acme", "bolt", "cork", "dune", "echo", "fern", "gale", "holt", "iris", "jade")


class Waiting:
    """A store that is not known to answer at once; where it is down, it raises."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.is_down = False
        self.error: Exception = ConnectionError(SECRET)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if self.is_down and name in {"transact", "look"}:
            raise self.error
        return getattr(self.inner, name)


def policy(
    store: Any = None,  # noqa: ANN401
    recorder: Recorder | None = None,
    failing: str = "fail_closed",
) -> Policy:
    document = {"policy": {**DOCUMENT["policy"], "store_failure": failing}}
    made = Policy.load(
        document, "memory://" if store is None else store, clock=FixedClock(NOON), recorder=recorder
    )
    for customer in CUSTOMERS:
        made.ensure_customer(customer)
    made.ensure_customer("regular", "regular")
    return made


def authorize(request: Request) -> Permit | Refusal:
    match request.headers.get("x-who", "service"):
        case "stranger":
            return Refusal(code="not_signed_in", detail="say who you are", status=401)
        case "reader":
            return Permit(customers={"acme"}, operations={"read"})
        case "one":
            return Permit(customers={"acme"})
        case "broken":
            raise ValueError(SECRET)
        case "odd":
            return None  # type: ignore[return-value] # what nobody may return
        case _:
            return Permit()


def service(
    of: Policy | None = None,
    who: Callable[[Request], Permit | Refusal] = authorize,
    *,
    requires_key: bool = False,
) -> LimitService:
    options = LimitOptions(body_bytes_max=BODY_BYTES_MAX, requires_key=requires_key)
    return LimitService(of or policy(), who, options=options)
