"""What is typed in fields and not the document's yet: a command on the document hands it in first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol


class TypedIn(Protocol):
    """A view with fields that are typed in."""

    @property
    def unfinished(self) -> bool:
        """Whether something is typed that the document does not have."""

    def finish(self) -> str:
        """Hands in what is typed. Why it cannot be taken, in a sentence; then the focus is put there."""

    def put_back(self) -> None:
        """What cannot be taken goes, and what the document has is shown."""


class Typed:
    """All views that are typed in, as they are now."""

    def __init__(self, views: Callable[[], Iterable[TypedIn]]) -> None:
        self._views = views

    @property
    def unfinished(self) -> bool:
        """As `TypedIn.unfinished`, of any view."""
        return any(view.unfinished for view in self._views())

    def finish(self) -> str:
        """As `TypedIn.finish`; stops at the first view that cannot."""
        return next((why for view in self._views() if (why := view.finish())), "")

    def put_back(self) -> None:
        """As `TypedIn.put_back`, in all views."""
        for view in self._views():
            view.put_back()
