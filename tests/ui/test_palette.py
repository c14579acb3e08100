"""The palette finds commands by a few letters and runs the chosen one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_workspace import run_now
from tests.ui.test_commands import Notes
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.palette import CommandPalette, ranked, score
from vtt_desktop.ui.theme import theme


def make(name: str, ran: list[str], reason: str | None = None, menu: str = "Cue") -> Command:
    return Command(name, name, lambda: ran.append(name), (menu,), disabled_reason=lambda: reason)


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("sp", "Split at cursor", "Set start at playhead"),
        ("sap", "Set start at playhead", "Shift at a point"),
        ("merge", "Merge selected", "Submerge"),
        ("find", "Find", "Find next"),
    ],
)
def test_the_nearer_name_comes_first(wanted: str, better: str, worse: str) -> None:
    first, second = score(wanted, better), score(wanted, worse)
    assert first is not None
    assert second is None or first > second


def test_letters_must_come_in_order() -> None:
    assert score("xyz", "Split") is None
    assert score("tilps", "Split") is None
    assert score("spt", "Split") is not None


def test_what_can_be_used_comes_before_what_cannot() -> None:
    ran: list[str] = []
    rows = ranked([make("Find one", ran, "No."), make("Find two", ran)], "find")
    assert [row.title for row in rows] == ["Find two", "Find one"]


def test_a_menu_name_finds_its_commands() -> None:
    ran: list[str] = []
    rows = ranked([make("Later", ran, menu="Timing"), make("Other", ran, menu="Cue")], "timing")
    assert [row.title for row in rows] == ["Later"]


@pytest.fixture
def opened(qtbot: QtBot) -> tuple[CommandPalette, list[str], Notes, QLineEdit]:
    window = QWidget()
    window.resize(900, 600)
    elsewhere = QLineEdit(window)
    ran: list[str] = []
    notes = Notes()
    commands = Commands(run_now, notes)
    commands.add([make("Split", ran), make("Merge", ran, "Select two."), make("Shift", ran)])
    palette = CommandPalette(commands, theme(True), window)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    elsewhere.setFocus()
    palette.open()
    return palette, ran, notes, elsewhere


def test_typing_and_enter_run_a_command_and_give_the_focus_back(
    opened: tuple[CommandPalette, list[str], Notes, QLineEdit],
) -> None:
    palette, ran, _notes, elsewhere = opened
    box = palette.findChild(QLineEdit)
    assert isinstance(box, QLineEdit)
    QTest.keyClicks(box, "shi")
    assert palette.titles == ["Shift"]
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert ran == ["Shift"]
    assert palette.isHidden()
    assert palette.window().focusWidget() is elsewhere


def test_arrows_choose_and_escape_closes(
    opened: tuple[CommandPalette, list[str], Notes, QLineEdit],
) -> None:
    palette, ran, _notes, _elsewhere = opened
    box = palette.findChild(QLineEdit)
    assert isinstance(box, QLineEdit)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert ran == ["Shift"]
    palette.open()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert ran == ["Shift"]


def test_a_command_that_cannot_be_used_stays_and_says_why(
    opened: tuple[CommandPalette, list[str], Notes, QLineEdit],
) -> None:
    palette, ran, notes, _elsewhere = opened
    box = palette.findChild(QLineEdit)
    assert isinstance(box, QLineEdit)
    QTest.keyClicks(box, "merge")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert not ran
    assert palette.isVisible()
    assert "Select two." in notes.heard
