"""A backend that tidies up what it is sent: what it made of a save is ours, where a version proves it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.app.reference_server import ReferenceServer
from tests.interop.desks import Screen, desk

FILM = {"a": "00:01.000 --> 00:02.000\nfirst words", "b": "00:03.000 --> 00:04.000\nsecond words"}


class Tidying(ReferenceServer):
    """Takes blanks from the ends of lines, and makes composed characters; its answer to a save has a version
    (`named`) and no document. `between` is what somebody else writes behind our save."""

    named = True
    between = ""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        status, told, said = super().answer(method, path, headers, body)
        if method != "PATCH" or status != 200:
            return status, told, said
        lines = unicodedata.normalize("NFC", self.contents["a"]).split("\n")
        self.contents["a"] = "\n".join(line.strip() for line in lines)
        told = {"ETag": self.tag("a")} if self.named else {}
        if self.between:
            self.contents["a"], self.between = f"{FILM['a'][:24]}{self.between}", ""
        return 204, told, b""


@pytest.fixture
def server() -> Iterator[Tidying]:
    yield from closing(Tidying(dict(FILM)))


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "tidying.toml"
    path.write_text('[write]\nversion = "reget"\n[content]\npointer = "/content"\n')
    return str(path)


async def typed(mine: Screen, text: str) -> None:
    mine.desk.set_text(mine.id(0), text)
    await mine.sync()


async def test_what_it_made_of_a_save_is_taken_over_and_told(server: Tidying, profile: str) -> None:
    async with desk(server.url, profile=profile, ids=("a", "b")) as mine:
        for number in (1, 2):
            await typed(mine, f"Cafe\u0301 {number}  ")
            assert mine.texts[0] == f"Caf\u00e9 {number}" and server.contents["a"].endswith(mine.texts[0])
            assert mine.desk.status(mine.id(0)) == "synced" and mine.desk.conflicts == []
        words = [line.words for line in mine.session.sync.log]
        assert sum(one.startswith("The server changed what was sent: ") for one in words) == 2
        assert not any("a read does not show it" in one for one in words)
        assert sum(one.startswith("Saved: ") for one in words) == 2


@pytest.mark.parametrize("named", [True, False], ids=["another version", "no version"])
async def test_what_may_be_somebodys_is_asked_about(named: bool, server: Tidying, profile: str) -> None:
    """I8."""
    async with desk(server.url, profile=profile, ids=("a", "b")) as mine:
        server.named = named
        server.between = "theirs" if named else ""
        await typed(mine, "mine  ")
        assert mine.desk.status(mine.id(0)) == "conflict" and mine.texts[0] == "mine  "
