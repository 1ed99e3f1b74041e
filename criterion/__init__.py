"""Decisions that are right, explained and auditable."""

from criterion.catalogue import Catalogue
from criterion.clock import Clock, FixedClock, SystemClock
from criterion.decision import Decision
from criterion.documents.decision_loading import load_decision
from criterion.engine import Engine
from criterion.errors import CriterionError
from criterion.profiles import ProfileRegistry
from criterion.quantity import UNLIMITED, Quantity
from criterion.recorder import MemoryRecorder, Record, Recorder
from criterion.redaction import Redact
from criterion.result import Result, RuleTrace, Status
from criterion.rule import Rule
from criterion.schema import NoProfile, Schema

__all__ = [
    "UNLIMITED",
    "Catalogue",
    "Clock",
    "CriterionError",
    "Decision",
    "Engine",
    "FixedClock",
    "MemoryRecorder",
    "NoProfile",
    "ProfileRegistry",
    "Quantity",
    "Record",
    "Recorder",
    "Redact",
    "Result",
    "Rule",
    "RuleTrace",
    "Schema",
    "Status",
    "SystemClock",
    "load_decision",
]
