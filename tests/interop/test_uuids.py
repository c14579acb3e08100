"""A backend whose ids are UUIDs: it shows them with hyphens, whichever way they came, and takes no others."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place, probed
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on


class UuidColumn(FilterShape):
    """PostgreSQL's type: 32 digits are taken too, and shown with hyphens."""

    PROFILE = FilterShape.PROFILE.replace('id = "/id"\n', 'id = "/id"\nids = "uuid"\n')

    def __init__(self) -> None:
        super().__init__()
        for key in "abc":
            name = str(uuid.uuid5(uuid.NAMESPACE_URL, key))
            self.documents[name] = self.documents.pop(key)
            self.revisions[name] = self.revisions.pop(key)

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        try:
            if "id" in query:
                query = {**query, "id": f"eq.{uuid.UUID(query['id'].removeprefix('eq.'))}"}
            if method == "POST":
                sent = json.loads(body)
                body = json.dumps({**sent, "id": str(uuid.UUID(sent["id"]))}).encode()
        except ValueError:
            return say(400, {"code": "22P02", "message": "invalid input syntax for type uuid"})
        return super().route(method, path, query, headers, body)


@pytest.fixture
def shelf() -> Iterator[UuidColumn]:
    yield from closing(UuidColumn())


@pytest.fixture
def place(shelf: UuidColumn, tmp_path: Path) -> Place:
    return place_on(shelf, tmp_path)


async def test_what_is_made_is_there_once(place: Place, shelf: UuidColumn) -> None:
    async with place.desk() as mine, place.desk() as other:
        new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="between")
        await mine.sync()
        await other.sync()
        mine.desk.set_text(new, "between them")
        await mine.sync()
        await other.sync()
        assert mine.texts == other.texts == ["first words", "between them", "second words", "third words"]
    assert len(shelf.documents) == 4


async def test_what_is_published_is_there_once(place: Place, shelf: UuidColumn, tmp_path: Path) -> None:
    shelf.documents.clear()
    async with place.two(tmp_path) as (mine, other):
        await mine.sync()
        assert mine.texts == other.texts and len(shelf.documents) == len(mine.texts)


async def test_the_probe_makes_a_segment_of_such_a_name(place: Place) -> None:
    result = await probed(place)
    assert result["writable"], result["reason"]
    assert result["marks"]["create"] == "good"
