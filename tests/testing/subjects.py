"""Decisions that the test kit is tried on."""

from typing import Final

from criterion.documents.decision_loading import load_decision

ANSWER: Final = "output: {ok: {type: boolean, default: true}}\n"

EVERY_WORD: Final = load_decision(
    """\
decision: every-word
version: 1.0.0
input:
  whole: {type: integer, minimum: 0, exclusiveMaximum: 10, multipleOf: 2}
  open: {type: integer}
  exact: {type: number, exclusiveMinimum: 0, maximum: 1, multipleOf: 0.05}
  narrow: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 0.001}
  code: {type: string, pattern: "^[A-Z]{2}$"}
  short: {type: string, minLength: 2, maxLength: 4}
  day: {type: string, format: date}
  instant: {type: string, format: date-time}
  id: {type: string, format: uuid}
  text_number: {type: string, format: decimal}
  quantity: {$ref: quantity}
  list:
    type: array
    minItems: 1
    maxItems: 2
    items: {type: object, properties: {x: {type: integer}, y: {type: string, default: null}}}
  map: {type: object, additionalProperties: {type: number}, required: [sure]}
  constant: {const: 3}
  choice: {enum: [a, b]}
  flag: {type: boolean, default: null}
  nested: {type: object, properties: {x: {type: integer}}, default: {x: 1}}
"""
    + ANSWER
    + "rules: [{id: a, when: otherwise}]\n"
)

LIMIT: Final = load_decision(
    """\
decision: limit
version: 1.0.0
input:
  used: {type: integer, minimum: 0}
  wanted: {type: integer, minimum: 0, default: 1}
  plan: {type: string}
  day: {type: string, format: date}
profile:
  limits: {type: object, additionalProperties: {type: integer}}
  ends: {type: string, format: date}
"""
    + ANSWER
    + """\
let:
  usage: input.used + input.wanted
  limit: get(profile.limits, input.plan, null)
rules:
  - {id: unknown, when: limit == null}
  - {id: late, when: input.day > profile.ends}
  - {id: over, when: "usage * 3 > limit * 3 if limit != null else false"}
  - {id: square, when: "input.used ** 2 > 5_000 if input.used < 1_000 else false"}
  - {id: never, when: "input.used < 0"}
  - {id: within, when: otherwise}
"""
)
PROFILE: Final = {"limits": {"a-plan": 3, "another": 123_457}, "ends": "2026-03-01"}
