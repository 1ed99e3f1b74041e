"""The plug-in for pytest, from outside: each test runs a pytest of its own."""
