"""Many edits that were refused go out once more: told in one go, whatever their number."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on
from tests.sync.test_bulk_edits import shared, shifted
from vtt_desktop.sync.engine import AT_ONCE


class Locked(FilterShape):
    """Takes no save while it is `locked`."""

    locked = True

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if method == "PATCH" and self.locked:
            return say(422, {"message": "It is locked."})
        return super().route(method, path, query, headers, body)


async def test_it_is_announced_once(tmp_path: Path) -> None:
    with contextlib.closing(Locked()) as shelf:
        async with place_on(shelf, tmp_path).desk() as at:
            with at.desk.group("All"):
                for cue in list(at.desk.cues):
                    at.desk.set_text(cue.id, f"{cue.text}, or not")
            await at.sync()
            assert at.session.sync.summary.refused == 3 and at.session.engine is not None
            told: list[frozenset[str]] = []
            at.session.sync.changed.connect(lambda change: told.append(change.keys))
            at.session.engine.try_again()
            assert [len(keys) for keys in told if keys] == [3]
            shelf.locked = False
            await at.sync()
            assert at.session.sync.summary.refused == at.session.sync.summary.waiting == 0
            assert all(row["words"].endswith("or not") for row in shelf.documents.values())


async def test_many_are_told_a_few_at_a_time() -> None:
    """The window has its turns in between."""
    count = 10 * AT_ONCE
    async with shared(count) as session:
        session.submit(shifted(session))
        sync, engine = session.sync, session.engine
        assert engine is not None
        await engine.settle()
        sync.put([replace(one, refused="It is locked.") for one in sync.segments.values() if one.edited])
        told: list[frozenset[str]] = []
        sync.changed.connect(lambda change: told.append(change.keys))
        engine.try_again()
        assert not engine.idle and len(told) == 1
        await engine.settle()
        sizes = [len(keys) for keys in told if keys]
        assert sum(sizes) == count and max(sizes) < 4 * AT_ONCE and engine.idle
        assert all(one.again for one in sync.segments.values() if one.edited)
