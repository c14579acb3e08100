"""What a segment that is made here holds on a foreign backend: its cue, and nothing of its neighbours'."""

from __future__ import annotations

from pathlib import Path

from tests.app.program import closing
from tests.interop.desks import FILE
from tests.interop.record_backends import SearchShape
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
