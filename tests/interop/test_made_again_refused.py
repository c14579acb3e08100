"""A server that remembers what was removed, and will not have it made again: Vault's store of versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.app.program import closing
from tests.interop.odd_backends import Said, Shelf, block, say
from tests.interop.recipes import recipe
from tests.interop.shapes import place_on


class RememberingShape(Shelf):
    """A removal keeps the number of the version; 400 for a conflict, as for every other mistake."""

    PROFILE = recipe("Vault")
    TOKEN = "sesame"

    def __init__(self) -> None:
        self.posted: list[str] = []
        super().__init__()

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"vtt": block(cue)}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/v1/secret/metadata/film/":
            return say(200, {"data": {"keys": sorted(self.revisions)}})
        key = path.rpartition("/")[2]
        meta = {"version": self.revisions.get(key, 0)}
        if method == "GET":
            there = key in self.documents
            data = self.documents[key] if there else None
            return say(200 if there else 404, {"data": {"data": data, "metadata": meta}})
        self.posted.append(key)
        sent = json.loads(body)
        if sent["options"]["cas"] != meta["version"]:
            return say(400, {"errors": ["check-and-set parameter did not match the current version"]})
        self.write(key, sent["data"])
        return say(200, {"data": {"version": self.revisions[key]}})


async def test_the_row_says_in_the_servers_words_why_it_is_not_made_again(tmp_path: Path) -> None:
    for shelf in closing(RememberingShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            mine.desk.offline = True
            mine.desk.set_text(mine.id(1), "mine")
            with shelf.lock:
                del shelf.documents["b"]
            mine.desk.offline = False
            await mine.sync()
            (conflict,) = mine.desk.conflicts
            mine.desk.resolve(conflict.id, "mine")
            for _ in range(2):
                await mine.sync()
                assert mine.desk.status(mine.id(1)) == "refused" and mine.texts[1] == "mine"
                assert "check-and-set parameter did not match" in (mine.desk.reason(mine.id(1)) or "")
            with shelf.lock:
                del shelf.revisions["b"]  # its metadata are removed, too
            await mine.sync()
            assert mine.desk.status(mine.id(1)) == "synced"
        assert shelf.documents["b"]["vtt"].endswith("mine\n")


async def test_what_is_listed_though_it_is_removed_is_not_made_again(tmp_path: Path) -> None:
    for shelf in closing(RememberingShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            with shelf.lock:
                del shelf.documents["b"]
            for _ in range(3):
                await mine.sync()
                assert mine.texts == ["first words", "third words"]
        assert shelf.posted == []
