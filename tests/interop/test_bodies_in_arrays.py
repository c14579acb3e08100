"""A backend that reads and writes arrays of one document, as Solr's updates and Zotero's items are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.app.program import closing
from tests.interop.backend_stories import probed
from tests.interop.odd_backends import Said, Shelf, say
from tests.interop.shapes import place_on


class ArrayShape(Shelf):
    """`[{…}]` both ways, the id and a version that stands for nothing in what is made."""

    PROFILE = """
    [item]
    url = "/get/{id}"
    read = "/0"
    version = "json:/0/_version_"
    [content]
    kind = "fields"
    fields = { text = "/text", start = "/from", end = "/to" }
    [write]
    method = "POST"
    url = "/update?_={id}"
    body = "full"
    wrap = "/0"
    precondition = "body:/0/_version_"
    precondition_type = "integer"
    version = "json:/0/_version_"
    [list]
    url = "/select"
    version = "/_version_"
    [create]
    method = "POST"
    url = "/update"
    id = "/id"
    guard = false
    fixed = { _version_ = -1 }
    """

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"from": cue[0], "to": cue[1], "text": cue[2], "note": ["keep"]}

    def shown(self, key: str) -> Any:
        return {"id": key, **self.documents[key], "_version_": self.revisions[key]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        key = path.rpartition("/")[2]
        if path == "/select":
            return say(200, [self.shown(key) for key in self.documents])
        if method == "GET":
            return say(200, [self.shown(key)]) if key in self.documents else say(404, [])
        (sent,) = json.loads(body)
        key, named = sent.pop("id"), sent.pop("_version_", 0)
        there = self.revisions[key] if key in self.documents else -1
        if named not in (0, there):
            return say(409, {"error": {"msg": f"version conflict for {key}"}})
        self.write(key, sent)
        return say(200, [self.shown(key)])


async def test_arrays_of_one_are_read_and_written(tmp_path: Path) -> None:
    for shelf in closing(ArrayShape()):
        place = place_on(shelf, tmp_path)
        result = await probed(place)
        assert result["writable"], result["reason"]
        with shelf.lock:
            (made,) = set(shelf.documents) - set("abc")
            del shelf.documents[made]
        async with place.desk() as mine, place.desk() as other:
            new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            mine.desk.set_text(mine.id(0), "mine")
            await mine.sync()
            assert mine.desk.status(new) == mine.desk.status(mine.id(0)) == "synced"
            other.desk.set_text(other.id(0), "theirs")
            await other.sync()
            assert other.desk.status(other.id(0)) == "conflict"
            other.desk.resolve(other.id(0), "mine")
            await other.sync()
            assert other.texts == ["theirs", "new", "second words", "third words"]
        assert shelf.documents["a"]["note"] == ["keep"]
