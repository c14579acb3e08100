"""One open document with everything that belongs to it: history, journal, file, and its share of a server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.disk import DiskSide
from vtt_desktop.app.journals import CHECKPOINT_AFTER, DocumentJournal
from vtt_desktop.app.known_file import note_file
from vtt_desktop.app.segment_text import WebVTTSegmentText, in_style
from vtt_desktop.app.target import Target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.app.writing import write_document
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.errors import UndecidedError, UserError
from vtt_desktop.domain.history import History, HistoryEvent
from vtt_desktop.domain.matching import under_ids
from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.formats.files import ChangedOnDisk, OpenedFile, open_file
from vtt_desktop.formats.losses import NAMES
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import DEBOUNCE_S, Engine
from vtt_desktop.sync.engine_ports import RepositoryPort
from vtt_desktop.sync.feed import Feed
from vtt_desktop.sync.presence import Colleagues, Presence
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.state import Link, SyncState
from vtt_desktop.sync.versions import CueVersion


class Session:
    """Implements `ui.ports.Session`; a macro's desk works on the same object.

    Must be made and used on the event loop's thread. `file` is the file that Save writes; None: none yet.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        tasks: Tasks,
        journal: DocumentJournal,
        next_id: int | None = None,
        file: OpenedFile | None = None,
        title: str = "Untitled",
        events: Iterable[HistoryEvent] = (),
        saved: bool = True,
    ) -> None:
        self.document = Document(snapshot, next_id)
        self.history = History(self.document, time.monotonic)
        for event in events:
            self.history.restore(event)
        self.sync = SyncState()
        self.sync.diary.wall = time.time
        self.sync.diary.restore(journal.recovered.told if journal.recovered is not None else ())
        self.sync.diary.told.connect(lambda told: journal.tell(told.line, told.dropped))
        self.colleagues = Colleagues(self.sync)
        self.changed: Signal[None] = Signal()
        self.engine: Engine | None = None
        self.feed: Feed | None = None
        self._tasks = tasks
        self._journal = journal
        self._file = file
        self._target: Target | None = None
        self._title = title
        self._media: Path | None = None
        self._saved: Snapshot | None = snapshot if saved else None
        self._saved_position = self.history.position
        self._others_since = False
        self._was_unsaved = self.unsaved
        self._standing: list[asyncio.Task[None]] = []
        self._presence: Presence | None = None
        self._cue_id: int | None = None
        self.disk = DiskSide(self.document, self.sync, journal, self.history.do)
        self.document.changed.connect(self._journal_others)
        self.history.changed.connect(self._journal_step)
        self.document.changed.connect(self._tell_saved_state)
        self.history.changed.connect(self._tell_saved_state)

    # What it is

    @property
    def title(self) -> str:
        return self._title

    @property
    def path(self) -> Path | None:
        return self._file.path if self._file is not None else None

    @property
    def shared_url(self) -> str | None:
        return self._target.url if self._target is not None else None

    @property
    def media(self) -> Path | None:
        return self._media

    @property
    def unsaved(self) -> bool:
        """Undoing back to what was saved counts as saved, unless others changed something meanwhile."""
        if self.path is None or self.document.snapshot is self._saved:
            return False
        return self._saved is None or self._others_since or self.history.position is not self._saved_position

    @property
    def format_name(self) -> str:
        return NAMES.get(self._format, self._format)

    @property
    def encoding(self) -> str:
        return self._file.encoding if self._file is not None else "utf-8"

    @property
    def file(self) -> OpenedFile:
        """The file as it was opened or saved last; for a document without one, one that holds nothing."""
        return self._file or OpenedFile(Path(), self.document.snapshot, b"")

    @property
    def _format(self) -> str:
        return self._file.format if self._file is not None else "webvtt"

    # Editing

    def submit(self, edit: Edit) -> None:
        """The road of every edit a person makes. UserError, and nothing changed, where it cannot be."""
        if self.engine is not None:
            self.engine.check(edit)
        if self._format == "webvtt":
            edit = in_style(edit, self.document.snapshot)
        self.history.do(edit)

    def undo(self) -> None:
        """Takes the last step back, if there is one. UserError as `History.undo`."""
        self.history.undo()

    def redo(self) -> None:
        self.history.redo()

    # Sharing

    def share(
        self,
        target: Target,
        repository: RepositoryPort,
        segments: Iterable[Segment],
        *,
        seq: int = 0,
        epoch: str = "",
        offline: bool = False,
        debounce_s: float = DEBOUNCE_S,
        author: str = "",
        setback: Setback | None = None,
    ) -> None:
        """From here on the document is one with that project: edits are sent, others' changes come in.

        `setback`: the server was found to have gone back, and nobody has decided yet.
        """
        self._target = target
        codec = Codec(target.profile.content, WebVTTSegmentText())
        self.engine = Engine(
            self.document,
            self.sync,
            codec,
            repository,
            submit=self.history.do,
            spawn=self._tasks.spawn,
            journal=self._journal,
            clock=time.monotonic,
            debounce_s=debounce_s,
        )
        self.feed = Feed(self.engine, self.sync, self._journal, seq=seq, epoch=epoch)
        if target.profile.presence.url:
            self._presence = Presence(repository, self.sync, self.colleagues, author)
            self.engine.on_link_up(self._presence.wake)
        self._journal.put_meta("profile", target.profile_text)
        self._journal.put_meta("profile_name", target.profile.name)
        self._journal.put_meta("base", target.base)
        self._journal.put_meta("project", target.project)
        self._journal.put_meta("ids", "\n".join(target.profile.list.ids))
        self._journal.put_meta("seq", str(seq))
        self._journal.put_meta("epoch", epoch)
        self.engine.start(segments, offline=offline)
        self.be_at(self._cue_id)
        self._journal.put_segments(self.sync.segments.values())
        if setback is not None:
            self.engine.set_back(setback)
        if target.profile.read_only:
            self.engine.halt(target.profile.read_only)
        self.changed.emit(None)

    def listen(self) -> None:
        """Keeps hearing what others change, and tells them where we are, until the session is closed."""
        if self.feed is None or self._standing:
            return
        self._standing.append(self._tasks.spawn_standing(self.feed.listen(), "listening to the project"))
        if self._presence is not None:
            self._standing.append(self._tasks.spawn_standing(self._presence.run(), "telling where we are"))

    def be_at(self, cue_id: int | None) -> None:
        self._cue_id = cue_id
        if self._presence is not None:
            self._presence.be_at(cue_id)

    @property
    def offline(self) -> bool:
        return self.sync.link is Link.OFFLINE

    def set_offline(self, offline: bool) -> None:
        if self.engine is not None:
            self.engine.set_offline(offline)
            self._journal.put_meta("offline", "1" if offline else "")

    def set_token(self, token: str) -> None:
        if self.engine is not None:
            self.engine.set_token(token)

    async def sync_now(self) -> None:
        """Sends and fetches until nothing is left to do, or the server does not answer."""
        if self.engine is None or self.feed is None:
            return
        for _ in range(3):  # what came in may have made something to send
            await self.engine.settle()
            if not await self.feed.pull():  # which also tells that a server is there again
                break
            if self.engine.idle:
                break
        await self._journal.flushed()

    async def decide_setback(self, mine: bool) -> None:
        if self.feed is None:
            raise UserError("This document is not on a server.")
        await self.feed.decide_setback(mine, self.history.group)
        await self.sync_now()

    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        if self.disk.resolve(cue_id, choice):
            return
        if self.engine is None:
            raise UserError("There is no conflict on that cue.")
        self.engine.resolve(cue_id, choice)

    def resolve_head(self, mine: bool) -> None:
        if self.disk.resolve_head(mine):
            return
        if self.engine is None:
            raise UserError("There is no conflict on the header.")
        self.engine.resolve_head(mine)

    async def told_versions(self, cue_id: int) -> tuple[CueVersion, ...]:
        return await self.engine.told_versions(cue_id) if self.engine is not None else ()

    # Files

    async def save(self, path: Path | None = None, encoding: str | None = None) -> None:
        """Writes the file as a whole, in a worker. UserError where it cannot be, with the old file kept.

        A file that changed on disk since is merged first; where both sides changed a cue, a person decides.
        In another format the document becomes what that can hold, in a step that can be undone; one that is
        shared stays as it is, and the file is a copy.
        """
        self._check_decided(path)
        snapshot = self.document.snapshot
        try:
            file = await asyncio.to_thread(self._write, snapshot, path, encoding)
        except ChangedOnDisk as changed:
            self._meet(changed.theirs)
            snapshot = self.document.snapshot
            file = await asyncio.to_thread(self._write, snapshot, path, encoding)
        if file.format != self._format and self.engine is None:
            file = self._under_ids(file, snapshot)
            snapshot = self._become(file, snapshot)
        self._saved_as(file, snapshot)

    def save_now(self, path: Path | None = None) -> None:
        """As `save`, and returns when it is done; the document stays as it is: for macros."""
        self._check_decided(path)
        snapshot = self.document.snapshot
        try:
            file = self._write(snapshot, path, None)
        except ChangedOnDisk as changed:
            self._meet(changed.theirs)
            snapshot = self.document.snapshot
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
        if self.document.snapshot is self._saved and fresh.data == file.data:
            self._take_instead(fresh)  # nothing is here that is not in the file: nothing is to be merged
        else:
            with suppress(UndecidedError):  # what both say otherwise is shown as any conflict is
                self._meet(fresh)
        self.changed.emit(None)

    def _take_instead(self, fresh: OpenedFile) -> None:
        """The document is what the file says, read otherwise than before."""
        snapshot = self.document.snapshot
        cues = under_ids(fresh.snapshot.cues, snapshot.cues, self.document.new_id)
        edit = edit_to(snapshot, fresh.snapshot.head, cues, "Read with another encoding", Origin.DISK)
        if edit.changes:
            self.document.apply(edit)
        self._file = replace(fresh, snapshot=Snapshot(fresh.snapshot.head, CueList.of(cues)))
        self._note_saved(self.document.snapshot)
        self._note_file()

    async def look_at_disk(self) -> int:
        """Meets what somebody else wrote to the file since it was opened or saved, if anybody did; gives the
        number of cues that were taken over."""
        if self._file is None:
            return 0
        try:
            now = await asyncio.to_thread(_if_other, self._file)
        except UserError:  # half written, or gone: then what is here is saved nowhere
            self._saved = self._saved if self._file.path.exists() else None
            self._tell_saved_state(None)
            return 0
        before = self.document.snapshot
        if now is not None:
            with suppress(UserError):
                self._meet(now)
        return _differing(before, self.document.snapshot)

    def _check_decided(self, path: Path | None) -> None:
        if self._file is not None and (path is None or path.absolute() == self._file.path):
            self.disk.must_be_decided(self._file.path.name)

    def _meet(self, theirs: OpenedFile) -> None:
        assert self._file is not None
        clean = self.document.snapshot is self._saved
        known = self.disk.meet(self._file.snapshot, theirs.snapshot, theirs.digest)
        self._file = replace(theirs, snapshot=known)
        self._note_file()
        if clean:
            self._note_saved(self.document.snapshot)
        self._tell_saved_state(None)
        self.disk.must_be_decided(theirs.path.name)

    def _write(self, snapshot: Snapshot, path: Path | None, encoding: str | None) -> OpenedFile:
        if path is None and self._file is None:
            raise UserError("This document has no file yet.", "Choose a name with Save as.")
        return write_document(self.file, snapshot, path, encoding)

    def _under_ids(self, file: OpenedFile, snapshot: Snapshot) -> OpenedFile:
        """A file that was written from `snapshot`; in another format its cues have ids of their own."""
        if file.format == self._format:
            return file
        cues = under_ids(file.snapshot.cues, snapshot.cues, self.document.new_id)
        return replace(file, snapshot=Snapshot(file.snapshot.head, CueList.of(cues)))

    def _become(self, file: OpenedFile, snapshot: Snapshot) -> Snapshot:
        """The document becomes what a file of another format holds of it; undo brings back the rest."""
        if self.document.snapshot is not snapshot:  # somebody has typed on: the next save sees to it
            return snapshot
        name, cues = NAMES.get(file.format, file.format), tuple(file.snapshot.cues)
        self.history.seal()
        self.history.do(edit_to(snapshot, file.snapshot.head, cues, f"Save as {name}", Origin.USER))
        self.history.seal()
        return self.document.snapshot

    def _saved_as(self, file: OpenedFile, snapshot: Snapshot) -> None:
        if file.format != self._format and self.engine is not None:
            return  # a copy: what is shared stays what it is
        elsewhere = file.path != self.path
        self._file = file
        self._note_saved(snapshot)
        if self._target is None:
            self._title = file.path.name
            self._journal.put_meta("title", self._title)
            if elsewhere:
                self._journal.belongs_to(file.path)
        self._note_file()
        self._tell_saved_state(None)
        self.changed.emit(None)

    def set_media(self, path: Path | None) -> None:
        self._media = path
        self._journal.put_meta("media", str(path) if path is not None else "")
        self.changed.emit(None)

    # Life

    def begin_journal(self) -> None:
        """Writes down what later edits are told on top of: the file, or else the document whole."""
        self._journal.put_meta("title", self._title)
        if self._file is None or not note_file(self._journal, self._file):
            self._journal.checkpoint(self.document.snapshot, self.document.next_id)

    async def close(self) -> None:
        """Waits for what is out, and for the journal; then all is on disk and the session is over."""
        for task in self._standing:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self.engine is not None:
            await self.engine.stop()
        await self._journal.flushed()
        self._journal.close()

    def journal_failed(self, sentence: str) -> None:
        """What the journal says of the disk; nothing: all is well again."""
        self.sync.set_journal_error(sentence)

    def _note_saved(self, snapshot: Snapshot) -> None:
        """The file holds `snapshot`; who edited while it was written has something to save again."""
        self._saved = snapshot
        now = self.document.snapshot is snapshot
        self._saved_position = self.history.position if now else object()
        self._others_since = False

    def _note_file(self) -> None:
        """Another file: the journal stands on the document as it is now, not on the file it began as."""
        self._journal.checkpoint(self.document.snapshot, self.document.next_id)
        if self._file is not None:
            note_file(self._journal, self._file)

    def _journal_step(self, event: HistoryEvent) -> None:
        self._journal.append(event)
        self._checkpoint_if_long()

    def _journal_others(self, change: Change) -> None:
        if change.edit.origin in (Origin.REMOTE, Origin.DISK):
            self._others_since = True
            self._journal.append_remote(change.edit)
            self._checkpoint_if_long()

    def _checkpoint_if_long(self) -> None:
        if self._journal.edits_since_checkpoint > CHECKPOINT_AFTER:
            self._journal.checkpoint(self.document.snapshot, self.document.next_id)

    def _tell_saved_state(self, _: Change | HistoryEvent | None) -> None:
        if self.unsaved != self._was_unsaved:
            self._was_unsaved = self.unsaved
            self._journal.put_meta("unsaved", "1" if self.unsaved else "")
            self.changed.emit(None)


def _if_other(known: OpenedFile) -> OpenedFile | None:
    """The file as it is on disk now, where that is not what is known. UserError as `open_file`."""
    with suppress(OSError):
        if known.path.read_bytes() == known.data:
            return None
    return open_file(known.path, lazy.foreign_formats, known.reread)


def _differing(old: Snapshot, new: Snapshot) -> int:
    """How many cues came, went or say something else."""
    if old is new:
        return 0
    gone = sum(1 for cue in old.cues if not new.cues.has(cue.id))
    return gone + sum(1 for cue in new.cues if cue is not old.cues.get(cue.id))
