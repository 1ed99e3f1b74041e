"""The policy runtime: plans, credits, limits and grants, every answer an explained decision."""

from criterion.policy.runtime.asynchronous import AsyncPolicy
from criterion.policy.runtime.policy import Policy

__all__ = ["AsyncPolicy", "Policy"]
