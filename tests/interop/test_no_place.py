"""What a backend has no place for is never shown as saved: an edit of it is refused, and publishing names it
(invariant I4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import Program, closing
from tests.interop.backend_stories import Place
from tests.interop.desks import desk
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on
from vtt_desktop.app.opening import publish
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.places import left_out
from vtt_desktop.sync.profile import Content, FieldAt

RICH = (
    "WEBVTT - Film\n\nSTYLE\n::cue { color: red }\n\n"
    "one\n00:01.000 --> 00:02.000\nfirst words\n\n"
    "two\n00:03.000 --> 00:04.000 line:0\nsecond words\n\n"
    "NOTE quiet\n\n00:05.000 --> 00:06.000\nthird words\n\nNOTE the end\n"
)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Place]:
    """Text and times in fields, and nothing else of a cue."""
    for shelf in closing(FilterShape()):
        yield place_on(shelf, tmp_path)


async def test_an_edit_that_has_no_place_is_refused(rows: Place) -> None:
    async with rows.desk() as mine:
        cue, before = mine.id(0), mine.values
        with pytest.raises(UserError, match="keeps no settings of cues"):
            mine.desk.set_settings(cue, "line:0")
        with pytest.raises(UserError, match="keeps no identifiers of cues"):
            mine.desk.set_identifier(cue, "one")
        assert mine.values == before and mine.desk.status(cue) == "synced"
        mine.desk.set_text(cue, "what has a place")
        mine.desk.split(cue, at_char=4)
        mine.desk.merge([mine.id(0), mine.id(1)])
        await mine.sync()
        assert mine.desk.status(cue) == "synced"


async def test_what_was_published_without_a_place_is_worked_on_as_before(rows: Place, tmp_path: Path) -> None:
    """The desk that published still shows it: nothing that a person does to those cues is held up by it."""
    film, tasks = tmp_path / "film.vtt", Tasks()
    film.write_text(RICH, "utf-8")
    async with desk(str(film)) as mine:
        await publish(mine.session, parse_target(rows.url, rows.profile), tasks, "")
        row = mine.texts.index("second words")
        new = mine.desk.split(mine.id(row), at_char=6)
        mine.desk.set_text(new, "words, and more")
        mine.desk.merge([mine.id(row + 1), mine.id(row + 2)])
        mine.desk.set_settings(mine.id(row), "")
        with pytest.raises(UserError, match="keeps no settings of cues"):
            mine.desk.set_settings(mine.id(row), "line:1")
        mine.desk.undo()
        mine.desk.undo()
        await mine.sync()
        assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
        async with rows.desk() as other:
            assert set(mine.texts) <= set(other.texts)
    await tasks.close()


def test_publishing_names_what_has_no_place(rows: Place, tmp_path: Path) -> None:
    program = Program(tmp_path)
    done = program("publish", program.file("film.vtt", RICH), rows.url, "--profile", Path(rows.profile))
    assert done.status == 0 and done.out.startswith("published 3 cues")
    assert done.err == (
        "vtt-desktop: This backend has no place for the header with its styles and regions, what stands "
        "after the last cue, the identifiers of 2 cues, the settings of 1 cue, the comments of 1 cue: not "
        "published, it stays in the file alone.\n"
    )


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (Content(head="/kind", tail="/tail"), ""),
        (Content(head="/kind"), "what stands after the last cue"),
        (Content(), "the header with its styles and regions, what stands after the last cue"),
        (
            Content("fields", fields={"text": FieldAt("/t"), "identifier": FieldAt("/i")}),
            "the header with its styles and regions, what stands after the last cue, the times, "
            "the settings of 1 cue",
        ),
    ],
)
def test_what_has_no_place_depends_on_the_profile(content: Content, left: str) -> None:
    cues = CueList.of([Cue(1, 0, 1000, "words", "one", "line:0", b"\n\n")])
    assert left_out(Snapshot(Head(b"WEBVTT - Film\n", b"\n\nNOTE\n"), cues), content) == left
    plain = CueList.of([Cue(1, 0, 1000, "words", lead=b"\n\n")])
    assert left_out(Snapshot(Head(b"WEBVTT", b"\n"), plain), content) in ("", "the times")
