"""Rules about the journal's disk broken on purpose, as in `test_planted_faults`: that must be noticed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.properties import sync_disks, sync_journal_files
from tests.properties.sync_desk import Desk
from tests.sync.test_planted_faults import first_cry
from vtt_desktop.sync import journal, journal_reading, link, on_disk
from vtt_desktop.sync.journal_pages import Mined
from vtt_desktop.sync.journal_reading import Base
from vtt_desktop.sync.journal_replay import Contents
from vtt_desktop.sync.journal_rows import unpack, unpack_segment, unseal
from vtt_desktop.sync.journal_salvage import Salvage, salvaged
from vtt_desktop.sync.state import SyncState


@pytest.fixture
def in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """All desks of all worlds keep their journals in files, and much happens to those."""
    monkeypatch.setattr(sync_journal_files, "FILES_IN", 1)
    monkeypatch.setattr(sync_journal_files, "CRASH_OFTEN", 0.3)
    monkeypatch.setattr(sync_journal_files, "DAMAGED_OFTEN", 1.0)


def test_a_write_that_no_disk_knows_of_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """I3: it goes out though the journal could not record it."""

    async def hopeful(self: on_disk.OnDisk, key: str, later: object) -> bool:
        await self._journal.flushed()
        return True

    monkeypatch.setattr(sync_disks, "REFUSE_IN", 1)
    monkeypatch.setattr(sync_disks, "REFUSE_OFTEN", 0.3)
    monkeypatch.setattr(on_disk.OnDisk, "takes", hopeful)
    assert "its disk does not know" in first_cry(monkeypatch, "I3 ")
    monkeypatch.setattr(Desk, "_goes_out", lambda self, key, document, write_id: None)
    assert first_cry(monkeypatch).split(" ")[0] in ("I5", "I7"), "after a crash it is met as another's"


def test_a_reason_that_is_not_the_disks_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """I4: why nothing can be written is said once, and not that it is for another reason since."""
    say = SyncState.set_journal_error

    def once(self: SyncState, error: str) -> None:
        if bool(error) != self.unwritten:
            say(self, error)

    monkeypatch.setattr(sync_disks, "REFUSE_IN", 1)
    monkeypatch.setattr(SyncState, "set_journal_error", once)
    assert "the disk is full" in (cry := first_cry(monkeypatch, "I4 ")) and "can only be read" in cry


def believed(path: Path, base: Base = journal_reading.no_base) -> Salvage:
    """What can be read of a damaged journal goes on as the shared document, whatever is missing of it."""
    found = salvaged(path, base)
    if found.complete:
        return found
    contents = Contents(checkpoint=found.contents.checkpoint)
    with closing((mined := Mined(path)).db):
        for key, body, place in mined.rows("meta"):
            contents.meta[str(key)] = unpack(unseal(body, place))
        for key, body, place in mined.rows("segment"):
            contents.segments[str(key)] = unpack_segment(unseal(body, place))
    # Without these it was never shared.
    contents.meta = {"seq": "0", "epoch": "e", "mark": "", **contents.meta}
    return Salvage(contents, True)


@pytest.mark.usefixtures("in_files")
def test_a_salvaged_record_that_is_believed_without_the_rest_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """I2, I8, I11: what is missing looks like a person's deletions, or is made once more."""
    monkeypatch.setattr(journal, "salvaged", believed)
    assert first_cry(monkeypatch).startswith("I3 ")
    monkeypatch.setattr(sync_journal_files, "check_same", lambda name, again, left: None)
    assert first_cry(monkeypatch).split(" ")[0] in ("I1", "I3", "I8", "I11", "I12")


@pytest.mark.usefixtures("in_files")
def test_a_second_program_that_sends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """I13: it is halted by nothing but the words that say so."""
    monkeypatch.setattr(link.LinkWatch, "halt", lambda self, why, *, for_good=True: None)
    assert first_cry(monkeypatch, "I13 ")
