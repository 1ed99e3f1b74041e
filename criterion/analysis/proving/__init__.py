"""Proving: the questions about a decision that are answered for all facts at once."""
