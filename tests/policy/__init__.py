"""Tests of the policy runtime."""
