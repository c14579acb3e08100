"""Ask before unsaved changes leave the window, and before another file is replaced."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

Ask = QMessageBox.StandardButton


def ask_unsaved(
    title: str, save: Callable[[], object], discard: Callable[[], object], parent: QWidget, after: str = ""
) -> QMessageBox:
    """Opens the question and runs `save` or `discard`; Cancel and Esc run neither. `after` says what becomes
    of what is not saved."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        "Unsaved changes",
        f"“{title}” has changes that are not in its file yet.",
        Ask.Save | Ask.Discard | Ask.Cancel,
        parent,
    )
    box.setInformativeText(f"Save them before it is closed?\n{after}".rstrip())
    box.setDefaultButton(Ask.Save)
    box.setEscapeButton(Ask.Cancel)
    box.button(Ask.Discard).setText("Don't save")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chosen = {Ask.Save: save, Ask.Discard: discard}
    box.finished.connect(lambda button: chosen.get(Ask(button), lambda: None)())
    box.open()
    return box


def ask_unkept(
    title: str, why: str, save: Callable[[], object], discard: Callable[[], object], parent: QWidget
) -> QMessageBox:
    """Opens the question what becomes of edits that only the window holds, and runs `save` or `discard`;
    Cancel and Esc run neither. `why` says why they are not written down."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        "Edits that are nowhere else",
        f"“{title}” has edits that are neither on the server nor on this disk.",
        Ask.Save | Ask.Discard | Ask.Cancel,
        parent,
    )
    box.setInformativeText(f"{why}\nOnce it is closed they are gone, unless they are saved as a file.")
    box.setDefaultButton(Ask.Save)
    box.setEscapeButton(Ask.Cancel)
    box.button(Ask.Save).setText("Save as…")
    box.button(Ask.Discard).setText("Discard them")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chosen = {Ask.Save: save, Ask.Discard: discard}
    box.finished.connect(lambda button: chosen.get(Ask(button), lambda: None)())
    box.open()
    return box


BLOCK = ("Unfinished block", "A block that you typed in the source is not whole yet.")
VALUE = ("Unfinished value", "What you typed in a field cannot be taken.")


def ask_unread(
    why: str, discard: Callable[[], object], parent: QWidget, what: tuple[str, str] = BLOCK
) -> QMessageBox:
    """Opens the question whether what is not whole may go, and runs `discard`; Cancel and Esc do not."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        *what,
        Ask.Discard | Ask.Cancel,
        parent,
    )
    box.setInformativeText(f"{why}\nThe file cannot take it as it is. Go back to finish it?")
    box.setDefaultButton(Ask.Cancel)
    box.setEscapeButton(Ask.Cancel)
    box.button(Ask.Discard).setText("Throw it away")
    box.button(Ask.Cancel).setText("Go back")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.button(Ask.Discard).clicked.connect(lambda: discard())
    box.open()
    return box


def ask_replace(name: str, replace: Callable[[], object], parent: QWidget) -> QMessageBox:
    """Opens the question whether a file that is there is replaced, and runs `replace`; Esc does not."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon,
        "Replace the file?",
        f"There is a file “{name}” already.",
        Ask.Cancel,
        parent,
    )
    box.setInformativeText("What it holds now is kept as a backup once.")
    box.setEscapeButton(Ask.Cancel)
    button = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(Ask.Cancel)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    button.clicked.connect(lambda: replace())
    box.open()
    return box
