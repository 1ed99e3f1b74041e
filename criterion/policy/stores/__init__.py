"""Stores: where customers' heads and the journal are kept."""
