"""Tests of ``criterion serve``, over real sockets."""
