"""Domains of types, for expressions that are generated over types and have no schema."""

from criterion.analysis.domain import Domain
from criterion.expression.types import Type


def domain_of_type(given: Type) -> Domain:
    """Return the domain of everything that fits a type."""
    fields = None
    if given.fields is not None:
        fields = {name: domain_of_type(part) for name, part in given.fields}
    return Domain(
        kind=given.kind,
        nullable=given.nullable,
        choices=given.choices,
        least=given.minimum,
        most=given.maximum,
        item=None if given.item is None else domain_of_type(given.item),
        fields=fields,
        keys=frozenset(fields or ()),
    )
