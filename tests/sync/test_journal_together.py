"""What is put together is on disk as a whole or not at all: a copy of the files is what a crash leaves."""

import asyncio
import shutil
import time
from pathlib import Path

import pytest

from tests.sync.journal_typing import PATIENCE
from tests.sync.segments import body, synced
from vtt_desktop.app.journals import FileJournal
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Origin
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.history import History
from vtt_desktop.sync import journal_gathering
from vtt_desktop.sync.journal import Journal, Recovered
from vtt_desktop.sync.journal_gathering import Gathering
from vtt_desktop.sync.segment import Segment


def left_by_a_crash(path: Path, folder: Path) -> Recovered:
    """What a start finds where the program was killed at this moment."""
    folder.mkdir()
    for file in path.parent.glob(f"{path.name}*"):
        if not file.name.endswith(".lock"):
            shutil.copy(file, folder / file.name)
    journal = Journal.open(folder / path.name, lambda sentence: None)
    journal.close()
    assert journal.set_aside is None and journal.recovered is not None
    return journal.recovered


@pytest.mark.parametrize("row_first", [False, True])
def test_an_adopted_edit_and_its_row_are_one_commit(tmp_path: Path, row_first: bool) -> None:
    """I5: with only one of the two there, the next start would see an edit that nobody made."""
    (tmp_path / "desk").mkdir()
    path = tmp_path / "desk" / "film.vttproj"
    journal = Journal.open(path, lambda sentence: None)
    was, now = Cue(1, 1000, 2000, "was"), Cue(1, 1000, 2000, "theirs")
    document = Document(Snapshot(cues=CueList.of([was])))
    journal.checkpoint(document.snapshot, 2)
    journal.put_segments((synced(body(was), '"1"'),))
    edit = Edit("Change by a colleague", (CueChange(was, now),), Origin.REMOTE)
    puts = [lambda: journal.append_remote(edit), lambda: journal.put_segments((synced(body(now), '"2"'),))]
    if row_first:
        puts.reverse()
    with journal.together():
        puts[0]()
        journal.flush().result()  # somebody else's wait must not tear it apart
        found = left_by_a_crash(path, tmp_path / "between")
        with journal.together():
            puts[1]()
    assert [cue.text for cue in found.snapshot.cues] == ["was"]
    assert [one.etag for one in found.segments] == ['"1"']
    journal.flush().result()
    found = left_by_a_crash(path, tmp_path / "after")
    assert [cue.text for cue in found.snapshot.cues] == ["theirs"]
    assert [one.etag for one in found.segments] == ['"2"']
    journal.close()


def test_what_was_put_before_a_failure_is_kept(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "film.vttproj", lambda sentence: None)
    with pytest.raises(RuntimeError), journal.together():
        journal.put_meta("seq", "7")
        raise RuntimeError
    journal.put_meta("epoch", "e")
    journal.close()
    again = Journal.open(tmp_path / "film.vttproj", lambda sentence: None)
    again.close()
    assert again.recovered is not None and again.recovered.meta == {"seq": "7", "epoch": "e"}


@pytest.mark.parametrize("undone", [False, True])
def test_a_persons_step_and_its_rows_are_one_commit(tmp_path: Path, undone: bool) -> None:
    """I1: rows of a step that is not there itself would say in which order to send what nobody did."""
    (tmp_path / "desk").mkdir()
    path = tmp_path / "desk" / "film.vttproj"
    journal = Journal.open(path, lambda sentence: None)
    cue = Cue(1, 1000, 2000, "was")
    document = Document(Snapshot(cues=CueList.of([cue])))
    history = History(document, lambda: 0.0, journal.together)
    journal.checkpoint(document.snapshot, 2)
    journal.put_segments((synced(body(cue), '"1"'),))
    history.changed.connect(journal.append)
    if undone:
        history.do(set_text(document.snapshot, 1, "for a moment"))
        journal.put_segments((Segment("k", body(cue), '"1"', body("for a moment")),))
        journal.flush().result()
    found: list[Recovered] = []

    def row(change: Change) -> None:
        journal.put_segments((Segment("k", body(cue), '"1"', body(*change.new.cues)),))
        journal.flush().result()  # it is written down at the worst of times
        found.append(left_by_a_crash(path, tmp_path / "between"))

    document.changed.connect(row)
    if undone:
        history.undo()
    else:
        history.do(set_text(document.snapshot, 1, "typed"))
    between = found[0]
    assert [cue.text for cue in between.snapshot.cues] == ["for a moment" if undone else "was"]
    assert between.segments[0].edited is undone
    journal.flush().result()
    after = left_by_a_crash(path, tmp_path / "after")
    assert [cue.text for cue in after.snapshot.cues] == ["was" if undone else "typed"]
    assert after.segments[0].edited is not undone
    journal.close()


def test_a_step_of_several_edits_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_gathering, "HELD", PATIENCE)
    woken: list[int] = []
    values: Gathering[int] = Gathering(lambda: woken.append(1))
    with values.step():
        values.put(1)
        with values.step(), values.together():
            values.put(2)
            values.part()
            assert [*values.take()] == [1], "somebody asked for what is there"
        values.put(3)
        assert [*values.take()] == []
    assert [*values.take()] == [2, 3] and len(woken) == 2


def test_a_step_that_takes_long_is_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was accepted a tenth of a second ago is on disk, however long its step goes on."""
    monkeypatch.setattr(journal_gathering, "HELD", -1.0)
    values: Gathering[int] = Gathering(lambda: None)
    with values.step():
        with values.together():
            values.put(1)
            assert [*values.take()] == []
            values.put(2)
        assert [*values.take()] == [1, 2]
        values.put(3)
        assert [*values.take()] == [3]


async def test_a_kill_leaves_all_of_a_group_or_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing else happens in it: what a macro did before it waits is not held back."""
    monkeypatch.setattr(journal_gathering, "HELD", PATIENCE)
    (tmp_path / "desk").mkdir()
    path = tmp_path / "desk" / "film.vttproj"
    journal = FileJournal.open(path, lambda sentence: None)
    document = Document(
        Snapshot(cues=CueList.of([Cue(i, i * 1000, i * 1000 + 500, "was") for i in (1, 2, 3)]))
    )
    history = History(document, lambda: 0.0, journal.together, journal.step)
    history.changed.connect(journal.append)
    journal.checkpoint(document.snapshot, 4)
    await journal.flushed()
    looks = 0

    def found() -> list[str]:
        nonlocal looks
        looks += 1
        return [cue.text for cue in left_by_a_crash(path, tmp_path / str(looks)).snapshot.cues]

    async def comes(texts: list[str], not_before: list[str]) -> None:
        deadline = time.monotonic() + PATIENCE
        while (now := found()) != texts:
            assert now == not_before and time.monotonic() < deadline

    with history.group("Two at once"):
        history.do(set_text(document.snapshot, 1, "now"))
        for _ in range(2):  # its thread looks for something to write, and has written it
            looked = journal._attempted
            journal._queue.put("soon")
            while journal._attempted == looked:
                assert journal._thread.is_alive()
        assert found() == ["was", "was", "was"]
        history.do(set_text(document.snapshot, 2, "now"))
    await comes(["now", "now", "was"], not_before=["was", "was", "was"])
    with history.group("And it waits"):
        history.do(set_text(document.snapshot, 3, "then"))
        turn = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turn.set_result, None)
        await turn
        await comes(["now", "now", "then"], not_before=["now", "now", "was"])
    journal.close()


def test_who_waits_for_the_disk_waits_for_what_a_step_has_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent that is not written down, and nothing is left behind at the end."""
    monkeypatch.setattr(journal_gathering, "HELD", PATIENCE)
    (tmp_path / "desk").mkdir()
    path = tmp_path / "desk" / "film.vttproj"
    journal = Journal.open(path, lambda sentence: None)
    with journal.step():
        journal.put_meta("seq", "7")
        journal.flush().result(PATIENCE)
        assert left_by_a_crash(path, tmp_path / "between").meta == {"seq": "7"}
        journal.put_meta("epoch", "e")
        journal.close()
    again = Journal.open(path, lambda sentence: None)
    again.close()
    assert again.recovered is not None and again.recovered.meta == {"seq": "7", "epoch": "e"}
