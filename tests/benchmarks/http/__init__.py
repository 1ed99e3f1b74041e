"""Benchmarks of decisions over HTTP, beside routes that validate the same input and echo it."""
