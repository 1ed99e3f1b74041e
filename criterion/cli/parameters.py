"""Parameters: a command's options, some of them in records that several commands share."""

from collections.abc import Callable
from dataclasses import is_dataclass
from inspect import Parameter, Signature, signature
from typing import Any

from criterion.cli.problems import stop
from criterion.errors import CriterionError


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Return a function for typer to call.

    A parameter whose type is a dataclass stands for that class's fields, each an option or an
    argument. An error of the library is printed and sets the exit code.
    """
    records: dict[str, Callable[..., Any]] = {}
    flat: dict[str, Parameter] = {}
    for parameter in _parameters(function):
        if _is_record(parameter.annotation):
            records[parameter.name] = parameter.annotation
            flat |= {field.name: field for field in _parameters(parameter.annotation)}
        else:
            flat[parameter.name] = parameter

    def called(**values: Any) -> None:  # noqa: ANN401 -- what typer read
        given = {name: _taken(record, values) for name, record in records.items()}
        try:
            function(**given, **values)
        except CriterionError as error:
            as_json = any(getattr(record, "as_json", False) for record in given.values())
            raise stop(error, as_json=as_json) from None

    called.__name__, called.__doc__ = function.__name__, function.__doc__
    called.__annotations__ = {name: part.annotation for name, part in flat.items()}
    vars(called)["__signature__"] = Signature(
        [part.replace(kind=Parameter.KEYWORD_ONLY) for part in flat.values()]
    )
    return called


def _is_record(annotation: object) -> bool:
    return is_dataclass(annotation)


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    return list(signature(function, eval_str=True).parameters.values())


def _taken(record: Callable[..., Any], values: dict[str, Any]) -> Any:  # noqa: ANN401
    return record(**{field.name: values.pop(field.name) for field in _parameters(record)})
