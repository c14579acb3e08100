"""Ask before unsaved changes leave the window, and before another file is replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

Ask = QMessageBox.StandardButton


def ask_unsaved(
    title: str, save: Callable[[], object], discard: Callable[[], object], parent: QWidget, after: str = ""
) -> QMessageBox:
    """Opens the question and runs `save` or `discard`; Cancel and Esc run neither. `after` says what becomes
    of what is not saved."""
    return _ask(
        ("Unsaved changes", f"“{title}” has changes that are not in its file yet."),
        f"Save them before it is closed?\n{after}".rstrip(),
        {Ask.Save: ("Save", save), Ask.Discard: ("Don't save", discard), Ask.Cancel: ("Cancel", _nothing)},
        parent,
    )


def ask_unkept(
    title: str, why: str, save: Callable[[], object], discard: Callable[[], object], parent: QWidget
) -> QMessageBox:
    """Opens the question what becomes of edits that only the window holds, and runs `save` or `discard`;
    Cancel and Esc run neither. `why` says why they are not written down."""
    return _ask(
        (
            "Edits that are nowhere else",
            f"“{title}” has edits that are neither on the server nor on this disk.",
        ),
        f"{why}\nOnce it is closed they are gone, unless they are saved as a file.",
        {
            Ask.Save: ("Save as…", save),
            Ask.Discard: ("Discard them", discard),
            Ask.Cancel: ("Cancel", _nothing),
        },
        parent,
    )


BLOCK = ("Unfinished block", "A block that you typed in the source is not whole yet.")
VALUE = ("Unfinished value", "What you typed in a field cannot be taken.")


def ask_unread(
    why: str, discard: Callable[[], object], parent: QWidget, what: tuple[str, str] = BLOCK
) -> QMessageBox:
    """Opens the question whether what is not whole may go, and runs `discard`; Cancel and Esc do not."""
    return _ask(
        what,
        f"{why}\nThe file cannot take it as it is. Go back to finish it?",
        {Ask.Cancel: ("Go back", _nothing), Ask.Discard: ("Throw it away", discard)},
        parent,
    )


def ask_replace(name: str, replace: Callable[[], object], parent: QWidget) -> QMessageBox:
    """Opens the question whether a file that is there is replaced, and runs `replace`; Esc does not."""
    return _ask(
        ("Replace the file?", f"There is a file “{name}” already."),
        "What it holds now is kept as a backup once.",
        {Ask.Cancel: ("Cancel", _nothing), Ask.Discard: ("Replace", replace)},
        parent,
    )


def _nothing() -> None:
    """Stay."""


def _ask(
    what: tuple[str, str],
    more: str,
    answers: Mapping[Ask, tuple[str, Callable[[], object]]],
    parent: QWidget,
) -> QMessageBox:
    """`what` is the title and the question's first sentence. The first answer is the default one, and Esc is
    Cancel."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, *what, Ask.NoButton, parent)
    box.setInformativeText(more)
    for button, (text, _) in answers.items():
        box.addButton(button).setText(text)
    box.setDefaultButton(next(iter(answers)))
    box.setEscapeButton(Ask.Cancel)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.finished.connect(lambda pressed: answers.get(Ask(pressed), ("", _nothing))[1]())
    box.open()
    return box
