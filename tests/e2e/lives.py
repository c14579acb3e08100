"""What tests that kill the program know of its lives."""

from collections.abc import Sequence
from itertools import pairwise

PROMISE_S = 0.1
"""Every accepted edit is on disk within this time."""


def stall(moments: Sequence[float]) -> float:
    """The longest pause in the last second of a life: so long did the machine not run it."""
    late = [moment for moment in moments if moment > moments[-1] - 1]
    return max((later - sooner for sooner, later in pairwise(late)), default=0.0)
