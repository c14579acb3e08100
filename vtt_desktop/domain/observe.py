"""The one signal that the core needs: direct, synchronous, typed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Tells every observer, in the order they connected.

    One that fails is reported to `sys.excepthook` and the others are still told: a view with a bug
    must not keep the journal from hearing of an edit.
    """

    def __init__(self) -> None:
        self._observers: list[Callable[[T], object]] = []

    def connect(self, observer: Callable[[T], object]) -> Callable[[], None]:
        """Adds an observer and returns the function that takes it away again."""
        self._observers.append(observer)

        def disconnect() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return disconnect

    def emit(self, value: T) -> None:
        """Tells all observers of `value`."""
        for observer in tuple(self._observers):
            try:
                observer(value)
            except Exception:
                sys.excepthook(*sys.exc_info())
