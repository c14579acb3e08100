"""One open document with everything that belongs to it: history, journal, file, and its share of a server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vtt_desktop.app.disk import DiskSide
from vtt_desktop.app.document_file import DocumentFile
from vtt_desktop.app.journals import CHECKPOINT_AFTER, DocumentJournal
from vtt_desktop.app.segment_text import WebVTTSegmentText, in_style
from vtt_desktop.app.target import Target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History, HistoryEvent
from vtt_desktop.domain.observe import Signal
from vtt_desktop.formats.files import OpenedFile
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import DEBOUNCE_S, Engine
from vtt_desktop.sync.engine_ports import RepositoryPort
from vtt_desktop.sync.feed import Feed
from vtt_desktop.sync.known_segments import KnownSegments
from vtt_desktop.sync.presence import Colleagues, Presence
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.state import Link, SyncState
from vtt_desktop.sync.sync_log import Preview
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
        self.history = History(self.document, time.monotonic, journal.together, journal.step)
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
        self._target: Target | None = None
        self._media: Path | None = None
        self._composed = journal.recovered.meta.get("composed", "") if journal.recovered is not None else ""
        self._standing: list[asyncio.Task[None]] = []
        self._presence: Presence | None = None
        self._cue_id: int | None = None
        self._over = False
        self.disk = DiskSide(
            self.document,
            self.sync,
            journal,
            self.history.do,
            lambda: tasks.spawn(self._take_over(), "taking over what is on disk"),
        )
        self.document.changed.connect(self._journal_others)
        self.history.changed.connect(self._journal_step)
        self.files = DocumentFile(
            self.document,
            self.history,
            self.disk,
            journal,
            self.changed,
            lambda: self._target is not None,
            file,
            title,
            saved=saved,
        )

    # What it is

    @property
    def title(self) -> str:
        return self.files.title

    @property
    def path(self) -> Path | None:
        return self.files.path

    @property
    def shared_url(self) -> str | None:
        return self._target.url if self._target is not None else None

    @property
    def backend(self) -> tuple[str, str]:
        """The profile's text, and the address without credentials; both empty where nothing is shared."""
        return (self._target.profile_text, self._target.url) if self._target is not None else ("", "")

    @property
    def media(self) -> Path | None:
        return self._media

    @property
    def unsaved(self) -> bool:
        """Undoing back to what was saved counts as saved, unless others changed something meanwhile."""
        return self.files.unsaved

    @property
    def format_name(self) -> str:
        return self.files.format_name

    @property
    def encoding(self) -> str:
        return self.files.encoding

    @property
    def file(self) -> OpenedFile:
        """The file as it was opened or saved last; for a document without one, one that holds nothing."""
        return self.files.opened

    @property
    def read_only(self) -> str:
        """Why nothing may be edited or saved here: another program has the document open."""
        return self._journal.held

    # Editing

    def submit(self, edit: Edit) -> None:
        """The road of every edit a person makes. UserError, and nothing changed, where it cannot be."""
        self._must_be_ours()
        if self.engine is not None:
            self.engine.check(edit)
        if self.files.format == "webvtt":
            edit = in_style(edit, self.document.snapshot)
        self.history.do(edit)

    def undo(self) -> None:
        """Takes the last step back, if there is one. UserError as `History.undo`."""
        self._must_be_ours()
        self.history.undo()

    def redo(self) -> None:
        self._must_be_ours()
        self.history.redo()

    # Sharing

    def share(
        self,
        target: Target,
        repository: RepositoryPort,
        segments: Iterable[Segment] | KnownSegments,
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
        codec = Codec(target.profile.content, WebVTTSegmentText(), target.profile.bookkeeping)
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
        if target.profile.presence.url and not self.read_only:
            before = self._journal.recovered
            desk = before.meta.get("desk", "") if before is not None else ""
            self._presence = Presence(repository, self.sync, self.colleagues, author, desk)
            self._journal.put_meta("desk", self._presence.desk)
            self.engine.on_link_up(self._presence.wake)
        self._journal.put_meta("profile", target.profile_text)
        self._journal.put_meta("profile_name", target.profile.name)
        self._journal.put_meta("base", target.base)
        self._journal.put_meta("project", target.project)
        self._journal.put_meta("ids", "\n".join(target.profile.list.ids))
        self._journal.put_meta("seq", str(seq))
        self._journal.put_meta("epoch", epoch)
        self._journal.put_meta("mark", repository.mark)
        self.engine.start(segments, offline=offline)
        self.be_at(self._cue_id)
        self._journal.put_segments(self.sync.segments.values())
        if setback is not None:
            self.engine.set_back(setback)
        if why := self.read_only or target.profile.read_only:
            self.engine.halt(why)
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
        """Sends and fetches until nothing is left to do, or the server does not answer. All of it, and what
        was edited before, is in the journal then."""
        if self.engine is not None and self.feed is not None:
            self.engine.try_again()
            for _ in range(3):  # what came in may have made something to send
                await self.engine.settle()
                if not await self.feed.pull(asked=True):  # which also tells that a server is there again
                    break
                if self.engine.idle:
                    break
        await self._journal.flushed()

    async def decide_setback(self, mine: bool) -> None:
        self._must_be_ours()
        if self.feed is None:
            raise UserError("This document is not on a server.")
        await self.feed.decide_setback(mine, self.history.group)
        await self.sync_now()

    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        self._must_be_ours()
        if self.disk.resolve(cue_id, choice):
            return
        if self.engine is None:
            raise UserError("There is no conflict on that cue.")
        self.engine.resolve(cue_id, choice)

    def preview(self, conflict: Conflict, choice: Cue | None) -> Preview:
        return self.engine.preview(conflict, choice) if self.engine is not None else Preview(choice)

    def resolve_head(self, mine: bool) -> None:
        self._must_be_ours()
        if self.disk.resolve_head(mine):
            return
        if self.engine is None:
            raise UserError("There is no conflict on the header.")
        self.engine.resolve_head(mine)

    async def told_versions(self, cue_id: int) -> tuple[CueVersion, ...]:
        return await self.engine.told_versions(cue_id) if self.engine is not None else ()

    # Files

    async def save(self, path: Path | None = None, encoding: str | None = None) -> None:
        """As `DocumentFile.save`; what another program has open may be saved under another name only."""
        if path is None or path == self.path:
            self._must_be_ours()
        await self.files.save(path, encoding)

    def save_now(self, path: Path | None = None) -> None:
        """As `save`, and returns when it is done; the document stays as it is: for macros."""
        if path is None or path == self.path:
            self._must_be_ours()
        self.files.save_now(path)

    async def read_again(self, encoding: str) -> None:
        """As `DocumentFile.read_again`."""
        self._must_be_ours()
        await self.files.read_again(encoding)

    async def look_at_disk(self) -> int:
        """As `DocumentFile.look_at_disk`."""
        return await self.files.look_at_disk()

    async def _take_over(self) -> None:
        self.files.take_over()

    def set_media(self, path: Path | None) -> None:
        self._media = path
        self._journal.put_meta("media", str(path) if path is not None else "")
        self.changed.emit(None)

    @property
    def composed(self) -> str:
        return self._composed

    def keep_composed(self, words: str) -> None:
        """As `ui.ports.Session`."""
        self._composed = words
        self._journal.put_meta("composed", words)

    def leave_unsaved(self) -> None:
        """As `DocumentFile.leave_unsaved`."""
        self.files.leave_unsaved()

    # Life

    def begin_journal(self) -> None:
        """Writes down what later edits are told on top of: the file, or else the document whole."""
        self._journal.put_meta("title", self.title)
        if not self.files.begin_journal():
            self._journal.checkpoint(self.document.snapshot, self.document.next_id)

    async def close(self) -> None:
        """Waits for what is out, and for the journal; then all is on disk and the session is over: fields of
        a window that goes after it hand in nothing more."""
        if not self.read_only:
            self.files.give_up()
        self._over = True
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

    def _must_be_ours(self) -> None:
        if self._over:
            raise UserError("This document is closed.")
        if self.read_only:
            raise UserError(self.read_only, "Close it there, then open it here again.")

    def _journal_step(self, event: HistoryEvent) -> None:
        self._journal.append(event)
        self._checkpoint_if_long()

    def _journal_others(self, change: Change) -> None:
        if change.edit.origin in (Origin.REMOTE, Origin.DISK):
            self._journal.append_remote(change.edit)
            self._checkpoint_if_long()

    def _checkpoint_if_long(self) -> None:
        if self._journal.edits_since_checkpoint > CHECKPOINT_AFTER:
            self._journal.checkpoint(self.document.snapshot, self.document.next_id)
