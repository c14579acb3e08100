"""A removal that is told while nobody listens, by an id that the next start has not learned yet."""

from __future__ import annotations

from pathlib import Path

from tests.app.program import closing
from tests.interop.odd_backends import Said, say
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import place_on


class ToldShape(OwnIdsShape):
    """With a feed of what changed, which names removed segments by the backend's own ids."""

    PROFILE = (
        OwnIdsShape.PROFILE.replace(
            'version = "/meta/version"', 'version = "/meta/version"\n    seq = "/seq"'
        )
        + """
    [changes]
    kind = "since"
    url = "/changes"
    param = "after"
    items = "/changes"
    version = "/meta/version"
    seq = "/seq"
    tombstone = "/removed"
    """
    )

    def __init__(self) -> None:
        self.removed: list[tuple[int, str]] = []
        super().__init__()

    @property
    def seq(self) -> int:
        return len(self.log)

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Said:
        if path == "/changes":
            after = int(query["after"])
            rows = [self.shown(key) for key in self.documents if self.revisions[key] > after]
            rows += [{"id": key, "removed": True} for at, key in self.removed if at > after]
            return say(200, {"changes": rows, "seq": self.seq})
        if path == "/cues" and method == "GET":
            return say(200, {"data": [self.shown(key) for key in self.documents], "seq": self.seq})
        return super().route(method, path, query, headers, body)

    def remove(self, key: str) -> None:
        """A colleague removes it."""
        del self.documents[key]
        self.log.append(key)
        self.removed.append((self.seq, key))


async def test_a_removal_that_was_told_to_a_fresh_start_is_taken_over(tmp_path: Path) -> None:
    for shelf in closing(ToldShape()):
        place, journal = place_on(shelf, tmp_path), tmp_path / "film.vttproj"
        async with place.desk(journal=journal) as mine:
            new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            await mine.sync()
            assert mine.desk.status(new) == "synced"
        (made,) = set(shelf.documents) - set("abc")
        shelf.remove(made)
        shelf.write("c", {**shelf.documents["c"], "text": "third words, better"})
        async with place.desk(journal=journal) as mine:
            await mine.sync()
            assert mine.texts == ["first words", "second words", "third words, better"]
