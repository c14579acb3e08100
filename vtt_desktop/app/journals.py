"""Where journals are, and the engine's view of one; a document without a project file may do without."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

import platformdirs

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import HistoryEvent
from vtt_desktop.sync.journal import Journal, Recovered
from vtt_desktop.sync.journal_lock import HeldElsewhere
from vtt_desktop.sync.journal_looking import looked_at
from vtt_desktop.sync.journal_reading import Base
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogLine

CHECKPOINT_AFTER = 2000
"""Edits after which the whole document is written down again, so that a start has little to replay."""


class DocumentJournal(Protocol):
    """What a session writes down as it goes."""

    recovered: Recovered | None
    held: str
    """Who else has it open, in a sentence; then nothing is written down here, and nothing may be edited."""
    rescued: Path | None
    missing: tuple[str, ...]

    @property
    def set_aside(self) -> Path | None: ...
    def together(self) -> AbstractContextManager[None]: ...
    def step(self) -> AbstractContextManager[None]: ...
    def put_meta(self, key: str, value: str | Callable[[], str]) -> None: ...
    def checkpoint(self, snapshot: Snapshot, next_id: int) -> None: ...
    def append(self, event: HistoryEvent) -> None: ...
    def append_remote(self, edit: Edit) -> None: ...
    def put_segments(self, segments: Iterable[Segment]) -> None: ...
    def drop_segment(self, key: str) -> None: ...
    def tell(self, line: LogLine, dropped: int = 0) -> None: ...
    def belongs_to(self, file: Path) -> None: ...
    async def flushed(self) -> bool: ...
    @property
    def edits_since_checkpoint(self) -> int: ...
    def close(self) -> None: ...


class NoJournal:
    """For a macro without a project: nothing outlives the program but what it saved."""

    recovered: Recovered | None = None
    held = ""
    set_aside: Path | None = None
    rescued: Path | None = None
    missing: tuple[str, ...] = ()
    edits_since_checkpoint = 0

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def step(self) -> AbstractContextManager[None]:
        return nullcontext()

    def put_meta(self, key: str, value: str | Callable[[], str]) -> None: ...
    def checkpoint(self, snapshot: Snapshot, next_id: int) -> None: ...
    def append(self, event: HistoryEvent) -> None: ...
    def append_remote(self, edit: Edit) -> None: ...
    def put_segments(self, segments: Iterable[Segment]) -> None: ...
    def drop_segment(self, key: str) -> None: ...
    def tell(self, line: LogLine, dropped: int = 0) -> None: ...
    def belongs_to(self, file: Path) -> None: ...
    async def flushed(self) -> bool:
        return True

    def close(self) -> None: ...


class HeldJournal(NoJournal):
    """What a journal holds that another program has open: to be looked at."""

    def __init__(self, recovered: Recovered, held: str) -> None:
        self.recovered = recovered
        self.held = held

    @classmethod
    def look(cls, path: Path, held: HeldElsewhere, base: Base) -> HeldJournal:
        """Raises `held` again where there is nothing in it to look at."""
        recovered = looked_at(path, base)
        if recovered is None:
            raise held
        # A journal in the program's own folder has a mere number for a name.
        title = recovered.meta.get("title", "") if path.parent == _folder() else ""
        told = HeldElsewhere(f"“{title}”", held.holder) if title else held
        return cls(recovered, f"{told.message.rstrip('.')}: it is read only here.")


class FileJournal(Journal):
    """The journal in its file, as something to wait for on the loop."""

    held = ""
    _asked: asyncio.Future[bool] | None = None
    """Resolves for all who wait since the last turn of the loop."""

    def step(self) -> AbstractContextManager[None]:
        """As `Journal.step`, and nothing is held back in another turn of the loop: a macro may wait in it."""
        asyncio.get_running_loop().call_soon(self.part)
        return super().step()

    def belongs_to(self, file: Path) -> None:
        """The document is that file from now on: a journal that is kept by the name of the file is
        found again under the new one."""
        if self.path.parent == _folder():
            self.move(file_journal(file))

    async def flushed(self) -> bool:
        """Returns when all that was put is on disk, or cannot be (False), which the journal told itself then.
        Who asks in one turn of the loop waits for one commit, which wakes the loop once."""
        if self._asked is None:
            loop = asyncio.get_running_loop()
            self._asked = loop.create_future()
            loop.call_soon(self._ask, self._asked)
        return await asyncio.shield(self._asked)  # one who does not wait any more takes it from nobody

    def _ask(self, asked: asyncio.Future[bool]) -> None:
        def written(done: asyncio.Future[None]) -> None:
            fine = not done.cancelled() and done.exception() is None
            if not asked.done():
                asked.set_result(fine)

        self._asked = None
        asyncio.wrap_future(self.flush()).add_done_callback(written)


def journal_path(place: str) -> Path:
    """Where a document without a project file has its journal: one a file or address, in the state folder."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise UserError(f"The folder for journals, {folder}, cannot be made: {error.strerror}.") from None
    return folder / f"{hashlib.sha256(place.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}.vttproj"


def file_journal(file: Path) -> Path:
    """Where the program keeps the journal of a file. UserError as `journal_path`."""
    return journal_path(f"file:{file}")


def _folder() -> Path:
    return Path(platformdirs.user_state_dir("vtt-desktop")) / "journals"


def damage_told(journal: DocumentJournal, path: Path) -> str:
    """What a person should know of a journal that was damaged when it was opened; nothing of a sound one."""
    if journal.set_aside is None:
        return ""
    without = _listed(journal.missing)
    if journal.recovered is not None:
        rest = f"all of it could be read but {without}" if without else "all of it could be read"
    elif journal.rescued is not None:
        rest = f"what could be read is now the project {journal.rescued}, which is shared with nobody"
        rest += f"; some may be missing of: {without}" if without else ""
    else:
        rest = "nothing of it could be read"
    return f"The project {path.name} was damaged: {rest}. It was kept as {journal.set_aside.name}."


def _listed(words: tuple[str, ...]) -> str:
    *first, last = words or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def backups_folder() -> Path:
    """Where the first original of each file that we write over is kept."""
    return Path(platformdirs.user_state_dir("vtt-desktop")) / "backups"
