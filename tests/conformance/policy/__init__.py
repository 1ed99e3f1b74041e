"""Conformance of the policy runtime: cases in a neutral format, and the runner that maps them."""
