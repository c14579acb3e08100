"""New, open, save, quit, and the media."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from vtt_desktop.domain.errors import UnfitError
from vtt_desktop.sync.phase import SETTLED
from vtt_desktop.ui.actions.reasons import unread_words
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.losses import LossesDialog
from vtt_desktop.ui.dialogs.save_as import SaveDialog
from vtt_desktop.ui.dialogs.unsaved import VALUE, ask_replace, ask_unkept, ask_unread, ask_unsaved
from vtt_desktop.ui.ports import DISCARDED, Session, Workspace
from vtt_desktop.ui.source_view import SourceView
from vtt_desktop.ui.typed import Typed

SUBTITLES = ("vtt", "srt", "ass", "ssa", "sub", "mpl", "txt", "json", "vttproj")
MEDIA = (
    "mp4",
    "mkv",
    "webm",
    "mov",
    "avi",
    "m4v",
    "mpg",
    "ts",
    "ogv",
    "mp3",
    "m4a",
    "wav",
    "flac",
    "ogg",
    "opus",
)
_EVERY = "All files (*)"


def _filter(title: str, endings: tuple[str, ...]) -> str:
    return f"{title} ({' '.join(f'*.{ending}' for ending in endings)})"


class FileActions:
    """Opens and saves. Before a document leaves the window its unsaved changes are asked about."""

    def __init__(
        self,
        workspace: Workspace,
        commands: Commands,
        source: SourceView,
        typed: Typed,
        select: Callable[[int], object],
        window: QWidget,
    ) -> None:
        self._typed, self._select = typed, select
        self._workspace, self._commands, self._source, self._window = workspace, commands, source, window

    def commands(self) -> list[Command]:
        menu = ("File",)
        return [
            Command("new", "New", self.new, menu, ("Ctrl+N",), icon="new", tip="An empty WebVTT document"),
            Command("open", "Open…", self.ask_open, menu, ("Ctrl+O",), icon="open"),
            Command(
                "save",
                "Save",
                self.save,
                menu,
                ("Ctrl+S",),
                icon="save",
                section=1,
                disabled_reason=self._nothing_to_save,
            ),
            Command(
                "save-as",
                "Save as…",
                self.ask_save,
                menu,
                ("Ctrl+Shift+S",),
                section=1,
                disabled_reason=lambda: unread_words(self._source.waiting, "saved"),
            ),
            Command(
                "open-media",
                "Open film or sound…",
                self.ask_media,
                menu,
                ("Ctrl+Shift+O",),
                icon="media",
                section=2,
                tip="The film or the sound that the cues belong to",
            ),
            Command(
                "close-media",
                "Close film",
                self.close_media,
                menu,
                section=2,
                disabled_reason=lambda: None if self._session.media else "No film is open.",
            ),
            Command("quit", "Quit", self._window.close, menu, ("Ctrl+Q",), section=3),
        ]

    @property
    def _session(self) -> Session:
        return self._workspace.session

    def new(self) -> None:
        self.leave(lambda: self._commands.spawn(self._workspace.new()))

    def ask_open(self) -> None:
        endings = (_filter("Subtitles", SUBTITLES), _EVERY)
        self._ask("Open subtitles", endings, self.open)

    def open(self, path: Path) -> None:
        """Opens a file in place of the document there is."""
        self.leave(lambda: self._commands.spawn(self._workspace.open_file(path)))

    def open_place(self, place: str) -> None:
        """Opens what was open before: a path, or a server's address."""
        if "://" in place:
            self.leave(lambda: self._commands.spawn(self._workspace.open_server(place)))
        else:
            self.open(Path(place))

    def drop(self, path: Path) -> None:
        """A file dropped on the window: a film joins the document, anything else is opened."""
        if path.suffix.lower().removeprefix(".") in MEDIA:
            self._session.set_media(path)
        else:
            self.open(path)

    def save(self) -> None:
        if self._session.path is None:
            self.ask_save()
        else:
            self._commands.spawn(self._save_then(self._session, None, lambda: None))

    def ask_save(self, then: Callable[[], object] = lambda: None) -> None:
        """Asks for a name; its suffix says the format. What that would lose is said before it is written."""
        session = self._session
        dialog = SaveDialog(session, self._workspace.saving, self._window)

        def save(path: Path, encoding: str | None) -> None:
            def go() -> None:
                self._commands.spawn(self._save_then(session, path, then, encoding))

            if path.exists() and path != session.path:
                ask_replace(path.name, go, self._window)
            else:
                go()

        dialog.chosen.connect(save)
        dialog.open()

    def ask_media(self) -> None:
        self._ask("Open film or sound", (_filter("Films and sound", MEDIA), _EVERY), self._set_media)

    def close_media(self) -> None:
        self._session.set_media(None)

    def leave(self, go: Callable[[], object]) -> None:
        """Runs `go` at once, or after the person has said what becomes of unsaved changes."""
        if self._source.waiting:
            ask_unread(self._source.waiting, lambda: self._leave_unread(go), self._window)
            return
        if why := self._typed.finish():
            ask_unread(why, lambda: self._leave_untaken(go), self._window, VALUE)
            return
        session = self._session
        if not self.must_ask(session):
            go()
            return

        def save() -> None:
            if session.path is None:
                self.ask_save(go)
            else:
                self._commands.spawn(self._save_then(session, None, go))

        def discard() -> None:
            session.leave_unsaved()
            go()

        if session.path is None and session.shared_url is not None:
            why = session.sync.summary.journal_error
            ask_unkept(session.title, why, lambda: self.ask_save(go), discard, self._window)
            return
        ask_unsaved(session.title, save, discard, self._window, _after_leaving(session))

    def _leave_unread(self, go: Callable[[], object]) -> None:
        self._source.put_back()
        self.leave(go)

    def _leave_untaken(self, go: Callable[[], object]) -> None:
        self._typed.put_back()
        self.leave(go)

    def must_ask(self, session: Session) -> bool:
        """Whether there is what neither the document's file nor a server has, nor this disk for it. What is
        typed is handed in."""
        if self._typed.finish() or self._source.waiting:
            return True
        if session.path is not None:
            return session.unsaved
        if session.shared_url is not None:
            return _in_memory_only(session)
        empty = not len(session.document.snapshot.cues) and session.history.undo_label == DISCARDED
        return session.history.undo_label is not None and not empty

    async def _save_then(
        self, session: Session, path: Path | None, then: Callable[[], object], encoding: str | None = None
    ) -> None:
        async def save() -> None:
            try:
                await session.save(path, encoding)
            except UnfitError as error:
                if session.document.snapshot.cues.has(error.cue_id):
                    self._select(error.cue_id)
                raise
            then()

        if not (losses := await self._workspace.saving.losses(path)):
            await save()
            return
        name = (path or session.path or Path(session.title)).name
        LossesDialog(
            name,
            losses,
            _after_loss(session, path),
            lambda: self._commands.spawn(save()),
            lambda: self.ask_save(then),
            self._window,
        ).open()

    def _set_media(self, path: Path) -> None:
        self._session.set_media(path)

    def _nothing_to_save(self) -> str | None:
        if self._source.waiting:
            return unread_words(self._source.waiting, "saved")
        if self._typed.unfinished:
            return None
        session = self._session
        return "Everything is saved already." if session.path is not None and not session.unsaved else None

    def _ask(self, title: str, filters: tuple[str, ...], then: Callable[[Path], object]) -> None:
        dialog = self._dialog(title, filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def _dialog(self, title: str, filters: tuple[str, ...]) -> QFileDialog:
        path = self._session.path
        dialog = QFileDialog(self._window, title, str(path.parent) if path is not None else "")
        # Qt's own, since a native one runs a nested loop on some platforms.
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setNameFilters(list(filters))
        dialog.finished.connect(dialog.deleteLater)
        return dialog


def _in_memory_only(session: Session) -> bool:
    """Whether there are edits that a server has not confirmed while nothing can be written down here."""
    summary = session.sync.summary
    unproved = any(phase not in SETTLED for phase in summary.phases)
    return bool(summary.journal_error) and unproved


def _after_leaving(session: Session) -> str:
    """What becomes of what is not saved, where that can be told."""
    if why := session.sync.summary.journal_error:
        if session.shared_url is None or _in_memory_only(session):
            return f"{why} If not, they are gone."
    if session.shared_url is not None:
        return "They stay in the shared document."
    return "If not, Undo (Ctrl+Z) brings them back when it is opened again." if session.path else ""


def _after_loss(session: Session, path: Path | None) -> str:
    """What becomes of the document itself when it is saved in another format."""
    if path is None or (session.path is not None and path.suffix.lower() == session.path.suffix.lower()):
        return ""
    if session.shared_url is not None:
        return "The shared document keeps all of it: the file is a copy."
    return "The document goes on as what the file then holds; undo brings the rest back into the window."
