"""The prover: whether there is one."""

from importlib.util import find_spec


def has_prover() -> bool:
    """Whether the extra `prove` is installed."""
    return find_spec("z3") is not None
