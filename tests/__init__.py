"""The tests; their files mirror the modules of the package."""
