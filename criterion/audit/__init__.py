"""The audit trail: a record of every evaluation, chained so that tampering shows.

A *record* is what a trail keeps of one evaluation. Its *payload* is one line of JSON, redacted
before it exists. An *entry* is a payload with its *link*: writer, sequence, the hash of the entry
before, and the digest of the salted payload. The entries of one *writer* form a *chain*. A *trail*
is where entries stand: files, a database, memory, a log. A *checkpoint* is how far a chain had come
once, kept elsewhere. A *removal* is what was erased or pruned on purpose; a note in the trail
says so.
"""

from criterion.audit.delivery import Delivery
from criterion.audit.entry import Checkpoint, Entry, entry_of
from criterion.audit.export import exported
from criterion.audit.json_lines import JsonLinesTrail
from criterion.audit.keyed import Keyed
from criterion.audit.logging_trail import LoggingTrail
from criterion.audit.opening import open_trail
from criterion.audit.recorder import AuditRecorder
from criterion.audit.retention import erase, prune
from criterion.audit.search import AuditRecord, Search
from criterion.audit.stats import Stats, stats_of
from criterion.audit.trail import MemoryTrail, Trail
from criterion.audit.verification import Finding, Report, verify
from criterion.recorder import Recorders

__all__ = [
    "AuditRecord",
    "AuditRecorder",
    "Checkpoint",
    "Delivery",
    "Entry",
    "Finding",
    "JsonLinesTrail",
    "Keyed",
    "LoggingTrail",
    "MemoryTrail",
    "Recorders",
    "Report",
    "Search",
    "Stats",
    "Trail",
    "entry_of",
    "erase",
    "exported",
    "open_trail",
    "prune",
    "stats_of",
    "verify",
]
