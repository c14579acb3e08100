"""What the window needs from the program around it. `app/` provides these; a test can provide others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Document
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.history import History
from vtt_desktop.domain.observe import Signal
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.presence import Colleagues
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import Preview
from vtt_desktop.sync.versions import CueVersion
from vtt_desktop.ui.saving import Saving

DISCARDED: Final = "Discard changes"
"""The step that takes away what was not saved, as it is called in the history."""


@dataclass(frozen=True, slots=True)
class BackendFinding:
    """One thing that was tried on a backend: its name, `good`, `note` or `bad`, and a sentence."""

    check: str
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class BackendTest:
    """What trying a backend found; `verdict` is one sentence about all of it."""

    writable: bool
    verdict: str
    findings: tuple[BackendFinding, ...]


class Session(Protocol):
    """An open document with its history, its sync and its place. All calls are on the loop's thread.

    What cannot be done raises UserError; the window shows it.
    """

    document: Document
    history: History
    sync: SyncState
    colleagues: Colleagues
    changed: Signal[None]
    """Told when the title, the path, the saved state or the media changed."""

    @property
    def title(self) -> str: ...
    @property
    def path(self) -> Path | None:
        """The file that Save writes; None for a document that has no file yet."""

    @property
    def read_only(self) -> str:
        """Why nothing may be edited here (another program has it open), in a sentence; else empty."""

    @property
    def shared_url(self) -> str | None:
        """The server project this document is shared in; None for a local one."""

    @property
    def media(self) -> Path | None: ...
    @property
    def unsaved(self) -> bool:
        """Whether the file on disk is behind the document (always False without a file)."""

    @property
    def format_name(self) -> str:
        """`WebVTT`, `SubRip` …"""

    @property
    def encoding(self) -> str: ...

    def submit(self, edit: Edit) -> None:
        """The road of every edit a person makes."""

    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        """Ends a conflict: the cue shall be `choice` (None: removed). UserError where there is none."""

    def preview(self, conflict: Conflict, choice: Cue | None) -> Preview:
        """What that choice would make of the cue, and of others that are decided with it."""

    def resolve_head(self, mine: bool) -> None: ...
    @property
    def composed(self) -> str:
        """What was given to `keep_composed` last, also in an earlier run."""

    def keep_composed(self, words: str) -> None:
        """Writes down what a person has composed for conflicts and not used yet."""

    @property
    def offline(self) -> bool: ...
    def set_offline(self, offline: bool) -> None: ...
    async def sync_now(self) -> None:
        """Sends and fetches until nothing is left to do."""

    def be_at(self, cue_id: int | None) -> None:
        """The person is on this cue: colleagues may see it, where the server tells them. Never fails."""

    async def told_versions(self, cue_id: int) -> tuple[CueVersion, ...]:
        """The cue's past versions as the server tells them, the newest first; UserError where it cannot."""

    async def decide_setback(self, mine: bool) -> None:
        """The server went back (`sync.setback`): what is here is put there again, or what the server has now
        is taken, which can be undone. UserError where it did not, or cannot be asked."""

    def set_token(self, token: str) -> None: ...
    async def save(self, path: Path | None = None, encoding: str | None = None) -> None:
        """Writes the file, or another one, which is the document's from then on. UserError, and the old file
        kept, where it cannot be: an encoding that lacks a character, a disk that is full."""

    def leave_unsaved(self) -> None:
        """When it is closed, what is not in the file goes, in a step that can be undone when it is opened
        again (`DISCARDED`). Another edit takes that back."""

    def set_media(self, path: Path | None) -> None: ...


class Workspace(Protocol):
    """Opens and closes sessions; the window shows the one there is."""

    opened: Signal[Session]
    """Told when another document has taken the place of the one before."""

    @property
    def session(self) -> Session: ...
    @property
    def saving(self) -> Saving: ...
    async def new(self) -> None: ...
    async def open_file(self, path: Path) -> None: ...
    async def open_server(
        self, url: str, token: str = "", profile: str = "", ids: Sequence[str] = (), keep: bool = False
    ) -> None:
        """A project on a server; `ids` where the backend has no list; `keep`: the token, in the keyring."""

    async def publish(self, url: str, token: str = "", keep: bool = False) -> None:
        """Puts the open document into a new project on a server and goes on as shared there."""

    async def use_token(self, token: str, keep: bool = False) -> None:
        """Another token for the server of the open document. UserError where the server does not take it."""

    async def forget_token(self) -> None:
        """The token for the server of the open document is kept nowhere any more."""

    async def has_keyring(self) -> bool:
        """Whether this system can keep a token for the next run."""

    async def test_backend(
        self, profile: str, url: str = "", token: str = "", scratch: str = ""
    ) -> BackendTest:
        """Tries what a backend does with versions, and keeps the result; `scratch` names a segment that may
        be changed for it. UserError where it is not reached."""

    @property
    def profiles(self) -> Sequence[str]:
        """The names of the profiles there are, the person's own and the shipped ones."""

    @property
    def backend(self) -> tuple[str, str]:
        """The open document's backend: its profile's name, and its address; both empty for a local one."""

    @property
    def recent(self) -> Sequence[str]: ...
    async def close(self) -> None: ...
