"""The one session that the window shows, and how another one takes its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from vtt_desktop.app.credentials import Credentials
from vtt_desktop.app.journals import FileJournal, file_journal, journal_path
from vtt_desktop.app.opening import PROJECT_SUFFIX, Source, known_token, new_session, open_source, publish
from vtt_desktop.app.probes import tried
from vtt_desktop.app.saving import FileSaving
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import is_url, parse_target, profile_called, profile_names
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.observe import Signal
from vtt_desktop.formats.webvtt import WebVTTFile
from vtt_desktop.sync.state import Link
from vtt_desktop.ui.ports import BackendFinding, BackendTest
from vtt_desktop.ui.ports import Session as SessionPort

RECENT_KEPT = 12
UNTITLED = "untitled"


class Settings(Protocol):
    """What of QSettings is used here."""

    def value(self, key: str, default: object = ..., /) -> object: ...
    def setValue(self, key: str, value: object, /) -> None: ...


class Workspace:
    """Implements `ui.ports.Workspace`. Opening fails whole: the document that was open stays."""

    def __init__(
        self, tasks: Tasks, settings: Settings, author: str = "", credentials: Credentials | None = None
    ) -> None:
        self.opened: Signal[SessionPort] = Signal()
        self.told: Signal[str] = Signal()
        """What a person should know of a document that was opened all the same."""
        self._tasks = tasks
        self._settings = settings
        self._author = author
        self._credentials = credentials or Credentials(lambda: None)  # then tokens are kept for this run
        self._session = new_session(tasks)
        self.saving = FileSaving(lambda: self._session)
        self.read_ahead: WebVTTFile | None = None
        """What the file that is opened next held a moment ago, where it has been read for its rows."""

    @property
    def session(self) -> Session:
        return self._session

    @property
    def recent(self) -> Sequence[str]:
        kept = self._settings.value("recent", [])
        return [str(one) for one in kept] if isinstance(kept, list) else [str(kept)]

    @property
    def _backends(self) -> dict[str, tuple[str, Sequence[str]]]:
        """Profile and ids of the recent addresses that were opened with any."""
        kept = json.loads(str(self._settings.value("backends", "") or "{}"))
        return {place: (profile, tuple(ids)) for place, (profile, ids) in kept.items()}

    async def new(self) -> None:
        await self._take(new_session(self._tasks))

    async def start_untitled(self) -> None:
        """An empty document with a journal: what is typed into it and never saved is there again."""
        path = journal_path(UNTITLED)
        if path.exists():
            with suppress(UserError):
                source = Source(str(path), journal=path, tell=self.told.emit, may_look=False)
                await self._take(await open_source(source, self._tasks))
                return
        with suppress(UserError):  # a second window; it does without
            session = new_session(self._tasks, FileJournal.open(path, lambda sentence: None))
            session.begin_journal()
            await self._take(session)

    async def open_file(self, path: Path) -> None:
        path = _absolute(path)
        journal = path if path.suffix == PROJECT_SUFFIX else file_journal(path)
        read, self.read_ahead = self.read_ahead, None
        source = Source(
            str(path),
            author=self._author,
            journal=journal,
            read=read,
            tell=self.told.emit,
            credentials=self._credentials,
        )
        await self._open(source, str(path))

    async def open_server(
        self, url: str, token: str = "", profile: str = "", ids: Sequence[str] = (), keep: bool = False
    ) -> None:
        if not profile and not ids:  # opened before, from the list of places
            profile, ids = self._backends.get(url, ("", ()))
        profile = _from_anywhere(profile)
        target = parse_target(url, profile, ids)
        place = f"url:{target.url} {','.join(target.profile.list.ids)}"
        source = Source(
            url,
            profile,
            tuple(ids),
            token,
            self._author,
            journal_path(place),
            tell=self.told.emit,
            credentials=self._credentials,
        )
        await self._open(source, target.url)
        if profile or ids:
            known = {**self._backends, target.url: (profile, tuple(ids))}
            kept = {place: list(backend) for place, backend in known.items() if place in self.recent}
            self._settings.setValue("backends", json.dumps(kept))
        await self._note_token(target.base, token or target.token, keep)

    async def open_named(self, name: str, *, token: str, profile: str, ids: Sequence[str]) -> None:
        """What the command line names: a file, a project, a URL; nothing: an empty document."""
        if is_url(name) or profile:
            await self.open_server(name, token, profile, ids)
        elif name:
            await self.open_file(Path(name))
        else:
            await self.start_untitled()

    async def publish(self, url: str, token: str = "", keep: bool = False) -> None:
        session, target = self._session, parse_target(url)
        await publish(session, target, self._tasks, token, self._author, self._credentials)
        session.listen()
        self._remember(session.shared_url or url)
        await self._note_token(target.base, token or target.token, keep)

    async def use_token(self, token: str, keep: bool = False) -> None:
        session = self._session
        session.set_token(token)
        if session.feed is not None:
            await session.feed.pull()
        if session.sync.link is Link.NEEDS_TOKEN:
            raise UserError("The server does not take that token.", "What you edited is kept here.")
        await self._note_token(session.shared_url or "", token, keep)

    async def test_backend(
        self, profile: str, url: str = "", token: str = "", scratch: str = ""
    ) -> BackendTest:
        target = parse_target(url, profile, (scratch,) if scratch else ())
        token = token or await known_token(target, self._credentials)
        result = await tried(target, token, scratch)
        if not result["reached"]:
            raise UserError(result["reason"])
        name = target.profile.name
        verdict = (
            f"{name} may be written to."
            if result["writable"]
            else f"{name} must not be written to: {result['reason']}"
        )
        found = tuple(BackendFinding(**one) for one in result["findings"])
        return BackendTest(result["writable"], verdict, found)

    @property
    def profiles(self) -> list[str]:
        return profile_names()

    @property
    def backend(self) -> tuple[str, str]:
        text, address = self._session.backend
        named, _ids = self._backends.get(address, ("", ()))
        return (named or profile_called(text), address)

    async def forget_token(self) -> None:
        address = self._session.shared_url or ""
        await self._credentials.forget(address)
        self.told.emit("The token is forgotten: the next time this document is opened, it is asked for.")

    async def has_keyring(self) -> bool:
        return await self._credentials.has_keyring()

    async def close(self) -> None:
        await self._session.close()

    async def _note_token(self, address: str, token: str, keep: bool) -> None:
        """Keeps a token that was typed and works: for this run, or in the keyring."""
        if not token:
            return
        if not keep:
            self._credentials.remember(address, token)
        elif not await self._credentials.keep(address, token):
            self.told.emit("The keyring did not take the token: it is kept until you close the program.")

    async def _open(self, source: Source, place: str) -> None:
        if self._session.path is not None and place == str(self._session.path):
            await self._session.close()  # its journal is locked by ourselves
        session = await open_source(source, self._tasks)
        self._remember(place)
        await self._take(session)

    async def _take(self, session: Session) -> None:
        before, self._session = self._session, session
        self.opened.emit(session)
        session.listen()
        await before.close()

    def _remember(self, place: str) -> None:
        kept = [place, *(one for one in self.recent if one != place)]
        self._settings.setValue("recent", kept[:RECENT_KEPT])


def _from_anywhere(profile: str) -> str:
    """A profile's file under its whole name: it is read again when the program was started elsewhere."""
    return str(_absolute(Path(profile))) if Path(profile).is_file() else profile


def _absolute(path: Path) -> Path:
    return Path.cwd() / path
