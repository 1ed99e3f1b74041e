"""Tests of the Flask adapter."""
