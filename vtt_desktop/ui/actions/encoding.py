"""Reading the open file with another encoding, and saving it in another one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.encoding import EncodingDialog, Purpose
from vtt_desktop.ui.ports import Workspace

_ALWAYS = "WebVTT is always UTF-8. Save as SubRip or ASS for another encoding."
_READ = (
    "Choose the encoding in which the text reads well. Edits that are not saved stay; the file itself is "
    "not touched."
)
_SAVE = "The file is written in this encoding from now on."


class EncodingActions:
    """Both need a file of a format that does not say its encoding itself."""

    def __init__(self, workspace: Workspace, commands: Commands, window: QWidget) -> None:
        self._workspace, self._commands, self._window = workspace, commands, window

    def commands(self) -> list[Command]:
        return [
            Command(
                "reopen-encoding",
                "Reopen with encoding…",
                self.ask_reopen,
                ("File",),
                disabled_reason=self._fixed,
                section=1,
                tip="Read the file again where its letters come out wrong",
            ),
            Command(
                "save-encoding",
                "Save with encoding…",
                self.ask_save,
                ("File",),
                disabled_reason=self._fixed,
                section=1,
                tip="Write the file in another encoding",
            ),
        ]

    def ask_reopen(self) -> None:
        saving = self._workspace.saving
        self._open(Purpose("Reopen with encoding", _READ, "Reopen", saving.reread, saving.read_as))

    def ask_save(self) -> None:
        session = self._workspace.session
        self._open(
            Purpose(
                "Save with encoding",
                _SAVE,
                "Save",
                lambda encoding: session.save(None, encoding),
                look=self._workspace.saving.unfit,
            )
        )

    def _open(self, purpose: Purpose) -> None:
        choices = self._workspace.saving.encodings()
        EncodingDialog(choices, purpose, self._commands.spawn, self._window).open()

    def _fixed(self) -> str | None:
        session = self._workspace.session
        if session.format_name == "WebVTT":
            return _ALWAYS
        if session.path is None:
            return "This document has no file yet."
        formats = self._workspace.saving.formats
        titles = {choice.name: choice for choice in formats}
        known = titles.get(session.format_name.lower())
        if known is not None and not known.any_encoding:
            return f"{session.format_name} says itself how its text is encoded."
        return None
