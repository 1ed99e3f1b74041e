"""The index page: every decision on one page, for people; no scripts, everything escaped."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from criterion.http.field_table import field_table
from criterion.http.openapi import Interface
from criterion.json_text import json_text

STYLE: Final = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
nav ul { list-style: none; padding: 0; columns: 16rem } section { margin-top: 3rem }
h2 { border-bottom: 1px solid #8886; padding-bottom: .25rem } h3 { margin-bottom: .25rem }
.version, .note { color: #777; font-weight: normal } .note { margin: .75rem 0 .25rem }
code, pre { font: .875rem/1.5 ui-monospace, monospace }
pre { background: #8881; border-radius: .375rem; padding: .625rem .875rem; margin: 0 }
pre, td { white-space: pre-wrap; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } th { text-align: left }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top }
details { margin-top: .5rem } summary { cursor: pointer; color: #777 }
"""

_JSON: Final = "application/json"


def prefers_html(accept: str) -> bool:
    """Whether an ``Accept`` header names HTML, and JSON not before it."""
    html, _, _ = accept.partition(_JSON)
    return "text/html" in html


def index_page(interface: Interface, root_path: str) -> str:
    """Return the page: for each decision its address, examples, and its fields."""
    title = escape(interface.title)
    found = {path: item["post"] for path, item in interface.paths.items() if "post" in item}
    links = (f'<li><a href="#{path[1:]}">{_title(each)}</a></li>' for path, each in found.items())
    sections = (_section(path, each, interface, root_path) for path, each in found.items())
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{STYLE}</style></head><body>",
            f"<h1>{title}</h1>",
            f"<nav><ul>{''.join(links)}</ul></nav>",
            f'<p>For programs: <a href="{escape(root_path)}/openapi.json">OpenAPI</a></p>',
            *sections,
            "</body></html>\n",
        ]
    )


def _title(operation: Mapping[str, Any]) -> str:
    return escape(operation["summary"])


def _section(path: str, operation: Mapping[str, Any], interface: Interface, root_path: str) -> str:
    address, version = escape(f"{root_path}{path}"), escape(operation["x-criterion-version"])
    return "\n".join(
        [
            f'<section id="{path[1:]}">',
            f'<h2>{_title(operation)} <span class="version">{version}</span></h2>',
            f'<p><code>POST <a href="{address}">{address}</a></code></p>',
            *_query(operation["parameters"]),
            *_body(operation["requestBody"]["content"][_JSON], interface.schemas),
            *_answer(operation["responses"]["200"]["content"][_JSON]["schema"], interface.schemas),
            "</section>",
        ]
    )


def _query(parameters: list[Mapping[str, Any]]) -> Iterator[str]:
    for each in parameters:
        values = ", ".join(f"<code>{escape(value)}</code>" for value in each["schema"]["enum"])
        name = escape(each["name"])
        yield f"<p><code>?{name}=</code> {escape(each['description'])} One of: {values}</p>"


def _body(media: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    for example in media.get("examples", {}).values():
        text = json_text(example["value"])
        yield f'<p class="note">{escape(example["summary"])}</p><pre>{escape(text)}</pre>'
    yield from _fields("Input", media["schema"], schemas)


def _answer(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    answer = _found(schema, schemas)
    output = answer["properties"]["data"]["anyOf"][0] if "properties" in answer else answer
    yield from _fields("Data", output, schemas)


def _fields(heading: str, given: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands in one object; of several versions' only their schemas."""
    schema = _found(given, schemas)
    text = json.dumps(schema, indent=2, ensure_ascii=False, default=str)
    yield f"<h3>{heading}</h3>"
    yield from field_table(schema, lambda part: _found(part, schemas))
    yield f"<details><summary>JSON Schema</summary><pre>{escape(text)}</pre></details>"


def _found(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference means; of several versions' schemas all references."""
    found: Mapping[str, Any] = (
        schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )
    return found
