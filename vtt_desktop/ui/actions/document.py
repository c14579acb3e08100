"""A cue's fields and note, and the document's header, styles and regions, each in a window of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.ui.actions.reasons import needs_cue, unread_words
from vtt_desktop.ui.authoring import HeadText
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.document_dialog.cue_fields import CueFields
from vtt_desktop.ui.document_dialog.live import LiveWindow
from vtt_desktop.ui.document_dialog.window import DocumentWindow
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.source_view import SourceView
from vtt_desktop.ui.theme import Theme


class DocumentActions:
    """Makes the windows when they are first asked for; `set_session` lets those of the document before go."""

    def __init__(
        self,
        current: Callable[[], Session],
        selection: Selection,
        head: HeadText,
        theme: Callable[[], Theme],
        commands: Commands,
        window: QWidget,
    ) -> None:
        self._current, self._selection, self._head = current, selection, head
        self._theme, self._commands, self._window = theme, commands, window
        self.cue_fields: CueFields | None = None
        self.document: DocumentWindow | None = None

    @property
    def shown(self) -> list[LiveWindow]:
        """The windows that are open."""
        return [window for window in (self.cue_fields, self.document) if window and window.isVisible()]

    def commands(self) -> list[Command]:
        def page(name: str, words: str, icon: str) -> Command:
            return Command(
                f"document-{name.lower()}",
                words,
                lambda: self.show_document(name),
                ("Format",),
                icon=icon,
                disabled_reason=self._not_webvtt,
                section=3,
            )

        one = needs_cue(self._current, self._selection)
        return [
            Command(
                "cue-details",
                "Cue details…",
                self.show_cue,
                ("Cue",),
                ("Ctrl+Shift+D",),
                icon="fields",
                disabled_reason=lambda: one() or self._not_webvtt(),
                section=3,
                tip="Identifier, settings one by one, region, note",
            ),
            Command(
                "note",
                "Note…",
                self.show_note,
                ("Cue",),
                ("Ctrl+Shift+N",),
                icon="note",
                disabled_reason=lambda: one() or self._not_webvtt(),
                section=3,
                tip="A comment before the cue, which players do not show",
            ),
            page("Header", "Header of the document…", "file"),
            page("Styles", "Styles…", "style"),
            page("Regions", "Regions…", "fields"),
        ]

    def show_cue(self) -> None:
        if self.cue_fields is None:
            self.cue_fields = CueFields(
                self._current(), self._selection, self._head, self._commands, self._window
            )
        self.cue_fields.open_beside()

    def show_note(self) -> None:
        self.show_cue()
        assert self.cue_fields is not None
        self.cue_fields.focus_note()

    def show_document(self, page: str) -> None:
        if self.document is None:
            self.document = DocumentWindow(
                self._current(), self._head, self._theme(), self._commands, self._window
            )
        self.document.show_page(page)

    def set_session(self, _session: Session) -> None:
        """Another document: the windows on the one before close."""
        for window in (self.cue_fields, self.document):
            if window is not None:
                window.let_go()
                window.close()
                window.deleteLater()
        self.cue_fields = self.document = None

    def set_theme(self, theme: Theme) -> None:
        if self.document is not None:
            self.document.set_theme(theme)

    def _not_webvtt(self) -> str | None:
        name = self._current().format_name
        return None if name == "WebVTT" else f"{name} has no place for this; WebVTT has."


def source_commands(
    current: Callable[[], Session],
    source: SourceView,
    shown: Callable[[], bool],
    switch: Callable[[], object],
) -> list[Command]:
    """`shown` is whether the source is seen in the place of the table, `switch` changes that."""

    def reason() -> str | None:
        if source.waiting:
            return unread_words(source.waiting, "left")
        name = current().format_name
        return None if name == "WebVTT" else f"The source of {name} files cannot be edited here."

    return [
        Command(
            "source",
            "Source of the file",
            switch,
            ("View",),
            ("F2",),
            icon="source",
            disabled_reason=reason,
            section=3,
            checked=shown,
            tip="The file as text, in the place of the table",
        )
    ]
