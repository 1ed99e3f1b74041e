"""Stores of the policy runtime: one contract for all of them."""
