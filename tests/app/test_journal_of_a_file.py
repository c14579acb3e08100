"""A file that is only looked at is not written down cue by cue: the journal stands on its bytes."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from vtt_desktop.app import known_file
from vtt_desktop.app.opening import Source, open_source
from vtt_desktop.app.session import Session
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.cue_list import CHUNK
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.sync.journal_rows import pack, seal

CUES = 2 * CHUNK + 3


def film_bytes() -> bytes:
    return b"WEBVTT\n" + b"".join(
        b"\n%d\n00:%02d:%02d.000 --> 00:%02d:%02d.500\nLine %d\n" % (i, i // 60, i % 60, i // 60, i % 60, i)
        for i in range(CUES)
    )


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    path.write_bytes(film_bytes())
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "film.vttproj"


async def opened(film: Path, journal: Path, told: list[str] | None = None) -> Session:
    return await open_source(Source(str(film), journal=journal, tell=(told or []).append), Tasks())


def made(session: Session) -> int:
    """How many runs of cues were made so far."""
    return sum(chunk._cues is not None for chunk in session.document.snapshot.cues.chunks)


def count(journal: Path, table: str) -> int:
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def killed_now(session: Session, journal: Path) -> Path:
    """The journal as a kill at this moment would leave it."""
    await session._journal.flushed()
    copy = journal.with_name(f"killed-{journal.name}")
    for sidecar in ("", "-wal"):
        if (part := journal.with_name(journal.name + sidecar)).exists():
            shutil.copyfile(part, copy.with_name(copy.name + sidecar))
    return copy


async def test_a_look_makes_no_cue_the_first_time_nor_again(film: Path, journal: Path) -> None:
    for _ in range(2):
        session = await opened(film, journal)
        assert made(session) == 0
        await session.close()
        assert (count(journal, "chunk"), count(journal, "log")) == (0, 0)


async def test_an_edit_is_there_after_a_kill_and_can_be_taken_back(film: Path, journal: Path) -> None:
    session = await opened(film, journal)
    session.submit(set_text(session.document.snapshot, 5, "Mine"))
    session.submit(remove_cues(session.document.snapshot, [7]))
    copy = await killed_now(session, journal)
    assert made(session) == 1
    again = await opened(film, copy)
    assert made(again) == 1 and again.unsaved
    cue = again.document.snapshot.cues.get(5)
    assert cue is not None and cue.text == "Mine" and not again.document.snapshot.cues.has(7)
    assert again.document.next_id == session.document.next_id == CUES + 1
    again.undo()
    again.undo()
    assert (
        again.document.snapshot == (await opened(film, journal.with_name("other.vttproj"))).document.snapshot
    )
    await again.save()
    assert film.read_bytes() == film_bytes()


async def test_a_save_is_what_later_edits_stand_on(film: Path, journal: Path) -> None:
    session = await opened(film, journal)
    session.submit(remove_cues(session.document.snapshot, [1]))
    await session.save()
    session.submit(set_text(session.document.snapshot, 2, "After the save"))
    again = await opened(film, await killed_now(session, journal))
    assert again.document.snapshot == session.document.snapshot
    again.undo()
    again.undo()
    assert len(again.document.snapshot.cues) == CUES


async def test_a_colleagues_save_meets_what_was_typed_before_the_kill(film: Path, journal: Path) -> None:
    session = await opened(film, journal)
    session.submit(set_text(session.document.snapshot, 5, "Mine"))
    copy = await killed_now(session, journal)
    film.write_bytes(film_bytes().replace(b"Line 9\n", b"Theirs\n"))
    again = await opened(film, copy)
    texts = [cue.text for cue in again.document.snapshot.cues][:11]
    assert (texts[4], texts[9]) == ("Mine", "Theirs")
    third = await opened(film, await killed_now(again, copy))
    assert third.document.snapshot == again.document.snapshot


async def test_many_edits_are_followed_by_a_checkpoint(film: Path, journal: Path) -> None:
    session = await opened(film, journal)
    every = [cue.id for cue in session.document.snapshot.cues]
    for _ in range(200):
        session.submit(shift(session.document.snapshot, every, 10))
    await session._journal.flushed()
    await session.close()
    assert count(journal, "chunk") == len(session.document.snapshot.cues.chunks)


async def test_a_file_too_large_to_keep_is_written_down_cue_by_cue(
    film: Path, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_file, "LARGEST", 10)
    session = await opened(film, journal)
    await session.close()
    assert count(journal, "chunk") == 3


async def test_edits_whose_file_cannot_be_read_any_more_are_set_aside_and_said(
    film: Path, journal: Path
) -> None:
    session = await opened(film, journal)
    session.submit(set_text(session.document.snapshot, 5, "Mine"))
    await session.close()
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute("UPDATE meta SET body = ? WHERE key = 'file'", (seal(pack(":AAAA"), "meta:file"),))
    told: list[str] = []
    source = Source(str(film), journal=journal, tell=told.append)
    again = await open_source(source, Tasks())
    assert again.document.snapshot.cues.get(5) != session.document.snapshot.cues.get(5)
    assert "damaged" in told[0] and journal.with_name(journal.name + ".damaged-1").exists()


def test_what_was_noted_is_known_again(film: Path) -> None:
    meta: dict[str, str] = {}

    class Notes:
        def put_meta(self, key: str, value: object) -> None:
            meta[key] = value() if callable(value) else str(value)

    file = known_file.file_of_bytes(film, film_bytes(), known_file.lazy.foreign_formats)
    assert known_file.note_file(Notes(), file)  # type: ignore[arg-type]  # all that it asks for
    assert meta["file_ids"] == f"1-{CUES}"
    start = known_file.known_start(meta)
    assert start is not None and start.snapshot == file.snapshot
    assert known_file.known_start({**meta, "file": ""}) is None
    with pytest.raises(ValueError, match="began as"):
        known_file.known_start({**meta, "file_ids": f"1-{CUES - 1}"})
    other = known_file.known_file({**meta, "file_ids": f"1-4,9-{CUES + 4}"})
    assert other is not None and [c.id for c in other.snapshot.cues][3:6] == [4, 9, 10]


async def test_what_was_composed_for_a_conflict_and_not_used_is_there_after_a_kill(
    film: Path, journal: Path
) -> None:
    session = await opened(film, journal)
    session.keep_composed("my own words")
    killed = await killed_now(session, journal)
    await session.close()
    again = await opened(film, killed)
    assert again.composed == "my own words"
    await again.close()
