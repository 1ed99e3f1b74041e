"""Tests of documents: what authors write, and what they are told when it is wrong."""
