"""One open document: what is saved, what is told, and that new cues are the same bytes everywhere."""

import errno
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.program import TWO_CUES
from tests.driver import colleague
from tests.server_process import ServerProcess
from vtt_desktop.app.journals import FileJournal, NoJournal, backups_folder, journal_path
from vtt_desktop.app.opening import Source, new_session, open_source, publish
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue, set_settings, set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.journal_file import JournalFile

_numbers = itertools.count()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    path.write_bytes(TWO_CUES.replace("\n", "\r\n").encode())
    return path


@pytest.fixture
async def session(film: Path) -> AsyncIterator[Session]:
    tasks = Tasks()
    opened = await open_source(Source(str(film)), tasks)
    yield opened
    await opened.close()
    await tasks.close()


def type_text(session: Session, text: str, at: int = 0) -> None:
    snapshot = session.document.snapshot
    session.submit(set_text(snapshot, snapshot.cues[at].id, text))


async def test_unsaved_follows_edits_undo_and_saves(session: Session, film: Path) -> None:
    told: list[bool] = []
    session.changed.connect(lambda _: told.append(session.unsaved))
    assert (session.title, session.path, session.unsaved) == ("film.vtt", film, False)
    type_text(session, "Hi")
    assert session.unsaved
    session.undo()
    assert not session.unsaved, "what is undone to what was saved is saved"
    session.redo()
    await session.save()
    assert not session.unsaved
    session.undo()
    assert session.unsaved, "the file has what was undone"
    assert told[:3] == [True, False, True]


async def test_save_as_goes_on_with_the_new_file(session: Session, film: Path, tmp_path: Path) -> None:
    before = film.read_bytes()
    type_text(session, "Hi")
    await session.save(tmp_path / "other.vtt")
    assert (session.title, session.path) == ("other.vtt", tmp_path / "other.vtt")
    assert film.read_bytes() == before
    await session.save(tmp_path / "other.srt")
    assert session.format_name == "SubRip" and b"00:00:01,000 --> 00:00:02,000" in session.path.read_bytes()


async def test_the_first_original_is_kept(session: Session, film: Path) -> None:
    before = film.read_bytes()
    for text in ("a", "b"):
        type_text(session, text)
        await session.save()
    assert before in [one.read_bytes() for one in backups_folder().rglob("*") if one.is_file()]


async def test_an_untitled_document_has_no_place(tmp_path: Path) -> None:
    tasks = Tasks()
    session = new_session(tasks)
    assert session.path is None and not session.unsaved
    session.submit(insert_cue(Cue(session.document.new_id(), 0, 1000, "First")))
    with pytest.raises(UserError, match="has no file yet"):
        await session.save()
    await session.save(tmp_path / "new.vtt")
    assert (tmp_path / "new.vtt").read_text().startswith("WEBVTT\n\n00:00")
    await session.close()


async def test_media_is_told_and_remembered_for_the_journal(session: Session, tmp_path: Path) -> None:
    told: list[object] = []
    session.changed.connect(lambda _: told.append(session.media))
    session.set_media(tmp_path / "film.mp4")
    session.set_media(None)
    assert told == [tmp_path / "film.mp4", None]


async def test_an_inserted_cue_is_the_same_bytes_here_there_and_at_a_colleague(
    session: Session, film: Path, tmp_path: Path, shared_server: ServerProcess
) -> None:
    url = f"{shared_server.url}/projects/session-{next(_numbers)}"
    tasks = Tasks()
    await publish(session, parse_target(url), tasks, shared_server.token)
    first = session.document.snapshot.cues[0].id
    session.submit(insert_cue(Cue(session.document.new_id(), 2000, 2500, "New\nlines"), first))
    await session.sync_now()
    async with colleague(url, shared_server.token) as desk:
        desk.save(tmp_path / "theirs.vtt")
    await session.save()
    assert film.read_bytes() == (tmp_path / "theirs.vtt").read_bytes()
    assert b"\r\n00:02.000 --> 00:02.500\r\nNew\r\nlines\r\n" in film.read_bytes()
    with pytest.raises(UserError, match="shared already"):
        await publish(session, parse_target(url), tasks, shared_server.token)


async def test_what_is_shared_stays_what_it_is_when_a_copy_goes_into_another_format(
    session: Session, film: Path, tmp_path: Path, shared_server: ServerProcess
) -> None:
    url = f"{shared_server.url}/projects/session-{next(_numbers)}"
    tasks = Tasks()
    snapshot = session.document.snapshot
    session.submit(set_settings(snapshot, snapshot.cues[0].id, "line:3"))
    await publish(session, parse_target(url), tasks, shared_server.token)
    await session.save(tmp_path / "copy.srt")
    await session.sync_now()
    assert b"00:00:01,000" in (tmp_path / "copy.srt").read_bytes()
    assert (session.path, session.format_name) == (film, "WebVTT")
    assert session.unsaved, "the film's own file does not have the edit yet"
    async with colleague(url, shared_server.token) as desk:
        assert desk.cues[0].settings == "line:3"
    await tasks.close()


async def test_without_a_server_there_is_nothing_to_sync_or_decide(session: Session) -> None:
    await session.sync_now()
    session.set_offline(True)
    session.set_token("x")
    assert not session.offline and session.shared_url is None
    with pytest.raises(UserError, match="no conflict on that cue"):
        session.resolve(1, None)
    with pytest.raises(UserError, match="no conflict on the header"):
        session.resolve_head(True)


async def test_the_disks_troubles_are_in_the_sync_state(session: Session) -> None:
    session.journal_failed("The disk is full.")
    assert session.sync.summary.journal_error == "The disk is full."
    session.journal_failed("")
    assert session.sync.summary.journal_error == ""


def test_journals_are_one_a_place_and_private(tmp_path: Path) -> None:
    one, two = journal_path("file:/a.vtt"), journal_path("file:/b.vtt")
    assert one != two and one == journal_path("file:/a.vtt") and one.suffix == ".vttproj"
    assert one.parent.stat().st_mode & 0o077 == 0
    journal_path("file:/\udcff.vtt")


async def test_flushed_returns_even_where_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileJournal.open(tmp_path / "a.vttproj", lambda sentence: None)
    journal.put_meta("key", "value")

    def refused(self: JournalFile, commands: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(JournalFile, "write", refused)
        assert not await journal.flushed()
    assert await journal.flushed()
    journal.close()
    again = FileJournal.open(tmp_path / "a.vttproj", lambda sentence: None)
    assert again.recovered is not None and again.recovered.meta["key"] == "value"
    again.close()
    assert await NoJournal().flushed()
