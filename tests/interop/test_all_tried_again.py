"""Many edits that were refused go out once more: told in one go, whatever their number."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on


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
