"""Sharing: publish, open from a server, sync, offline, conflicts, token."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.sync.state import Link
from vtt_desktop.ui.actions.file import FileActions
from vtt_desktop.ui.actions.reasons import needs_server
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.conflict_order import in_document_order
from vtt_desktop.ui.dialogs.open_server import OpenServerDialog
from vtt_desktop.ui.dialogs.publish import PublishDialog
from vtt_desktop.ui.dialogs.server_went_back import ServerWentBackDialog
from vtt_desktop.ui.dialogs.test_backend import TestBackendDialog
from vtt_desktop.ui.dialogs.token import TokenDialog
from vtt_desktop.ui.ports import Session, Workspace
from vtt_desktop.ui.selection import Selection

_MENU = ("Share",)


class ShareActions:
    """`open_conflict` shows the dialog for the cue with that id (0: the head)."""

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        files: FileActions,
        open_conflict: Callable[[int], object],
        commands: Commands,
        window: QWidget,
    ) -> None:
        self._workspace, self._selection, self._files = workspace, selection, files
        self._open_conflict, self._commands, self._window = open_conflict, commands, window

    def commands(self) -> list[Command]:
        shared = needs_server(lambda: self._session)
        return [
            Command(
                "publish",
                "Publish to a server…",
                self.ask_publish,
                _MENU,
                ("Ctrl+Shift+U",),
                icon="publish",
                disabled_reason=self._shared_already,
                tip="So that others edit it with you",
            ),
            Command(
                "open-server", "Open from a server…", self.ask_open, _MENU, ("Ctrl+Alt+O",), icon="server"
            ),
            Command(
                "sync-now",
                "Sync now",
                lambda: self._session.sync_now(),
                _MENU,
                ("Ctrl+R",),
                icon="sync",
                disabled_reason=self._cannot_sync,
                section=1,
                tip="Send and fetch until nothing is left",
            ),
            Command(
                "offline",
                "Work offline",
                self.switch_offline,
                _MENU,
                ("Ctrl+Alt+F",),
                icon="offline",
                disabled_reason=shared,
                checked=lambda: self._session.offline,
                section=1,
                tip="Edits are kept here and sent later",
            ),
            Command(
                "conflicts",
                "Resolve conflicts…",
                self.resolve,
                _MENU,
                ("Ctrl+Shift+K",),
                icon="conflict",
                disabled_reason=self._no_conflicts,
                section=2,
            ),
            Command(
                "server-went-back",
                "The server went back…",
                self.ask_setback,
                _MENU,
                section=2,
                disabled_reason=self._no_setback,
                tip="Put your versions back, or take the server's",
            ),
            Command(
                "token",
                "Token for the server…",
                self.ask_token,
                _MENU,
                icon="key",
                disabled_reason=shared,
                section=3,
            ),
            Command(
                "forget-token",
                "Forget the token",
                lambda: self._workspace.forget_token(),
                _MENU,
                disabled_reason=shared,
                section=3,
                tip="Take it out of the keyring",
            ),
            Command(
                "test-backend",
                "Test backend…",
                self.test_backend,
                _MENU,
                section=3,
                tip="Whether it keeps two people from overwriting each other",
            ),
        ]

    @property
    def _session(self) -> Session:
        return self._workspace.session

    def ask_publish(self) -> None:
        PublishDialog(self._workspace, self._commands.spawn, self._window).open()

    def ask_open(self) -> None:
        dialog = OpenServerDialog(self._workspace, self._commands.spawn, self._window)
        self._files.leave(dialog.open)

    def ask_token(self) -> None:
        TokenDialog(self._workspace, self._commands.spawn, self._window).open()

    def ask_setback(self) -> None:
        ServerWentBackDialog(self._session, self._commands.spawn, self._window).open()

    def test_backend(self) -> None:
        TestBackendDialog(self._workspace, self._commands.spawn, self._window).open()

    def switch_offline(self) -> None:
        self._session.set_offline(not self._session.offline)

    def resolve(self) -> None:
        """The current cue's conflict, or the first in the document."""
        found = in_document_order(self._session.sync.conflicts, self._session.document.snapshot)
        if found:
            here = next((one for one in found if one.id == self._selection.current), found[0])
            self._open_conflict(here.id)

    def _shared_already(self) -> str | None:
        return "This document is on a server already." if self._session.shared_url else None

    def _cannot_sync(self) -> str | None:
        if not self._session.shared_url:
            return "This document is not on a server. Publish it first."
        return "You are working offline." if self._session.sync.link is Link.OFFLINE else None

    def _no_conflicts(self) -> str | None:
        return None if self._session.sync.summary.conflicts else "There are no conflicts."

    def _no_setback(self) -> str | None:
        return None if self._session.sync.setback is not None else "The server has all that was saved."
