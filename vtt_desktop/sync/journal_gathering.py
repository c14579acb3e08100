"""What is put into a journal until its thread takes it: single values, and some that stay one commit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

HELD = 0.04
"""Seconds that edits of one step may be held back: less than the tenth in which they have to be written."""

_Value = TypeVar("_Value")


class Gathering(Generic[_Value]):
    """For two threads: one puts, another takes. `wake` is called when there is something to take again: each
    time the other thread wakes the first one waits, so only the first of many values wakes it."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._ready: deque[list[_Value]] = deque()
        self._whole: list[_Value] | None = None
        self._step: list[_Value] | None = None
        self._since = 0.0

    def put(self, value: _Value) -> None:
        if self._whole is not None:
            self._whole.append(value)
        else:
            self._add([value])

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is put inside is one commit."""
        if self._whole is not None:
            yield
            return
        whole: list[_Value] = []
        self._whole = whole
        try:
            yield
        finally:
            self._whole = None
            if whole:
                self._add(whole)

    @contextmanager
    def step(self) -> Iterator[None]:
        """What is put inside is one commit if that takes no longer than `HELD`, and several otherwise, each
        with all of what was put `together`."""
        if self._step is not None:
            yield
            return
        self._step, self._since = [], time.monotonic()
        try:
            yield
        finally:
            self.part()
            self._step = None

    def part(self) -> None:
        """What a step has by now waits no longer for its rest."""
        if self._step:
            step, self._step, self._since = self._step, [], time.monotonic()
            self._hand_over(step)

    def take(self) -> Iterator[_Value]:
        """What came in before this began, all of it; what comes meanwhile may be in it too."""
        while self._ready:
            yield from self._ready.popleft()

    def _add(self, values: list[_Value]) -> None:
        if self._step is None:
            self._hand_over(values)
            return
        self._step += values
        if time.monotonic() - self._since > HELD:
            self.part()

    def _hand_over(self, values: list[_Value]) -> None:
        self._ready.append(values)
        if len(self._ready) == 1:
            self._wake()
