"""Tests of the HTTP contract, over real sockets."""
