"""A backend that goes on to show what was removed, marked as such: it is gone, and no save brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.link_backends import TrashShape
from tests.interop.odd_backends import Said
from tests.interop.shapes import place_on


@pytest.fixture
def shelf() -> Iterator[TrashShape]:
    yield from closing(TrashShape())


async def test_it_is_not_opened(shelf: TrashShape, tmp_path: Path) -> None:
    shelf.trash["b"] = {**shelf.documents.pop("b"), "status": "cancelled"}
    async with place_on(shelf, tmp_path).desk() as mine:
        assert mine.texts == ["first words", "third words"]


async def test_an_edit_meets_a_removal(shelf: TrashShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine, place_on(shelf, tmp_path).desk() as other:
        other.desk.remove(other.id(1))
        await other.sync()
        assert other.texts == ["first words", "third words"] and shelf.trash["b"]["owner"] == "Anna"
        mine.desk.set_text(mine.id(1), "mine")
        await mine.sync()
        (conflict,) = mine.desk.conflicts
        assert (conflict.kind.value, mine.texts[1]) == ("removed-there", "mine")
        assert "mine" not in shelf.trash["b"]["description"] and "b" not in shelf.documents
        mine.desk.resolve(conflict.id, "theirs")
        await mine.sync()
        assert mine.values == other.values and len(shelf.log) == 4


async def test_a_removal_meets_an_edit(shelf: TrashShape, tmp_path: Path) -> None:
    async with place_on(shelf, tmp_path).desk() as mine, place_on(shelf, tmp_path).desk() as other:
        other.desk.set_text(other.id(1), "theirs")
        await other.sync()
        mine.desk.remove(mine.id(1))
        await mine.sync()
        (conflict,) = mine.desk.conflicts
        assert conflict.kind.value == "removed-here" and "theirs" in shelf.documents["b"]["description"]
        mine.desk.resolve(conflict.id, "mine")
        await mine.sync()
        assert list(shelf.documents) == ["a", "c"] and "theirs" in shelf.trash["b"]["description"]


class Trashing(TrashShape):
    """Somebody removes a segment at the very moment that it is saved, and the service minds neither."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if method == "PATCH" and b"mine" in body:
            self.trash["b"] = {**self.documents.pop("b"), "status": "cancelled"}
        return super().route(method, path, query, headers, body)


async def test_a_save_that_was_taken_into_the_trash_is_asked_about(tmp_path: Path) -> None:
    for shelf in closing(Trashing()):
        async with place_on(shelf, tmp_path).desk() as mine:
            mine.desk.set_text(mine.id(1), "mine")
            await mine.sync()
            assert "mine" in shelf.trash["b"]["description"]
            (conflict,) = mine.desk.conflicts
            assert (conflict.kind.value, mine.texts[1]) == ("removed-there", "mine")
