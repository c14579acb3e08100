"""A backend without a list is asked for each segment: one failure makes nobody deaf to the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.program import closing
from tests.app.reference_server import ReferenceServer
from tests.interop.desks import desk
from vtt_desktop.domain.errors import UserError


class Ailing(ReferenceServer):
    """Answers reads of the segments in `broken` with a failure."""

    def __init__(self, contents: dict[str, str]) -> None:
        self.broken: dict[str, tuple[int, bytes]] = {}
        super().__init__(contents)

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        key = path.partition("?")[0].removeprefix("/vtt/")
        if method == "GET" and key in self.broken:
            status, said = self.broken[key]
            return status, {"Content-Type": "application/json"}, said
        return super().answer(method, path, headers, body)


@pytest.fixture
def server() -> Iterator[Ailing]:
    texts = ["one", "two", "three"]
    yield from closing(
        Ailing(
            {
                k: f"00:0{i}.000 --> 00:0{i}.500\n{t}\n"
                for i, (k, t) in enumerate(zip("abc", texts, strict=True))
            }
        )
    )


@pytest.mark.parametrize("failure", [(500, b""), (503, b"{}"), (200, b"[]"), (403, b"{}"), (400, b"{}")])
async def test_the_others_are_heard(server: Ailing, failure: tuple[int, bytes]) -> None:
    async with (
        desk(server.url, profile="reference", ids=["a", "b", "c"]) as mine,
        desk(server.url, profile="reference", ids=["a", "b", "c"]) as other,
    ):
        other.desk.set_text(other.id(2), "three, by a colleague")
        await other.sync()
        server.broken["b"] = failure
        await mine.sync()
        assert mine.texts == ["one", "two", "three, by a colleague"]
        assert mine.desk.link == "online"
        mine.desk.set_text(mine.id(0), "one, mine")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"
        server.broken.clear()
        other.desk.set_text(other.id(1), "two, by a colleague")
        await other.sync()
        await mine.sync()
        assert mine.texts == ["one, mine", "two, by a colleague", "three, by a colleague"]


async def test_all_of_them_failing_is_the_server_failing(server: Ailing) -> None:
    async with desk(server.url, profile="reference", ids=["a", "b", "c"]) as mine:
        server.broken = dict.fromkeys("abc", (500, b""))
        await mine.sync()
        assert mine.desk.link == "unreachable"
        assert mine.texts == ["one", "two", "three"]


async def test_what_cannot_be_read_whole_is_not_opened_in_part(server: Ailing) -> None:
    server.broken["b"] = (500, b"")
    with pytest.raises(UserError, match="“b” cannot be read"):
        async with desk(server.url, profile="reference", ids=["a", "b", "c"]):
            pass
