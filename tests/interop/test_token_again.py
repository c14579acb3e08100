"""A token that is refused once: the next sync that a person asks for tries it again."""

from __future__ import annotations

from pathlib import Path

from tests.app.program import closing
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on


class TiredShape(FilterShape):
    """Takes no token for so many requests."""

    refusals = 0

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
    ) -> Said:
        if self.refusals:
            self.refusals -= 1
            return say(401, {"message": "the session ended"})
        return super().route(method, path, query, headers, body)


async def test_a_sync_tries_the_token_again(tmp_path: Path) -> None:
    for shelf in closing(TiredShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            mine.desk.set_text(mine.id(0), "mine")
            for _ in range(2):
                shelf.refusals = 1
                await mine.sync()
                assert (mine.desk.link, mine.desk.status(mine.id(0))) == ("needs-token", "dirty")
                assert shelf.refusals == 0  # it was asked
            await mine.sync()
            assert (mine.desk.link, mine.desk.status(mine.id(0))) == ("online", "synced")
            assert shelf.documents["a"]["words"] == "mine"
