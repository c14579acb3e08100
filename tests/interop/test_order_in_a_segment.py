"""Segments of several cues: the order of the cues inside one is an edit like any other, nobody's default."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place
from tests.interop.desks import Screen
from tests.interop.odd_backends import Said, Shelf, say
from tests.interop.shapes import place_on

BLOCKS = {
    "one": "00:10.000 --> 00:12.000\none",
    "two": "id7\n00:12.500 --> 00:14.000 line:0\ntwo",
    "three": "00:15.000 --> 00:16.000\nthree",
    "four": "00:17.000 --> 00:18.000\nfour",
}


def scene(*names: str) -> str:
    return "WEBVTT\n\n" + "\n\n".join(BLOCKS[name] for name in names) + "\n"


class Scenes(Shelf):
    """One document for each scene, a whole file in it; changes are saved under its tag."""

    PROFILE = """
    [item]
    url = "/scenes/{id}"
    [content]
    pointer = "/vtt"
    signature = true
    [list]
    url = "/scenes"
    id = "/id"
    version = "/version"
    version_format = '"{v}"'
    [changes]
    kind = "poll"
    """

    def first(self, cue: tuple[int, int, str]) -> Any:
        last = f"WEBVTT\n\n00:{len(self.log)}9.000 --> 01:00.000\nother\n"
        return {"vtt": last if self.log else scene(*BLOCKS)}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/scenes":
            rows = [{"id": k, "version": self.revisions[k], **one} for k, one in self.documents.items()]
            return say(200, rows)
        key = path.rpartition("/")[2]
        if key not in self.documents:
            return say(404)
        if method == "PATCH":
            if headers.get("If-Match") != f'"{self.revisions[key]}"':
                return say(412)
            self.write(key, {**self.documents[key], **json.loads(body)})
        return say(200, self.documents[key], ETag=f'"{self.revisions[key]}"')

    def put(self, text: str) -> None:
        with self.lock:
            self.write("a", {"vtt": text})

    @property
    def order(self) -> list[str]:
        """The words of the first scene's cues, as they stand there."""
        return re.findall(r"-->.*\n(.+)", self.documents["a"]["vtt"])


@pytest.fixture
def shelf() -> Iterator[Scenes]:
    yield from closing(Scenes())


@pytest.fixture
def place(shelf: Scenes, tmp_path: Path) -> Place:
    return place_on(shelf, tmp_path)


def cue(screen: Screen, text: str) -> int:
    return next(one.id for one in screen.desk.cues if one.text.startswith(text))


def words(screen: Screen) -> list[str]:
    return [text for text in screen.texts if text != "other"]


async def rounds(*screens: Screen) -> None:
    for _ in range(3):
        for one in screens:
            await one.sync()


ORDERS = [
    ("one", "three", "two", "four"),
    ("four", "one", "two", "three"),
    ("two", "three", "four", "one"),
    ("four", "three", "two", "one"),
]


@pytest.mark.parametrize("names", ORDERS, ids="-".join)
async def test_another_order_is_taken_over_and_nothing_is_written(
    shelf: Scenes, place: Place, names: tuple[str, ...]
) -> None:
    async with place.desk() as mine, place.desk() as other:
        shelf.put(scene(*names))
        log, text = len(shelf.log), shelf.documents["a"]["vtt"]
        await rounds(mine, other)
        assert words(mine) == words(other) == list(names)
        assert len(shelf.log) == log and shelf.documents["a"]["vtt"] == text
        assert {mine.desk.status(one.id) for one in mine.desk.cues} == {"synced"}
        mine.desk.set_text(cue(mine, "two"), "two, better")
        await rounds(mine, other)
        assert shelf.order == [{"two": "two, better"}.get(name, name) for name in names]
        assert words(other) == shelf.order and len(shelf.log) == log + 1


@pytest.mark.parametrize("names", ORDERS, ids="-".join)
async def test_an_edit_here_goes_into_the_order_that_is_there(
    shelf: Scenes, place: Place, names: tuple[str, ...]
) -> None:
    async with place.desk() as mine, place.desk() as other:
        mine.desk.offline = True
        mine.desk.set_text(cue(mine, "four"), "four, mine")
        shelf.put(scene(*names))
        mine.desk.offline = False
        log = len(shelf.log)
        await rounds(mine, other)
        wanted = [{"four": "four, mine"}.get(name, name) for name in names]
        assert shelf.order == words(mine) == words(other) == wanted
        assert len(shelf.log) == log + 1 and mine.desk.conflicts == []


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_a_removed_cue_that_comes_back_stands_where_it_stood(
    shelf: Scenes, place: Place, choice: str
) -> None:
    async with place.desk() as mine, place.desk() as other:
        mine.desk.offline = True
        if choice == "theirs":
            mine.desk.remove([cue(mine, "two")])
            other.desk.set_text(cue(other, "two"), "two by them")
        else:
            mine.desk.set_text(cue(mine, "two"), "two by me")
            other.desk.remove([cue(other, "two")])
        await other.sync()
        mine.desk.offline = False
        await mine.sync()
        (conflict,) = mine.desk.conflicts
        mine.desk.resolve(conflict.id, choice)
        await rounds(mine, other)
        wanted = ["one", "two by me" if choice == "mine" else "two by them", "three", "four"]
        assert shelf.order == words(mine) == words(other) == wanted
        log = len(shelf.log)
        await rounds(mine, other)
        assert len(shelf.log) == log and mine.values == other.values
