"""The small dialogs: what they make of what is typed, and that they stay when something is wrong."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.dialogs.about import AboutDialog
from vtt_desktop.ui.dialogs.go_to import GoToDialog, place_meant
from vtt_desktop.ui.dialogs.open_server import OpenServerDialog
from vtt_desktop.ui.dialogs.publish import PublishDialog
from vtt_desktop.ui.dialogs.server_address import server_address
from vtt_desktop.ui.dialogs.shift import ShiftDialog
from vtt_desktop.ui.dialogs.token import TokenDialog
from vtt_desktop.ui.dialogs.unsaved import ask_unsaved
from vtt_desktop.ui.selection import Selection


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://server/projects/a", "https://server/projects/a"),
        ("  server.example ", "https://server.example"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
    ],
)
def test_an_address_gets_its_scheme(typed: str, meant: str) -> None:
    assert server_address(typed) == meant


@pytest.mark.parametrize("typed", ["", "ftp://server", "http://", "no where", "https://server:99999999"])
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(UserError):
        server_address(typed)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """What the dialogs belong to; it takes them along when it goes."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_publish_sends_address_and_token_and_closes(window: QWidget) -> None:
    workspace = DeskWorkspace(DeskSession(some_cues(2)))
    dialog = PublishDialog(workspace, run_now, window)
    dialog.open()
    dialog.address.setText("localhost:8000")
    dialog.token.setText("secret")
    dialog.submit()
    assert workspace.asked == [("publish", "http://localhost:8000", "secret")]
    assert not dialog.isVisible()


def test_a_server_that_says_no_leaves_the_form_with_what_was_typed(window: QWidget) -> None:
    workspace = DeskWorkspace(DeskSession(some_cues(2)))
    workspace.refuse = UserError("The server does not take this token.")
    dialog = OpenServerDialog(workspace, run_now, window)
    dialog.open()
    dialog.address.setEditText("localhost:8000/projects/a")
    dialog.ids.setText("a, b c")
    dialog.submit()
    assert dialog.isVisible()
    assert dialog.wrong == "The server does not take this token."
    assert dialog.address.isEnabled()
    dialog.submit()
    assert workspace.asked == [
        ("open_server", "http://localhost:8000/projects/a", "", "", ("a", "b", "c")),
    ]
    assert not dialog.isVisible()


def test_a_profile_may_have_the_address(window: QWidget) -> None:
    workspace = DeskWorkspace(DeskSession(some_cues(2)))
    dialog = OpenServerDialog(workspace, run_now, window)
    dialog.open()
    dialog.submit()
    assert dialog.wrong == "Type the address of the server."
    dialog.profile.setText("mine.toml")
    dialog.submit()
    assert workspace.asked == [("open_server", "", "", "mine.toml", ())]


def test_a_failure_after_the_form_is_gone_goes_to_the_window(window: QWidget) -> None:
    workspace = DeskWorkspace(DeskSession(some_cues(2)))
    workspace.refuse = UserError("No.")
    later = []
    dialog = PublishDialog(workspace, later.append, window)
    dialog.open()
    dialog.address.setText("localhost")
    dialog.submit()
    dialog.reject()
    looking, publishing = later
    run_now(looking)
    with pytest.raises(UserError, match="No."):
        run_now(publishing)


def test_a_token_is_asked_for_and_given(window: QWidget) -> None:
    workspace = DeskWorkspace(DeskSession(some_cues(1)).share())
    dialog = TokenDialog(workspace, run_now, window)
    dialog.open()
    dialog.submit()
    assert dialog.wrong == "Type or paste the token."
    dialog.token.setText(" abc ")
    workspace.refuse = UserError("The server does not take that token.")
    dialog.submit()
    assert dialog.isVisible() and dialog.wrong == "The server does not take that token."
    dialog.submit()
    assert workspace.desk.token == "abc" and workspace.kept == [True]


@pytest.mark.parametrize("kind", [TokenDialog, PublishDialog, OpenServerDialog])
def test_a_form_says_where_a_token_is_kept(
    window: QWidget, kind: type[TokenDialog | PublishDialog | OpenServerDialog]
) -> None:
    workspace = DeskWorkspace(DeskSession(some_cues(1)).share())
    dialog = kind(workspace, run_now, window)
    dialog.open()
    assert dialog.keep.box.isVisible() and not dialog.keep.sentence.isVisible() and dialog.keep.wanted
    dialog.keep.box.setChecked(False)
    assert not dialog.keep.wanted
    workspace.keyring = False
    without = kind(workspace, run_now, window)
    without.open()
    assert without.keep.sentence.isVisible() and "until you close the program" in without.keep.sentence.text()
    assert not without.keep.box.isVisible() and not without.keep.wanted


def test_a_keyring_that_answers_late_finds_no_form_to_tell(window: QWidget) -> None:
    later = []
    dialog = TokenDialog(DeskWorkspace(DeskSession(some_cues(1)).share()), later.append, window)
    shiboken6.delete(dialog)
    run_now(later[0])


@pytest.mark.parametrize(
    ("choose", "moved"), [("all", [1, 2, 3, 4]), ("selected", [2, 3]), ("onward", [3, 4])]
)
def test_shift_moves_the_chosen_cues_in_one_step(window: QWidget, choose: str, moved: list[int]) -> None:
    session, selection = DeskSession(some_cues(4)), Selection()
    selection.select((2, 3), 3)
    before = session.document.snapshot.cues
    dialog = ShiftDialog(session, selection, run_now, window)
    getattr(dialog, choose).setChecked(True)
    dialog.by.setText("1.5")
    dialog.submit()
    after = session.document.snapshot.cues
    assert [c.id for c, old in zip(after, before, strict=True) if c.start == old.start + 1500] == moved
    assert session.history.labels == ("Shift times",)


def test_shift_of_a_large_document_is_made_in_a_worker(window: QWidget) -> None:
    session = DeskSession(some_cues(6000))
    work: list[Coroutine[Any, Any, object]] = []
    dialog = ShiftDialog(session, Selection(), work.append, window)
    dialog.by.setText("1")
    dialog.submit()
    assert session.history.labels == ()
    assert not dialog._ok.isEnabled()
    session.remote(set_times(session.document.snapshot, 1, 500, 600))
    for one in work:
        asyncio.run(one)
    assert session.history.labels == ("Shift times",)
    cues = session.document.snapshot.cues
    last = 5999 * 3000
    assert (cues[0].start, cues[0].end) == (1500, 1600)
    assert (cues[-1].start, cues[-1].end) == (last + 1000, last + 3000)


def test_earlier_stops_at_nought_and_says_so_before(window: QWidget) -> None:
    session = DeskSession(some_cues(2))
    dialog = ShiftDialog(session, Selection(), run_now, window)
    dialog.by.setText("2")
    dialog.earlier.setChecked(True)
    assert dialog._preview.text() == "00:00:00.000  →  00:00:00.000  (stops at nought)"
    dialog.by.setText("soon")
    dialog.submit()
    assert "how far" in dialog.wrong
    assert session.history.labels == ()


@pytest.mark.parametrize(
    ("typed", "cue_id", "moment"),
    [
        *(("3", 3, None), ("#2", 2, None)),
        *(("0:04", 2, 4000), ("0:02.5", 2, 2500), ("0:0.5", 1, 500), ("9:59", 4, 599_000)),
    ],
)
def test_go_to_takes_a_number_or_a_time(typed: str, cue_id: int, moment: int | None) -> None:
    assert place_meant(DeskSession(some_cues(4)).document.snapshot, typed) == (cue_id, moment)


@pytest.mark.parametrize("typed", ["", "0", "5", "soon", "-1"])
def test_go_to_says_what_it_cannot_find(window: QWidget, typed: str) -> None:
    went: list[int] = []
    snapshot = DeskSession(some_cues(4)).document.snapshot
    dialog = GoToDialog(snapshot, 0, lambda cue_id, _moment: went.append(cue_id), run_now, window)
    dialog.open()
    dialog.place.setText(typed)
    dialog.submit()
    assert dialog.wrong
    assert not went


@pytest.mark.parametrize(
    ("button", "ran"),
    [
        (QMessageBox.StandardButton.Save, ["save"]),
        (QMessageBox.StandardButton.Discard, ["discard"]),
        (QMessageBox.StandardButton.Cancel, []),
    ],
)
def test_unsaved_changes_are_asked_about(
    window: QWidget, button: QMessageBox.StandardButton, ran: list[str]
) -> None:
    done: list[str] = []
    box = ask_unsaved("a.vtt", lambda: done.append("save"), lambda: done.append("discard"), window)
    box.button(button).click()
    assert done == ran


def test_about_names_the_version(window: QWidget) -> None:
    dialog = AboutDialog(window)
    assert "About" in dialog.windowTitle()


@pytest.mark.parametrize("width", [420, 520])
def test_wrapped_words_take_no_room_from_the_fields(window: QWidget, width: int) -> None:
    """On a small screen a dialog gets less height than it asks for, and letters lose their feet."""
    dialog = OpenServerDialog(DeskWorkspace(DeskSession(some_cues(2))), run_now, window)
    dialog.setMinimumWidth(0)
    dialog.open()
    dialog.resize(width, 100)
    QApplication.processEvents()
    for line in (dialog.token, dialog.profile, dialog.ids, dialog.address):
        assert line.height() >= line.sizeHint().height()
