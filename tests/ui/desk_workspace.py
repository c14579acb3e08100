"""A workspace for tests of the window: real sessions without files or network. It lists what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.observe import Signal
from vtt_desktop.ui.ports import BackendFinding, BackendTest, Session
from vtt_desktop.ui.saving import EncodingChoice, FormatChoice


class DeskWorkspace:
    """Implements `ui.ports.Workspace`. `asked` lists the calls; `refuse` is raised by the next one."""

    def __init__(self, session: DeskSession) -> None:
        self.opened: Signal[Session] = Signal()
        self.desk = session
        self.asked: list[tuple[object, ...]] = []
        self.refuse: UserError | None = None
        self.recent: Sequence[str] = ()
        self.keyring = True
        self.kept: list[bool] = []
        """Of each token that was given, whether it was to go into the keyring."""

    @property
    def session(self) -> DeskSession:
        return self.desk

    @property
    def saving(self) -> DeskSaving:
        return DeskSaving(self)

    def bring(self, session: DeskSession) -> None:
        """Another document takes the place of the one there is."""
        self.desk = session
        self.opened.emit(session)

    async def new(self) -> None:
        self._ask("new")
        self.bring(DeskSession())

    async def open_file(self, path: Path) -> None:
        self._ask("open_file", path)
        opened = DeskSession(some_cues(3))
        opened.title, opened.path = path.name, path
        self.bring(opened)

    async def open_server(
        self, url: str, token: str = "", profile: str = "", ids: Sequence[str] = (), keep: bool = False
    ) -> None:
        self._ask("open_server", url, token, profile, tuple(ids))
        self.kept.append(keep)
        self.bring(DeskSession(some_cues(3)).share())

    async def publish(self, url: str, token: str = "", keep: bool = False) -> None:
        self._ask("publish", url, token)
        self.kept.append(keep)
        self.desk.share()

    async def use_token(self, token: str, keep: bool = False) -> None:
        self._ask("use_token", token)
        self.desk.set_token(token)
        self.kept.append(keep)

    async def test_backend(
        self, profile: str, url: str = "", token: str = "", scratch: str = ""
    ) -> BackendTest:
        self._ask("test_backend", profile, url, token, scratch)
        bad = BackendFinding("stale-save", "bad", "A save with an old version is ACCEPTED.")
        return BackendTest(
            False, "It must not be written to.", (BackendFinding("version", "good", "Same."), bad)
        )

    @property
    def profiles(self) -> Sequence[str]:
        return ("mine", "kinto", "vtt-desktop")

    @property
    def backend(self) -> tuple[str, str]:
        return ("kinto", self.desk.shared_url) if self.desk.shared_url else ("", "")

    async def forget_token(self) -> None:
        self._ask("forget_token")

    async def has_keyring(self) -> bool:
        return self.keyring

    async def close(self) -> None:
        self._ask("close")

    def _ask(self, *what: object) -> None:
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        self.asked.append(what)


class DeskSaving:
    """Implements `ui.saving.Saving` for documents without a file: nothing is ever lost."""

    formats = (
        FormatChoice("webvtt", "WebVTT", ("vtt",), False),
        FormatChoice("srt", "SubRip", ("srt",), True),
    )

    def __init__(self, workspace: DeskWorkspace) -> None:
        self._workspace = workspace

    def encodings(self) -> Sequence[EncodingChoice]:
        return [
            EncodingChoice("utf-8", "UTF-8", "Unicode", now=True),
            EncodingChoice("cp1251", "Windows-1251", ""),
        ]

    def read_as(self, encoding: str) -> str:
        return f"as {encoding}"

    async def unfit(self, encoding: str) -> str:
        return ""

    async def losses(self, path: Path | None) -> Sequence[str]:
        return ()

    async def reread(self, encoding: str) -> None:
        self._workspace.asked.append(("reread", encoding))


_waiting: list[Coroutine[Any, Any, object]] = []


def run_now(work: Coroutine[Any, Any, object]) -> None:
    """A `spawn` that runs the work to its end at once: what these sessions await never waits for long.

    What is spawned while something runs comes right after it.
    """
    _waiting.append(work)
    if len(_waiting) == 1:
        try:
            while _waiting:
                asyncio.run(_waiting[0])
                del _waiting[0]
        finally:
            for left in _waiting[1:]:
                left.close()
            _waiting.clear()
