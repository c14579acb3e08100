"""I16: what others keep in a segment's document survives all that is done to the cue here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.program import closing
from tests.interop.desks import Screen, desk, published
from tests.interop.odd_backends import Said, Shelf, block, say
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import place_on
from tests.server_process import ServerProcess
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.profile import Content

NOTE = {"note": {"by": "Ada", "rating": 5}, "tags": ["x"]}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    one = ServerProcess(tmp_path)
    one.start()
    yield one
    one.stop()


def annotate(server: ServerProcess, url: str, mine: Screen) -> None:
    """Another program adds fields of its own to the first cue's document."""
    key = mine.session.sync.key_of(mine.id(0))
    headers = {**server.headers, "If-Match": mine.desk.etag(mine.id(0)) or ""}
    headers["Content-Type"] = "application/merge-patch+json"
    answer = httpx.patch(f"{url}/vtt/{key}", json=NOTE, headers=headers)
    assert answer.status_code == 200, answer.text


def kept(server: ServerProcess, url: str, mine: Screen, row: int = 0) -> dict[str, Any]:
    """The other fields of the cue in this row, on the server."""
    key = mine.session.sync.key_of(mine.id(row))
    document = httpx.get(f"{url}/vtt/{key}", headers=server.headers).json()
    return {name: document.get(name) for name in NOTE}


async def test_removed_and_undone_it_has_its_other_fields_again(
    tmp_path: Path, server: ServerProcess
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        annotate(server, url, mine)
        await mine.sync()
        mine.desk.set_text(mine.id(0), "changed before")
        await mine.sync()
        assert kept(server, url, mine) == NOTE
        mine.desk.remove([mine.id(0)])
        await mine.sync()
        assert mine.desk.undo()
        await mine.sync()
        assert mine.texts[0] == "changed before" and kept(server, url, mine) == NOTE
        mine.desk.set_text(mine.id(0), "changed after")
        await mine.sync()
        assert kept(server, url, mine) == NOTE


async def test_also_when_the_program_was_closed_between(tmp_path: Path, server: ServerProcess) -> None:
    url = await published(tmp_path, server.url, server.token)
    project = tmp_path / "film.vttproj"
    async with desk(url, token=server.token, journal=project) as mine:
        annotate(server, url, mine)
        await mine.sync()
        mine.desk.remove([mine.id(0)])
        await mine.sync()
    async with desk(str(project), token=server.token, journal=project) as mine:
        assert mine.desk.undo()
        await mine.sync()
        assert kept(server, url, mine) == NOTE


async def test_brought_back_by_a_decision_it_has_them_too(tmp_path: Path, server: ServerProcess) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        annotate(server, url, mine)
        await mine.sync()
        await other.sync()
        other.desk.remove([other.id(0)])
        await other.sync()
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        mine.desk.resolve(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced" and kept(server, url, mine) == NOTE


class Strict(OwnIdsShape):
    """Will not be told by whoever makes a segment what it writes itself."""

    def first(self, cue: tuple[int, int, str]) -> Any:
        return super().first(cue) | {"created_by": "svc"}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if method == "POST" and "created_by" in json.loads(body)["data"]["attributes"]:
            return say(400, {"error": "server-field"})
        return super().route(method, path, query, headers, body)


async def test_what_may_not_be_made_is_saved_after_it(tmp_path: Path) -> None:
    for shelf in closing(Strict()):
        async with place_on(shelf, tmp_path).desk() as mine:
            mine.desk.remove([mine.id(0)])
            await mine.sync()
            assert "first words" not in str(shelf.documents)
            mine.desk.undo()
            await mine.sync()
            await mine.sync()
            assert mine.desk.status(mine.id(0)) == "synced"
            (made,) = (one for one in shelf.documents.values() if one["text"] == "first words")
            assert made["note"] == "keep" and len(made["external_id"]) == 32
            log = list(shelf.log)
            mine.desk.set_text(mine.id(0), "on top")
            await mine.sync()
            assert made["note"] == "keep" and len(shelf.log) == len(log) + 1


class Deaf(Strict):
    """Nor by a save."""

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if method == "PATCH" and "note" in json.loads(body)["data"]["attributes"]:
            return say(400, {"error": "server-field"})
        return super().route(method, path, query, headers, body)


async def made_again(mine: Screen) -> list[str]:
    """The first cue is removed and brought back; what the log says of it."""
    mine.desk.remove([mine.id(0)])
    await mine.sync()
    mine.desk.undo()
    await mine.sync()
    assert mine.desk.status(mine.id(0)) == "synced"
    return [line.words for line in mine.session.sync.log if line.words.startswith("Made again")]


async def test_what_cannot_be_brought_back_is_said(tmp_path: Path) -> None:
    for shelf in closing(Deaf()):
        async with place_on(shelf, tmp_path).desk() as mine:
            said = await made_again(mine)
            assert said and "/attributes/note" in said[0] and "server-field" in said[0]


class Labelled(Shelf):
    """Kubernetes: id and version in an object with labels, which a creation must not name a version in."""

    PROFILE = """
    [item]
    url = "/maps/{id}"
    version = "json:/metadata/resourceVersion"
    [content]
    pointer = "/data/cue"
    [write]
    method = "PUT"
    body = "full"
    precondition = "body:/metadata/resourceVersion"
    version = "json:/metadata/resourceVersion"
    [list]
    url = "/maps"
    items = "/items"
    id = "/metadata/name"
    version = "/metadata/resourceVersion"
    [create]
    method = "POST"
    url = "/maps"
    id = "/metadata/name"
    guard = false
    fixed = { kind = "ConfigMap" }
    [delete]
    method = "DELETE"
    precondition = "body:/preconditions/resourceVersion"
    """
    FORBIDDEN: tuple[str, ...] = ("resourceVersion",)
    """What a creation must not name in its metadata."""

    def first(self, cue: tuple[int, int, str]) -> Any:
        return {"data": {"cue": block(cue), "note": "keep"}, "labels": {"film": "one"}}

    def shown(self, key: str) -> Any:
        held = self.documents[key]
        metadata = {"name": key, "resourceVersion": f"{self.revisions[key]}", "labels": held["labels"]}
        return {"kind": "ConfigMap", "metadata": metadata, "data": held["data"]}

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        sent = json.loads(body) if body else {}
        metadata = sent.get("metadata", {})
        if path == "/maps" and method == "GET":
            return say(200, {"items": [self.shown(key) for key in self.documents]})
        key = metadata["name"] if path == "/maps" else path.rpartition("/")[2]
        if path == "/maps" and any(name in metadata for name in self.FORBIDDEN):
            return say(422, {"message": "must not be set on objects to be created"})
        if path != "/maps" and key not in self.documents:
            return say(404, {})
        held = sent.get("preconditions", metadata).get("resourceVersion")
        if held != (f"{self.revisions[key]}" if key in self.documents else None) and method != "GET":
            return say(409, {})
        if method == "DELETE":
            del self.documents[key]
        elif method != "GET":
            self.write(key, {"data": sent["data"], "labels": metadata.get("labels", {})})
        return say(200, self.shown(key) if key in self.documents else {})


class Picky(Labelled):
    """Will not have labels when one is made."""

    FORBIDDEN = ("resourceVersion", "labels")


@pytest.mark.parametrize(("kind", "labels"), [(Labelled, {"film": "one"}), (Picky, {})])
async def test_what_stands_beside_the_version_comes_back_too_where_it_may(
    kind: type[Labelled], labels: dict[str, str], tmp_path: Path
) -> None:
    for shelf in closing(kind()):
        async with place_on(shelf, tmp_path).desk() as mine:
            said = await made_again(mine)
        (made,) = (one for one in shelf.documents.values() if "first words" in one["data"]["cue"])
        assert made["data"]["note"] == "keep" and made["labels"] == labels
        assert bool(said) == (not labels) and (not said or "/metadata/labels/film" in said[0])


def test_the_backends_own_bookkeeping_is_not_brought_back() -> None:
    codec = Codec(Content(order="/order", head="/kind"), WebVTTSegmentText(), {"/id", "/rev", "/meta/at"})
    ours = {"content": "00:01.000 --> 00:02.000\nA", "order": "a", "kind": "cues", "id": "k", "rev": 3}
    assert codec.others(ours) == ""
    assert codec.others({**ours, "_etag": "x"}) == ""
    assert codec.others({**ours, "meta": {"at": 7}}) == ""
    assert codec.others({**ours, "meta": {"at": 7, "by": "Ada"}}) == '{"meta": {"by": "Ada"}}'
    assert codec.others({**ours, "note": 1, "_etag": "x"}) == '{"note": 1}'
