"""State tables: the sections of a policy document that say where customers stand.

Source:
    Policy specification, section 2.7.
"""

from decimal import Decimal
from typing import Final

from criterion.policy.document.fields import Data, Flag, Inner, Names, Number, Words, Written
from criterion.policy.document.section import Section
from criterion.policy.document.tables import CREDIT_NAME, REFILL, RESET, TOPUP

_AMOUNT: Final = Number(about="In the credit's unit.", default=0)
_INSTANT: Final = Number(
    about="An instant in ms; by default when the policy is loaded.", is_whole=True
)

HOLD: Final = Section(
    "a hold",
    {
        "id": Words(about="Its key.", default=None),
        "value": Number(about="How much is set aside.", required=True, least=0),
        "overhead": Number(about="What it will cost you.", default=0, least=0),
        "expires": Number(about="When it ends, in ms.", required=True, is_whole=True),
        "basis": Number(about="What the estimate was per unit of."),
        "segment": Words(about="What the estimate is kept apart by.", default=None),
    },
)

CHANGE: Final = Section(
    "a change",
    {
        "ts": Number(about="When, in ms.", required=True, is_whole=True),
        "delta": Number(about="By how much.", required=True),
    },
)

ESTIMATE: Final = Section(
    "an estimate",
    {
        "samples": Number(about="How many were seen.", default=0, least=0, is_whole=True),
        "alpha": Number(
            about="The least weight of the newest.", default=Decimal("0.1"), least=0, most=1
        ),
        "per_basis": Flag(about="Whether the averages are per unit of a basis."),
        "value_mean": _AMOUNT,
        "value_var": Number(about="Its variance.", default=0, least=0),
        "overhead_mean": Number(about="In runes.", default=0),
        "overhead_var": Number(about="Its variance.", default=0, least=0),
        "source": Words(about="Where it was learned.", default="local"),
        "updated": Number(about="When, in ms.", is_whole=True),
    },
)

METER: Final = Section(
    "a meter",
    {
        "credit": CREDIT_NAME,
        "started": _INSTANT,
        "value": _AMOUNT,
        "overhead": Number(about="What it cost you this period, in runes."),
        "holds": Inner(about="Room set aside, by id.", of="hold", each="name"),
        "estimates": Inner(about="By segment.", of="estimate", each="name"),
        "history": Inner(about="The last changes.", of="change", each="item"),
        "ewma_rate": Number(about="The smoothed rate per ms."),
        "governor_tokens": Number(about="What the bucket held."),
        "governor_last_refill": Number(about="When, in ms.", is_whole=True),
    },
)

GRANT: Final = Section(
    "a grant",
    {
        "id": Words(about="Its key.", default=None),
        "credit": CREDIT_NAME,
        "topup": Words(about="What it came from.", default=None),
        "created_on": _INSTANT,
        "granted_on": _INSTANT,
        "starting_value": Written(about="How much it began with.", default=None),
        "value": Written(about="How much is left."),
        **REFILL,
        "last_reset": Number(about="When it was last refilled, in ms.", is_whole=True),
        "expires_on": Number(about="When it ends, in ms.", is_whole=True),
        "origin": Words(
            about="How it came to be.",
            default="granted",
            choices=("included", "purchased", "granted"),
        ),
        "priority": TOPUP.fields["priority"],
    },
)

CAP: Final = Section(
    "a cap",
    {
        "id": Words(about="Its key.", default=None),
        "credit": Words(
            about="Runes, a credit, or a name of the exchange.", default="rune", may_be_empty=False
        ),
        "value": Written(about="The ceiling, or `unlimited`.", may_be_unlimited=True),
        "exchangeable": Flag(about="Whether other credits count.", default=None),
        "overage_only": Flag(about="Whether only units past the limit count."),
        "ignore_grants": Flag(about="Whether units that grants covered do not count."),
        "observe_only": Flag(about="Whether it never refuses."),
        "overhead_cost": Flag(about="Whether your cost counts, not the price."),
        "follow_decrements": Flag(about="Whether negative changes count."),
        "hard_trailing": Flag(about="Whether the crossing call still passes."),
        "shared": Flag(about="Whether it is for customers that belong to its holder, too."),
        "shared_with": Names(about="For which types of callers; all by default."),
        "scope": Names(about="For which entitlements; all by default."),
        "meter_value": _AMOUNT,
        "created_on": _INSTANT,
        "started": _INSTANT,
        "last_reset": Number(about="When it last began anew, in ms.", is_whole=True),
        **RESET,
        "expires_on": Number(about="When it ends, in ms.", is_whole=True),
    },
)

CUSTOMER: Final = Section(
    "a customer",
    {
        "id": Words(about="Its key; need not be repeated.", default=None),
        "plan": Words(about="A name in `plans`.", nullable=False),
        "type": Words(
            about="user, team, org, …", default="user", nullable=False, may_be_empty=False
        ),
        "label": Words(about="What people call it.", default="User", nullable=False),
        "alt_ids": Names(about="Other ids that it answers to; at most 1,000."),
        "refs": Names(about="Whom it belongs to, nearest first."),
        "meters": Inner(about="What it used, by entitlement.", of="meter", each="name"),
        "overrides": Inner(about="Limits of its own.", of="limit", each="name"),
        "grants": Inner(about="Extra room, by id.", of="grant", each="name"),
        "caps": Inner(about="Spend ceilings, by id.", of="cap", each="name"),
        "metadata": Data(about="Whatever you keep with it."),
    },
)
