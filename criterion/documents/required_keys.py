"""Required keys: keys that an open mapping must have, as a mark on its type."""

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from criterion.expression.schema_types import REQUIRED_KEYS


class RequiredKeys:
    """A mark: ``Annotated[dict[str, int], RequiredKeys("free", "pro")]``."""

    def __init__(self, *keys: str) -> None:
        """Name the keys that must be there."""
        self.keys = keys

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the keys after the mapping itself."""
        return core_schema.no_info_after_validator_function(
            self._checked, handler(source), metadata={REQUIRED_KEYS: self.keys}
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add ``required``."""
        return {**handler(schema), "required": list(self.keys)}

    def _checked(self, mapping: dict[str, Any]) -> dict[str, Any]:
        absent = [key for key in self.keys if key not in mapping]
        if absent:
            lines = [InitErrorDetails(type="missing", loc=(key,), input=None) for key in absent]
            raise ValidationError.from_exception_data("mapping", lines, hide_input=True)
        return mapping
