"""Undo, redo, find and replace, go to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.document import Change
from vtt_desktop.ui.actions.reasons import needs_cues
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.go_to import GoToDialog
from vtt_desktop.ui.find import FindBar
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

_MENU = ("Edit",)


def edit_commands(
    current: Callable[[], Session],
    selection: Selection,
    find: FindBar,
    chosen_words: Callable[[], str],
    time_offset: Callable[[], int],
    seek: Callable[[int], object],
    commands: Commands,
    window: QWidget,
) -> list[Command]:
    """`chosen_words` gives what is selected in the text box, to look for it; `time_offset` is what is added
    to the times of cues (ms) for those that a person sees and types; `seek` moves the playhead (ms)."""

    def undo_text() -> str:
        label = current().history.undo_label
        return f"Undo “{label}”" if label else "Undo"

    def redo_text() -> str:
        label = current().history.redo_label
        return f"Redo “{label}”" if label else "Redo"

    def step(take: Callable[[], None]) -> None:
        """Undo or redo; where it changed other cues than the current one, the first of them is shown."""
        heard: list[Change] = []
        forget = current().document.changed.connect(heard.append)
        try:
            take()
        finally:
            forget()
        for change in heard:
            if (cue_id := _elsewhere(change, selection.current)) is not None:
                selection.select_one(cue_id)

    def nothing_to(label: Callable[[], str | None], words: str) -> Callable[[], str | None]:
        return lambda: None if label() else words

    def select_all() -> None:
        selection.select(current().document.snapshot.cues.ids, selection.current)

    def go(cue_id: int, moment: int | None) -> None:
        selection.select_one(cue_id)
        if moment is not None:
            seek(moment)

    def go_to() -> None:
        GoToDialog(current().document.snapshot, time_offset(), go, commands.spawn, window).open()

    some = needs_cues(current)
    return [
        Command(
            "undo",
            undo_text,
            lambda: step(current().undo),
            _MENU,
            ("Ctrl+Z",),
            icon="undo",
            disabled_reason=nothing_to(lambda: current().history.undo_label, "There is nothing to undo."),
            even_unfit=True,
        ),
        Command(
            "redo",
            redo_text,
            lambda: step(current().redo),
            _MENU,
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            icon="redo",
            disabled_reason=nothing_to(lambda: current().history.redo_label, "There is nothing to redo."),
            even_unfit=True,
        ),
        Command(
            "find",
            "Find…",
            lambda: find.open(replace=False, words=chosen_words()),
            _MENU,
            ("Ctrl+F",),
            icon="find",
            disabled_reason=some,
            section=1,
        ),
        Command("find-next", "Find next", find.step, _MENU, ("F3",), disabled_reason=some, section=1),
        Command(
            "find-previous",
            "Find previous",
            lambda: find.step(backwards=True),
            _MENU,
            ("Shift+F3",),
            disabled_reason=some,
            section=1,
        ),
        Command(
            "replace",
            "Replace…",
            lambda: find.open(replace=True, words=chosen_words()),
            _MENU,
            ("Ctrl+H",),
            icon="replace",
            disabled_reason=some,
            section=1,
        ),
        Command(
            "go-to",
            "Go to…",
            go_to,
            _MENU,
            ("Ctrl+G",),
            icon="goto",
            disabled_reason=some,
            section=2,
            tip="A cue by its number, or a time",
        ),
        Command(
            "select-all",
            "Select all cues",
            select_all,
            _MENU,
            work_keys=("Ctrl+A",),
            disabled_reason=some,
            section=2,
        ),
    ]


def _elsewhere(change: Change, current: int | None) -> int | None:
    """The first cue that the change touched and left, or None where the current one is among them."""
    if current in change.edit.ids:
        return None
    left = [c.id for c in change.edit.cue_changes if c.after is not None]
    # Changes stand in the order of the file or, taken back, the other way round.
    return min(left[:1] + left[-1:], key=change.new.cues.index_of, default=None)
