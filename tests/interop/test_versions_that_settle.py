"""A server whose versions are weak for a moment after a save, and that takes none of them in that time: what
Apache's WebDAV does for a second (RFC 9110 8.8.2.2, 13.1.1)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import probed
from tests.interop.odd_backends import Said, TextShape
from tests.interop.shapes import place_on
from vtt_desktop.sync import flight, probe_scratch
from vtt_desktop.sync.probe_scratch import Scratch


class Settling(TextShape):
    """What was saved is too new until `settled()`, or for `fresh_s` seconds."""

    PROFILE = TextShape.PROFILE.replace("[list]", 'version = "reget"\n[list]')

    def __init__(self, fresh_s: float = 3600.0) -> None:
        self.fresh_s = fresh_s
        self.since: dict[str, float] = {}
        super().__init__()
        self.settled()

    def settled(self) -> None:
        self.since.clear()

    def write(self, key: str, document: Any) -> None:
        super().write(key, document)
        self.since[key] = time.monotonic()

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.removeprefix("/files/").removesuffix(".vtt")
        fresh = key in self.since and time.monotonic() - self.since[key] < self.fresh_s
        if method != "GET" and fresh and "If-Match" in headers:
            return 412, {}, b""
        status, told, said = super().route(method, path, query, headers, body)
        if method != "GET":
            return status, {}, said
        return status, {**told, "ETag": f"W/{told['ETag']}"} if fresh and "ETag" in told else told, said


async def test_what_is_typed_right_after_a_save_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "SETTLED_S", 0.2)
    for shelf in closing(Settling(fresh_s=0.15)):
        async with place_on(shelf, tmp_path).desk() as mine:
            for text in ("once", "and again", "and again at once"):
                mine.desk.set_text(mine.id(0), text)
                await mine.sync()
                assert (mine.desk.status(mine.id(0)), mine.desk.reason(mine.id(0))) == ("synced", "")
        assert shelf.documents["a"].endswith(b"and again at once\n")


async def test_the_probe_waits_for_versions_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shelf in closing(Settling()):

        async def later(scratch: Scratch, shelf: Settling = shelf) -> None:
            shelf.settled()

        monkeypatch.setattr(Scratch, "pause", later)
        result = await probed(place_on(shelf, tmp_path))
        assert result["writable"], result["reason"]
        assert result["marks"]["save-at-once"] == "note"
        assert set(result["marks"].values()) <= {"good", "note"}
        assert "clean-up" not in result["marks"] and len(shelf.documents) == 3


async def test_a_weak_version_that_is_never_taken_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_scratch, "SETTLED_S", 0.01)
    for shelf in closing(Settling()):
        result = await probed(place_on(shelf, tmp_path))
        assert result["marks"]["save"] == "untried" and "etag = 'strip-weak'" in result["reason"]
