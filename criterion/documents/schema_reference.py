"""Schema references: a pydantic model that a file names by its Python module."""

import re
import sys
from importlib import import_module
from typing import Final

from pydantic import BaseModel, RootModel

from criterion.documents.problems import Problems
from criterion.documents.yaml_text import Node
from criterion.text import code, one_line

_REFERENCE: Final = re.compile(
    r"(?P<module>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*):(?P<name>[A-Za-z][A-Za-z0-9_]*)",
    re.ASCII,
)
_FORM: Final = "write fields, or a model as in `mypackage.schemas:UsageInput`"


def referenced(node: Node, problems: Problems, *, imports: bool) -> type[BaseModel] | None:
    """Return the model that a text such as ``mypackage.schemas:UsageInput`` names.

    Args:
        node: The text.
        problems: Where mistakes are noted.
        imports: Whether its module may be imported. Importing runs code: the files of a folder
            may, a text from anywhere may not.

    Returns:
        The model, or ``None`` after a problem.
    """
    match = _REFERENCE.fullmatch(str(node.value))
    if match is None:
        problems.add(node.start, "this is neither fields nor the name of a model", _FORM)
    elif not imports:
        hint = "save the decision as a file, or write the fields out"
        problems.add(node.start, "a text that is no file cannot name a Python model", hint)
    elif match["module"].partition(".")[0] in sys.stdlib_module_names:
        problems.add(node.start, f"{code(match['module'])} is a part of Python itself", _FORM)
    else:
        return _imported(match["module"], match["name"], node, problems)
    return None


def _imported(module: str, name: str, node: Node, problems: Problems) -> type[BaseModel] | None:
    try:
        found = getattr(import_module(module), name, None)
    except ModuleNotFoundError as error:
        hint = "install it; or, where it stands in this folder, run `python -m criterion`"
        problems.add(node.start, f"there is no module {code(str(error.name))}", hint)
        return None
    except Exception as error:  # noqa: BLE001 -- whatever a module may raise
        message = f"importing {code(module)} raised {type(error).__name__}"
        problems.add(node.start, message, one_line(str(error), 200) or None)
        return None
    if (
        isinstance(found, type)
        and issubclass(found, BaseModel)
        and not issubclass(found, RootModel)
    ):
        return found
    message = f"{code(module)} has no pydantic model {code(name)}"
    problems.add(node.start, message, "name a class derived from `criterion.Schema`")
    return None
