"""The known reference server, unmodified: edit, 412, decide, save again; with every kind of content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.interop import backend_stories as stories
from tests.interop.backend_stories import Place
from tests.interop.desks import desk
from tests.interop.reference_process import ReferenceProcess
from vtt_desktop.domain.errors import UserError

Serve = Callable[..., ReferenceProcess]

BLOCKS = {
    "a": "1\n00:00:01.000 --> 00:00:02.000\nfirst\n",
    "b": "00:00:03.000 --> 00:00:04.000 line:0\nsecond\n\n00:00:05.000 --> 00:00:06.000\nthird",
}
PAYLOADS = {"a": "first words", "b": "second words\r\n"}
FILES = {"a": "WEBVTT - one\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000\nfirst\n\nNOTE end\n"}


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    started: list[ReferenceProcess] = []

    def start(segments: dict[str, str]) -> ReferenceProcess:
        started.append(ReferenceProcess(tmp_path, segments))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def address(server: ReferenceProcess) -> str:
    return f"{server.url}/vtt/{','.join(server.segments)}"


@pytest.mark.parametrize("contents", [BLOCKS, PAYLOADS, FILES], ids=["cue blocks", "payloads", "a file"])
async def test_an_edit_touches_its_bytes_only(serve: Serve, contents: dict[str, str]) -> None:
    server = serve(contents)
    async with desk(address(server)) as mine:
        cue = mine.id(0)
        before = mine.desk.etag(cue)
        assert before is not None and before.strip('"') == before  # an unquoted tag, echoed as it is
        mine.desk.set_text(cue, "better")
        await mine.sync()
        assert mine.desk.status(cue) == "synced" and mine.desk.etag(cue) != before
    first = contents["a"].replace("first words", "better").replace("first", "better")
    assert server.segments == {**contents, "a": first}


@pytest.mark.parametrize("contents", [BLOCKS, PAYLOADS, FILES], ids=["cue blocks", "payloads", "a file"])
@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_412_conflict_decision_and_the_next_save(
    serve: Serve, contents: dict[str, str], choice: str
) -> None:
    server = serve(contents)
    async with desk(address(server)) as mine:
        cue = mine.id(0)
        server.put("a", contents["a"].replace("first", "theirs"))
        mine.desk.set_text(cue, "mine")
        await mine.sync()
        assert mine.desk.status(cue) == "conflict"
        assert "theirs" in server.segments["a"]
        mine.desk.resolve(cue, choice)
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        assert choice in server.segments["a"] and choice in mine.texts[0]
        mine.desk.set_text(cue, "the next save")
        await mine.sync()
        assert mine.desk.status(cue) == "synced" and "the next save" in server.segments["a"]


async def test_different_fields_merge(serve: Serve) -> None:
    server = serve(BLOCKS)
    async with desk(address(server)) as mine:
        server.put("a", BLOCKS["a"].replace("00:00:02.000", "00:00:02.500"))
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.conflicts == []
    assert server.segments["a"] == "1\n00:00:01.000 --> 00:00:02.500\nmine\n"


async def test_cues_of_one_segment_merge(serve: Serve) -> None:
    server = serve(BLOCKS)
    async with desk(address(server)) as mine:
        server.put("b", BLOCKS["b"].replace("third", "third by another"))
        mine.desk.set_text(mine.id(1), "second by me")
        new = mine.desk.insert(after=mine.id(1), start=4200, end=4800, text="inserted")
        await mine.sync()
        assert mine.desk.conflicts == [] and mine.desk.status(new) == "synced"
        assert mine.texts == ["first", "second by me", "inserted", "third by another"]
    async with desk(address(server)) as again:
        assert again.texts == ["first", "second by me", "inserted", "third by another"]


async def test_a_cue_removed_here_and_changed_there_is_a_conflict(serve: Serve) -> None:
    """I11, inside a segment of several."""
    server = serve(BLOCKS)
    async with desk(address(server)) as mine:
        server.put("b", BLOCKS["b"].replace("third", "third by another"))
        third = mine.id(2)
        mine.desk.remove(third)
        await mine.sync()
        assert [c.kind.value for c in mine.desk.conflicts] == ["removed-here"]
        assert "third by another" in server.segments["b"]
        mine.desk.resolve(third, "theirs")
        await mine.sync()
        assert mine.texts == ["first", "second", "third by another"]
        assert server.segments["b"] == BLOCKS["b"].replace("third", "third by another")


async def test_a_colleagues_change_of_a_payload_does_not_move_the_cue(serve: Serve) -> None:
    server = serve(PAYLOADS)
    async with desk(address(server)) as mine:
        times = [(c.start, c.end) for c in mine.desk.cues]
        server.put("b", "second words, better\r\n")
        await mine.sync()
        assert mine.texts == ["first words", "second words, better"]
        assert [(c.start, c.end) for c in mine.desk.cues] == times
        with pytest.raises(UserError, match="times"):
            mine.desk.set_times(mine.id(0), 1, 2)


async def test_text_that_is_put_back_comes_back_under_its_old_tag(serve: Serve) -> None:
    """A tag that is a hash returns with the text: it is no echo of ours. What takes back another's text is a
    change by a colleague; what takes back ours is asked about (`test_restored_backends.py`)."""
    server = serve(PAYLOADS)
    async with desk(address(server)) as mine:
        server.put("a", "theirs")
        await mine.sync()
        server.put("a", PAYLOADS["a"])
        await mine.sync()
        assert mine.texts[0] == "first words" and mine.desk.conflicts == []


async def test_a_segment_that_is_removed_there(serve: Serve) -> None:
    server = serve(PAYLOADS)
    async with desk(address(server)) as mine:
        cue = mine.id(0)
        server.remove("a")
        mine.desk.set_text(cue, "mine")
        await mine.sync()
        assert mine.desk.status(cue) == "gone"
        assert mine.texts[0] == "mine" and "a" not in server.segments
        mine.desk.resolve(cue, "theirs")
        await mine.sync()
        assert mine.texts == ["second words"]


async def test_stopped_and_started_again(serve: Serve) -> None:
    server = serve(PAYLOADS)
    async with desk(address(server)) as mine:
        server.stop()
        mine.desk.set_text(mine.id(0), "while it was away")
        await mine.sync()
        assert mine.desk.link == "unreachable" and mine.desk.status(mine.id(0)) == "dirty"
        server.start()
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "synced"
        assert server.segments["a"] == "while it was away"


async def test_two_desks_on_one_segment(serve: Serve) -> None:
    server = serve(BLOCKS)
    async with desk(address(server)) as one, desk(address(server)) as two:
        one.desk.set_text(one.id(1), "second by one")
        two.desk.set_text(two.id(2), "third by two")
        await one.sync()
        await two.sync()
        await one.sync()
        assert one.values == two.values
        assert one.texts == ["first", "second by one", "third by two"]


async def test_faults_lose_and_double_nothing(serve: Serve) -> None:
    server = serve(BLOCKS)
    await stories.faults_on_what_is_there(Place("", address(server)))
    last = len(stories.FAULTS) - 1
    assert f"\nmine {last}\n" in server.segments["a"] and server.segments["b"].endswith(f"\nnew {last}")
