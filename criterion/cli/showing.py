"""``criterion demo``: one ready decision on real input."""

from criterion.cli.screen import say
from criterion.cli.session import Answers
from criterion.clock import SystemClock
from criterion.demo import screen


def demo(answers: Answers) -> None:
    """Show one ready decision on real input."""
    text = screen(SystemClock())
    answers.answer({"text": text}, lambda: say(text))
