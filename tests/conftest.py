"""What all tests share: how hard hypothesis looks."""

import os

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=10_000)
settings.load_profile("soak" if os.environ.get("CRITERION_SOAK") else "house")
