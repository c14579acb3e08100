"""The status bar says what is true, in words."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.sync.phase import SETTLED, Phase
from vtt_desktop.sync.state import Link, Summary
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.status import StatusRow, file_words, sync_words
from vtt_desktop.ui.theme import theme


@pytest.mark.parametrize(
    ("link", "phases", "words"),
    [
        (Link.LOCAL, {}, "Local file"),
        (Link.ONLINE, {Phase.SYNCED: 9}, "All saved on server"),
        (Link.ONLINE, {Phase.DIRTY: 1}, "1 edit waiting"),
        (Link.ONLINE, {Phase.DIRTY: 3}, "3 edits waiting"),
        (Link.ONLINE, {Phase.DIRTY: 2, Phase.SENDING: 1}, "Sending 3 edits"),
        (Link.ONLINE, {Phase.UNKNOWN: 2}, "2 edits unconfirmed"),
        (Link.ONLINE, {Phase.CONFLICT: 1}, "All else saved on server"),
        (Link.ONLINE, {Phase.REFUSED: 1}, "All else saved on server"),
        (Link.OFFLINE, {Phase.DIRTY: 5}, "Offline — 5 edits queued"),
        (Link.OFFLINE, {}, "Offline — nothing queued"),
        (Link.UNREACHABLE, {Phase.DIRTY: 1200}, "Cannot reach server — 1,200 edits queued"),
        (Link.NEEDS_TOKEN, {Phase.UNKNOWN: 1}, "Token needed — 1 edit queued"),
        (Link.READ_ONLY, {}, "Read-only"),
        (Link.READ_ONLY, {Phase.DIRTY: 1}, "Read-only — 1 edit not sent"),
    ],
)
def test_words_for_every_state(link: Link, phases: dict[Phase, int], words: str) -> None:
    assert sync_words(Summary(link, phases=phases)).text == words


def test_saved_is_never_said_while_anything_is_left() -> None:
    for phase in set(Phase) - SETTLED:
        for link in set(Link) - {Link.LOCAL}:
            assert sync_words(Summary(link, phases={phase: 1})).text != "All saved on server"


@pytest.fixture
def desk(qtbot: QtBot) -> tuple[DeskSession, Selection, StatusRow]:
    session, selection = DeskSession(some_cues(5)).share(), Selection()
    row = StatusRow(session, selection, theme(True))
    qtbot.addWidget(row)
    row.show()
    return session, selection, row


def test_it_follows_an_edit_to_the_server_and_back(
    desk: tuple[DeskSession, Selection, StatusRow],
) -> None:
    session, _selection, row = desk
    assert row.words == "All saved on server"
    session.submit(set_text(session.document.snapshot, 2, "mine"))
    assert row.words == "1 edit waiting"
    session.set_offline(True)
    assert row.words == "Offline — 1 edit queued"
    session.set_offline(False)
    session.send(2)
    assert row.words == "Sending 1 edit"
    session.save_segment("cue-2")
    assert row.words == "All saved on server"


def test_a_conflict_and_a_refusal_are_buttons(
    desk: tuple[DeskSession, Selection, StatusRow], qtbot: QtBot
) -> None:
    session, _selection, row = desk
    cue = session.document.snapshot.cues[1]
    session.submit(set_text(session.document.snapshot, 2, "mine"))
    session.their(cue.with_(text="theirs"))
    session.submit(set_text(session.document.snapshot, 3, "mine"))
    session.put(3, refused="Too long")
    assert row.words == "All else saved on server · 1 conflict · 1 refused"
    with qtbot.waitSignal(row.conflicts_requested, timeout=1000):
        row._conflicts.click()
    with qtbot.waitSignal(row.refused_requested, timeout=1000):
        row._refused.click()


def test_edits_that_are_not_written_down_are_an_alarm(
    desk: tuple[DeskSession, Selection, StatusRow],
) -> None:
    session, _selection, row = desk
    session.sync.set_journal_error("Edits are kept in memory only: the disk is full.")
    assert "not being written down" in row.words
    assert row._alarm.toolTip() == "Edits are kept in memory only: the disk is full."
    session.sync.set_journal_error("")
    assert "written" not in row.words


def test_the_offline_switch_shows_what_the_session_says(
    desk: tuple[DeskSession, Selection, StatusRow],
) -> None:
    session, _selection, row = desk
    row._offline.click()  # nobody acts on the wish here, so nothing may look switched
    session.sync.set_link(Link.ONLINE, "x")
    assert not row._offline.isChecked()
    session.set_offline(True)
    assert row._offline.isChecked()


def test_place_and_count(desk: tuple[DeskSession, Selection, StatusRow]) -> None:
    session, selection, row = desk
    assert row._place.text() == "5 cues"
    selection.select_one(3)
    assert row._place.text() == "Cue 3 of 5"
    session.submit(remove_cues(session.document.snapshot, [1]))
    assert row._place.text() == "Cue 2 of 4"
    selection.select((2, 3), 2)
    assert row._place.text() == "2 of 4 cues selected"


def test_another_session_is_shown_and_the_old_one_is_let_go(
    desk: tuple[DeskSession, Selection, StatusRow],
) -> None:
    old, _selection, row = desk
    row.set_session(DeskSession(some_cues(2)))
    assert row.words == "Local file"
    old.submit(set_text(old.document.snapshot, 2, "mine"))
    assert row.words == "Local file"


def test_the_file_behind_and_the_file_there_is() -> None:
    session = DeskSession(some_cues(1))
    assert file_words(session) == "Not saved yet"
    session.shared_url = "http://127.0.0.1/p"
    assert file_words(session) == "No file"
