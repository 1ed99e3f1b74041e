"""Records: how the values of one call are made, of which every call makes a dozen."""

from typing import Final

made: Final = tuple.__new__
"""Makes a record of a class from all its members, in order.

That takes half the time of calling the class, whose own `__new__` is written in Python. Nothing
counts the members here; a test counts them in the source.
"""
