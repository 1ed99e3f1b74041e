"""Benchmarks: the table of speeds that ``make bench`` prints."""
