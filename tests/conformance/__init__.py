"""Conformance: neutral cases, run against the public API."""
