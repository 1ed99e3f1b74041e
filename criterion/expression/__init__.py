"""The expression language: one tree, read in several ways."""
