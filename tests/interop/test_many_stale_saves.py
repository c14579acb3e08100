"""A colleague who is always a little ahead: each save meets a 412, is merged and goes out again, for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.record_backends import CountShape
from tests.interop.shapes import place_on
from vtt_desktop.sync.schedule import Schedule


async def test_a_save_that_a_read_proves_ends_the_row_of_stale_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each round waits longer than the last, and in the end so long that nothing goes out."""
    waits: list[str] = []
    monkeypatch.setattr(Schedule, "backed_off", lambda self, key, after: waits.append(key))
    for shelf in closing(CountShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            for number in range(7):
                times, _, words = shelf.documents["a"]["vtt"].partition("\n")
                times = times.partition(" line")[0]
                shelf.write("a", {**shelf.documents["a"], "vtt": f"{times} line:{number}\n{words}"})
                mine.desk.set_text(mine.id(0), f"words {number}")
                await mine.sync()
                assert mine.desk.status(mine.id(0)) == "synced"
                assert shelf.documents["a"]["vtt"].endswith(f"line:{number}\nwords {number}\n")
    assert waits == []
