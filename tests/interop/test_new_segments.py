"""What a segment that is made here holds on a foreign backend: its cue, and nothing of its neighbours'."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.app.program import closing
from tests.interop.desks import FILE
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import SearchShape
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import place_on
from tests.interop.store_backends import RepositoryShape

SAVED = """WEBVTT

00:01.000 --> 00:02.000
first words

00:02.100 --> 00:02.900
new

00:03.000 --> 00:04.000
second words

00:05.000 --> 00:06.000
third words
"""


async def test_a_new_segment_holds_just_its_cue(tmp_path: Path) -> None:
    for shelf in closing(SearchShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            await mine.sync()
            (key,) = set(shelf.documents) - set("abc")
            assert shelf.documents[key]["vtt"].rstrip("\n") == "00:02.100 --> 00:02.900\nnew"
            assert mine.write(tmp_path / "mine.vtt").decode().rstrip("\n") == SAVED.rstrip("\n")
            writes = len(shelf.log)
            mine.desk.set_text(new, "newer")
            await mine.sync()
            assert shelf.documents[key]["vtt"].rstrip("\n") == "00:02.100 --> 00:02.900\nnewer"
            assert len(shelf.log) == writes + 1  # what was saved is what is held: nothing goes out again
        async with place_on(shelf, tmp_path).desk() as other:
            other.desk.set_text(other.id(1), "new")
            assert other.write(tmp_path / "other.vtt").decode().rstrip("\n") == SAVED.rstrip("\n")


async def test_what_was_published_holds_no_blank_lines_either(tmp_path: Path) -> None:
    for shelf in closing(SearchShape()):
        shelf.documents.clear()
        await place_on(shelf, tmp_path).publish(tmp_path, FILE)
        texts = [document["vtt"] for document in shelf.documents.values()]
        assert len(texts) == 4
        # A comment before a cue goes with it; blank lines alone do not.
        assert sum(text.startswith("\n\nNOTE before the third") for text in texts) == 1
        assert sum(text.startswith("\n") for text in texts) == 2
        assert sum("NOTE made by hand" in text for text in texts) == 1


async def test_a_new_file_in_a_store_of_files_is_a_whole_one(tmp_path: Path) -> None:
    for shelf in closing(RepositoryShape()):
        async with place_on(shelf, tmp_path).desk() as mine:
            new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            await mine.sync()
            (key,) = set(shelf.documents) - set("abc")
            assert shelf.documents[key].rstrip(b"\n") == b"WEBVTT\n\n00:02.100 --> 00:02.900\nnew"
            mine.desk.set_text(new, "newer")
            await mine.sync()
            assert mine.desk.status(new) == "synced"
            mine.desk.remove(new)
            await mine.sync()
            assert key not in shelf.documents  # no empty file stays behind


class Uneven(OwnIdsShape):
    """Wraps what is made and what is saved differently, and says of each in another way how it went."""

    PROFILE = (
        OwnIdsShape.PROFILE.replace("[list]", 'done = "/saved"\n    [list]')
        .replace('id = "server"', 'id = "server"\n    wrap = "/cue"\n    done = "/made"')
        .replace('method = "DELETE"', 'method = "DELETE"\n    done = "/gone"')
    )

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        word = {"POST": "made", "PATCH": "saved", "DELETE": "gone"}.get(method, "read")
        if method == "POST":
            body = json.dumps({"data": json.loads(body)["cue"]})
        status, said, answer = super().route(method, path, query, headers, body)
        shown = json.loads(answer) if answer else {}
        if status == 412:
            return say(200, {word: False})
        return say(200 if status == 204 else status, {**shown, word: True}, **said)


async def test_each_write_has_a_wrap_and_a_proof_of_its_own(tmp_path: Path) -> None:
    for shelf in closing(Uneven()):
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine, place.desk() as other:
            new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            await mine.sync()
            await other.sync()
            assert mine.desk.status(new) == "synced" and other.texts[1] == "new"
            other.desk.set_text(other.id(1), "newer")
            await other.sync()
            mine.desk.remove([new])
            await mine.sync()  # an answer of success that says that it was none
            assert [one.kind.value for one in mine.desk.conflicts] == ["removed-here"]
            mine.desk.resolve(new, "mine")
            await mine.sync()
            await other.sync()
            assert mine.texts == other.texts == ["first words", "second words", "third words"]
            assert len(shelf.documents) == 3
