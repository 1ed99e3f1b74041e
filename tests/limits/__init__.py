"""Tests of limits over HTTP: one contract, every adapter, and what stands behind it."""
