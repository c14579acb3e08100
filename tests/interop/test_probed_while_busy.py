"""A backend that lets so many requests through and no more (429): a probe waits, and ends with a verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import probed
from tests.interop.link_backends import TrashShape
from tests.interop.odd_backends import Said, say
from tests.interop.shapes import place_on
from vtt_desktop.sync import probe_patience


class Throttled(TrashShape):
    """Of so many requests one is answered."""

    EVERY = 2

    def __init__(self, **said: str) -> None:
        self.said = said
        self.count = 0
        super().__init__()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
        with self.lock:
            self.count += 1
            turned_away = self.count % self.EVERY
        if turned_away:
            return say(429, {"message": "Too many requests."}, **self.said)
        return super().answer(method, path, headers, body)


@pytest.mark.parametrize("said", [{}, {"Retry-After": "0"}], ids=["in silence", "with a time"])
async def test_it_waits_and_finds_all(
    said: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_patience, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(probe_patience, "TRIES", 60)
    for shelf in closing(Throttled(**said)):
        before = dict(shelf.documents)
        result = await probed(place_on(shelf, tmp_path))
        assert (result["reached"], result["writable"]) == (True, True), json.dumps(result)
        assert result["marks"]["at-once"] == "good" and "clean-up" not in result["marks"]
        assert shelf.documents == before


async def test_it_gives_up_where_it_is_to_wait_for_long(tmp_path: Path) -> None:
    for shelf in closing(Throttled(**{"Retry-After": "3600"})):
        result = await probed(place_on(shelf, tmp_path))
        assert not result["reached"] and "busy" in result["reason"]
