"""The tests of the ready decisions; their files mirror `decisions/`."""
