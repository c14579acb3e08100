"""What the probe says of backends that are not what their profile says: the right thing, and that alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import probed
from tests.interop.odd_backends import Said, Shelf
from tests.interop.record_backends import CountShape, FilterShape, SearchShape
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import place_on


class Heedless(CountShape):
    """Takes every save, whatever version it names."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        sent = json.loads(body) if body else {}
        if "n" in sent:
            body = json.dumps({**sent, "n": self.revisions[path.split("/")[2]]}).encode()
        return super().route(method, path, query, headers, body)


class HalfLooking(SearchShape):
    """Looks at one part of the version alone."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.rpartition("/")[2]
        if "if_seq_no" in query and key in self.revisions:
            query = {**query, "if_seq_no": str(self.revisions[key] - 1)}
        return super().route(method, path, query, headers, body)


class Forgetful(OwnIdsShape):
    """Does not keep the field with our name of a segment."""

    def write(self, key: str, document: Any) -> None:
        super().write(key, {name: value for name, value in document.items() if name != "external_id"})


class Silent(FilterShape):
    """Answers every save with success, and does not say how many rows it met."""

    PROFILE = FilterShape.PROFILE.replace('done = "/0"\n', "")


async def found(shelf: Shelf, folder: Path, scratch: str = "") -> dict[str, Any]:
    return await probed(place_on(shelf, folder), scratch=scratch)


@pytest.mark.parametrize("kind", [Heedless, HalfLooking], ids=lambda kind: kind.__name__)
async def test_a_backend_that_takes_old_versions_is_for_reading_only(
    kind: type[Shelf], tmp_path: Path
) -> None:
    for shelf in closing(kind()):
        result = await found(shelf, tmp_path, scratch="b")
        assert not result["writable"] and "old version is ACCEPTED" in result["reason"]
        assert [name for name, mark in result["marks"].items() if mark == "bad"] == ["stale-save"]
        assert "at-once" not in result["marks"]  # that all of them are taken is no news


async def test_a_mark_that_is_not_kept_is_found_out(tmp_path: Path) -> None:
    for shelf in closing(Forgetful()):
        result = await found(shelf, tmp_path)
        assert not result["writable"]
        assert result["marks"]["create-lost"] == "bad" and "create.marker" in result["reason"]


async def test_a_success_that_was_none_is_found_out(tmp_path: Path) -> None:
    """Without `write.done` an empty answer looks like a save, which it is not."""
    for shelf in closing(Silent()):
        before = dict(shelf.documents)
        result = await found(shelf, tmp_path, scratch="b")
        assert not result["writable"] and result["marks"]["stale-save"] == "bad"
        assert shelf.documents == before
