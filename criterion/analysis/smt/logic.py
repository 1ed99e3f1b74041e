"""Logic: the connectives over terms of z3 and over plain truth values, folded where they can be."""

from typing import Any, Final, TypeAlias

import z3

Claim: TypeAlias = Any
"""A plain truth value, or a term of z3 that is one; z3 has no types of its own."""

ALWAYS: Final[Claim] = True
"""What holds for all facts."""


def conj(*parts: Claim) -> Claim:
    """Return whether all parts hold."""
    kept = [part for part in parts if part is not True]
    if any(part is False for part in kept):
        return False
    return True if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def disj(*parts: Claim) -> Claim:
    """Return whether a part holds."""
    kept = [part for part in parts if part is not False]
    if any(part is True for part in kept):
        return True
    return False if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def _joined(make: Any, parts: list[Claim]) -> Claim:  # noqa: ANN401 -- of z3
    """Return what z3.And and z3.Or return of claims; theirs look at every type again, at a cost."""
    given = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    context = parts[0].ctx
    return z3.BoolRef(make(context.ref(), len(parts), given), context)


def neg(part: Claim) -> Claim:
    """Return whether the part does not hold."""
    return not part if isinstance(part, bool) else z3.Not(part)


def either(guard: Claim, then: Any, otherwise: Any) -> Any:  # noqa: ANN401 -- terms
    """Return one of two terms, by a guard."""
    if isinstance(guard, bool):
        return then if guard else otherwise
    return z3.If(guard, then, otherwise)


def names_in(*terms: Claim) -> set[str]:
    """Return the names of all that is not fixed in some terms."""
    given = [term for term in terms if not isinstance(term, bool)]
    context = z3.main_ctx().ref()
    waiting = [term.as_ast() for term in given]
    seen: set[int] = set()
    found: set[str] = set()
    while waiting:  # in the terms of z3 itself: its Python objects cost ten times as much
        term = waiting.pop()
        place = z3.Z3_get_ast_id(context, term)
        if place in seen or z3.Z3_get_ast_kind(context, term) != z3.Z3_APP_AST:
            continue
        seen.add(place)
        declared = z3.Z3_get_app_decl(context, term)
        if z3.Z3_get_decl_kind(context, declared) == z3.Z3_OP_UNINTERPRETED:
            found.add(z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, declared)))
        count = z3.Z3_get_app_num_args(context, term)
        waiting += (z3.Z3_get_app_arg(context, term, place) for place in range(count))
    return found


def contradicts(*parts: Claim) -> bool:
    """Whether some parts say of one term that it holds and that it does not: seen at a glance."""
    literals: dict[int, bool] = {}
    waiting = [part for part in parts if not isinstance(part, bool)]
    while waiting:
        part = waiting.pop()
        if z3.is_and(part):
            waiting.extend(part.children())
            continue
        is_negated = z3.is_not(part)
        key = (part.arg(0) if is_negated else part).get_id()
        if literals.setdefault(key, not is_negated) is is_negated:
            return True
    return False
