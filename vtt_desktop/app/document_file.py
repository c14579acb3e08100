"""The file of a document: saving it in any format, reading it again, meeting what others wrote to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.disk import DiskSide, same_block
from vtt_desktop.app.journals import DocumentJournal
from vtt_desktop.app.known_file import note_file
from vtt_desktop.app.writing import write_document
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import Origin
from vtt_desktop.domain.errors import UndecidedError, UserError
from vtt_desktop.domain.history import History, HistoryEvent
from vtt_desktop.domain.matching import under_ids
from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.formats.files import ChangedOnDisk, OpenedFile, open_file
from vtt_desktop.formats.losses import NAMES
from vtt_desktop.ui.ports import DISCARDED


class DocumentFile:
    """What Save writes, and whether it is behind the document. `shared` tells whether a server has it too.

    `changed` is told when the title, the path, the format or the saved state is another.
    """

    def __init__(
        self,
        document: Document,
        history: History,
        disk: DiskSide,
        journal: DocumentJournal,
        changed: Signal[None],
        shared: Callable[[], bool],
        file: OpenedFile | None,
        title: str,
        *,
        saved: bool,
    ) -> None:
        self._document, self._history, self._disk, self._journal = document, history, disk, journal
        self._changed, self._shared = changed, shared
        self._file = file
        self.title = title
        self._saved: Snapshot | None = document.snapshot if saved else None
        self._saved_position = history.position
        self._others_since = False
        self._given_up = False
        self._was_unsaved = self.unsaved
        document.changed.connect(self._edited)
        history.changed.connect(self._tell_saved_state)

    @property
    def path(self) -> Path | None:
        return self._file.path if self._file is not None else None

    @property
    def opened(self) -> OpenedFile:
        """The file as it was opened or saved last; for a document without one, one that holds nothing."""
        return self._file or OpenedFile(Path(), self._document.snapshot, b"")

    @property
    def format(self) -> str:
        return self._file.format if self._file is not None else "webvtt"

    @property
    def format_name(self) -> str:
        return NAMES.get(self.format, self.format)

    @property
    def encoding(self) -> str:
        return self._file.encoding if self._file is not None else "utf-8"

    @property
    def unsaved(self) -> bool:
        """Undoing back to what was saved counts as saved, unless others changed something meanwhile."""
        if self.path is None or self._document.snapshot is self._saved:
            return False
        return self._saved is None or self._others_since or self._history.position is not self._saved_position

    async def save(self, path: Path | None = None, encoding: str | None = None) -> None:
        """Writes the file as a whole, in a worker. UserError where it cannot be, with the old file kept.

        A file that changed on disk since is merged first; where both sides changed a cue, a person decides.
        In another format the document becomes what that can hold, in a step that can be undone; one that is
        shared stays as it is, and the file is a copy.
        """
        self._check_decided(path)
        snapshot = self._document.snapshot
        try:
            file = await asyncio.to_thread(self._write, snapshot, path, encoding)
        except ChangedOnDisk as changed:
            self._meet(changed.theirs)
            snapshot = self._document.snapshot
            file = await asyncio.to_thread(self._write, snapshot, path, encoding)
        if file.format != self.format and not self._shared():
            file = self._under_ids(file, snapshot)
            snapshot = self._become(file, snapshot)
        self._saved_as(file, snapshot)

    def save_now(self, path: Path | None = None) -> None:
        """As `save`, and returns when it is done; the document stays as it is: for macros."""
        self._check_decided(path)
        snapshot = self._document.snapshot
        try:
            file = self._write(snapshot, path, None)
        except ChangedOnDisk as changed:
            self._meet(changed.theirs)
            snapshot = self._document.snapshot
            file = self._write(snapshot, path, None)
        self._saved_as(self._under_ids(file, snapshot), snapshot)

    async def read_again(self, encoding: str) -> None:
        """Reads the file with another encoding; edits that are not saved meet that like another's save.

        UserError where there is no file, where it says its encoding itself, or makes no sense in that one.
        """
        file = self._file
        if file is None:
            raise UserError("This document has no file yet.")
        if file.format == "webvtt":
            raise UserError("WebVTT is always UTF-8.")
        fresh = await asyncio.to_thread(open_file, file.path, lazy.foreign_formats, encoding)
        if fresh.format != file.format:
            raise UserError(f"Read so, {file.path.name} is not {self.format_name} any more.")
        if not self.unsaved and fresh.data == file.data:
            self._take_instead(fresh)  # nothing is here that is not in the file: nothing is to be merged
        else:
            with suppress(UndecidedError):  # what both say otherwise is shown as any conflict is
                self._meet(fresh)
        self._changed.emit(None)

    def _take_instead(self, fresh: OpenedFile) -> None:
        """The document is what the file says, read otherwise than before."""
        snapshot = self._document.snapshot
        cues = under_ids(fresh.snapshot.cues, snapshot.cues, self._document.new_id)
        edit = edit_to(snapshot, fresh.snapshot.head, cues, "Read with another encoding", Origin.DISK)
        if edit.changes:
            self._document.apply(edit)
        self._file = replace(fresh, snapshot=Snapshot(fresh.snapshot.head, CueList.of(cues)))
        self._note_saved(self._document.snapshot)
        self._note_file()

    async def look_at_disk(self) -> int:
        """Meets what somebody else wrote to the file since it was opened or saved, if anybody did; gives the
        number of cues that were taken over."""
        if self._file is None:
            return 0
        try:
            now = await asyncio.to_thread(_if_other, self._file)
        except UserError:  # gone, half written, or something else now: what is here is saved nowhere
            self._others_since, self._saved = True, None
            self._tell_saved_state(None)
            return 0
        before = self._document.snapshot
        self.take_over()
        if now is not None:
            with suppress(UserError):
                self._meet(now)
        elif self._saved is None:
            self._compare()
        return _differing(before, self._document.snapshot)

    def leave_unsaved(self) -> None:
        """What is not saved is not wanted: `give_up` sees to it, unless there is another edit before."""
        self._given_up = True

    def give_up(self) -> None:
        """Where it was said: the document is its file again, in a step that can be undone when it is opened
        again; one without a file is empty. What is shared stays as it is: only its file is behind."""
        if not self._given_up or self._shared():
            return
        snapshot = self._document.snapshot
        saved = self._file.snapshot if self._file is not None else Snapshot(snapshot.head)
        self._history.seal()
        self._history.do(edit_to(snapshot, saved.head, tuple(saved.cues), DISCARDED, Origin.USER))
        self._history.seal()
        self._disk.take_over()
        self._compare()

    def take_over(self) -> None:
        """What others wrote, where nothing of ours stands against it any more."""
        if self._disk.take_over():
            self._compare()

    def _compare(self) -> None:
        """Notes whether the document says just what the file does, after others had a part in it."""
        file = self._file
        if file is not None and not self._disk.waiting and _same(self._document.snapshot, file.snapshot):
            self._note_saved(self._document.snapshot)
        self._tell_saved_state(None)

    def _check_decided(self, path: Path | None) -> None:
        self.take_over()
        if self._file is not None and (path is None or path.absolute() == self._file.path):
            self._disk.must_be_decided(self._file.path.name)

    def _meet(self, theirs: OpenedFile) -> None:
        assert self._file is not None
        known = self._disk.meet(self._file.snapshot, theirs.snapshot, theirs.digest)
        self._file = replace(theirs, snapshot=known)
        self._note_file()
        self._others_since = True  # undone to what was saved, it is not what the file holds any more
        self._compare()
        self._disk.must_be_decided(theirs.path.name)

    def _write(self, snapshot: Snapshot, path: Path | None, encoding: str | None) -> OpenedFile:
        if path is None and self._file is None:
            raise UserError("This document has no file yet.", "Choose a name with Save as.")
        return write_document(self.opened, snapshot, path, encoding)

    def _under_ids(self, file: OpenedFile, snapshot: Snapshot) -> OpenedFile:
        """A file that was written from `snapshot`; in another format its cues have ids of their own."""
        if file.format == self.format:
            return file
        cues = under_ids(file.snapshot.cues, snapshot.cues, self._document.new_id)
        return replace(file, snapshot=Snapshot(file.snapshot.head, CueList.of(cues)))

    def _become(self, file: OpenedFile, snapshot: Snapshot) -> Snapshot:
        """The document becomes what a file of another format holds of it; undo brings back the rest."""
        if self._document.snapshot is not snapshot:  # somebody has typed on: the next save sees to it
            return snapshot
        name, cues = NAMES.get(file.format, file.format), tuple(file.snapshot.cues)
        self._history.seal()
        self._history.do(edit_to(snapshot, file.snapshot.head, cues, f"Save as {name}", Origin.USER))
        self._history.seal()
        return self._document.snapshot

    def _saved_as(self, file: OpenedFile, snapshot: Snapshot) -> None:
        if file.format != self.format and self._shared():
            return  # a copy: what is shared stays what it is
        elsewhere = file.path != self.path
        self._file = file
        self._note_saved(snapshot)
        if not self._shared():
            self.title = file.path.name
            self._journal.put_meta("title", self.title)
            if elsewhere:
                self._journal.belongs_to(file.path)
        self._note_file()
        self._tell_saved_state(None)
        self._changed.emit(None)

    def _note_saved(self, snapshot: Snapshot) -> None:
        """The file holds `snapshot`; who edited while it was written has something to save again."""
        self._saved = snapshot
        now = self._document.snapshot is snapshot
        self._saved_position = self._history.position if now else object()
        self._others_since = False

    def _note_file(self) -> None:
        """Another file: the journal stands on the document as it is now, not on the file it began as."""
        self._journal.checkpoint(self._document.snapshot, self._document.next_id)
        if self._file is not None:
            note_file(self._journal, self._file)

    def begin_journal(self) -> bool:
        """Writes down what the document began as. False where there is no file, or it is too large."""
        return self._file is not None and note_file(self._journal, self._file)

    def _edited(self, change: Change) -> None:
        self._given_up = False
        if change.edit.origin in (Origin.REMOTE, Origin.DISK):
            self._others_since = True
        self._tell_saved_state(None)

    def _tell_saved_state(self, _: HistoryEvent | None) -> None:
        if self.unsaved != self._was_unsaved:
            self._was_unsaved = self.unsaved
            self._journal.put_meta("unsaved", "1" if self.unsaved else "")
            self._changed.emit(None)


def _if_other(known: OpenedFile) -> OpenedFile | None:
    """The file as it is on disk now, where that is not what is known. UserError as `open_file`."""
    with suppress(OSError):
        if known.path.read_bytes() == known.data:
            return None
    return open_file(known.path, lazy.foreign_formats, known.reread)


def _same(a: Snapshot, b: Snapshot) -> bool:
    """Whether a file that is written of either is the same."""
    if a.head != b.head or len(a.cues) != len(b.cues):
        return False
    return all(one is other or same_block(one, other) for one, other in zip(a.cues, b.cues, strict=True))


def _differing(old: Snapshot, new: Snapshot) -> int:
    """How many cues came, went or say something else."""
    if old is new:
        return 0
    gone = sum(1 for cue in old.cues if not new.cues.has(cue.id))
    return gone + sum(1 for cue in new.cues if cue is not old.cues.get(cue.id))
