"""Metering verdict: whether a metered call of a policy may pass, and why not.

A policy asks it on every call; here it stands among the others, to be shown, explained, and drawn.
"""

from criterion.policy.rules import metering_verdict

__all__ = ["metering_verdict"]
