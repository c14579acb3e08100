"""The window of a cue's versions: what is known at once, the server's when they come, one restored."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.sync_log import YOURS_ASIDE, LogKind, LogLine, Replaced
from vtt_desktop.sync.versions import CueVersion
from vtt_desktop.ui.panels.cue_history import CueHistoryWindow, when_words
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


class Desk:
    """Asking the server runs when the test lets it: `answer`."""

    def __init__(self) -> None:
        self.session = DeskSession(some_cues(4)).share()
        self.selection = Selection()
        self.selection.select_one(2)
        self.asked: list[Coroutine[Any, Any, object]] = []
        self.window = CueHistoryWindow(self.session, self.selection, theme(False), self.asked.append)

    def answer(self, at: int = 0) -> None:
        asyncio.run(self.asked.pop(at))  # type: ignore[arg-type]

    def cue(self, cue_id: int = 2) -> Cue:
        cue = self.session.document.snapshot.cues.get(cue_id)
        assert cue is not None
        return cue

    @property
    def names(self) -> list[str]:
        items = [self.window.list.topLevelItem(row) for row in range(self.window.list.topLevelItemCount())]
        return [item.text(0) for item in items]

    def choose(self, row: int) -> None:
        self.window.list.setCurrentItem(self.window.list.topLevelItem(row))


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.window.close()
    for left in made.asked:
        left.close()


def told(desk: Desk) -> tuple[CueVersion, ...]:
    now, tag = desk.cue(), desk.session.sync.etag(2)
    return (
        CueVersion(now, "", tag, "Zoë", "2026-01-02T10:00:00Z"),
        CueVersion(now.with_(text="Before", start=1), "", '"x"', "Bo", "2026-01-01T10:00:00Z"),
    )


def test_what_is_known_shows_at_once_and_the_rest_joins(desk: Desk) -> None:
    desk.session.told = told(desk)
    desk.session.submit(set_text(desk.session.document.snapshot, 2, "Mine"))
    desk.window.show()
    assert desk.window.title.text() == "Cue 2"
    assert desk.names == ["Here, not on the server yet", "On the server"]
    desk.window.ask()
    desk.answer()
    assert desk.names == ["Here, not on the server yet", "On the server", "Earlier"]
    assert desk.window.by.text().startswith("Start, Text by Zoë, ")
    assert "End by Bo, " in desk.window.by.text()


def test_a_version_is_restored_as_an_edit(desk: Desk) -> None:
    desk.session.told = told(desk)
    desk.window.show()
    desk.window.ask()
    desk.answer()
    assert not desk.window.restore.isEnabled()  # the first is what there is
    desk.choose(1)
    assert "added “Before”" in desk.window.detail.accessibleName()
    desk.window.restore.click()
    assert (desk.cue().text, desk.cue().start) == ("Before", 1)
    assert desk.session.history.labels == ("Restore version",)
    assert "Ctrl+Z" in desk.window.said.text()
    desk.session.undo()
    assert desk.cue().text == "Line of cue 2"


def test_an_answer_for_another_cue_is_dropped(desk: Desk) -> None:
    desk.session.told = told(desk)
    desk.window.show()
    desk.window.ask()
    desk.selection.select_one(3)
    assert desk.window.title.text() == "Cue 3"
    desk.answer()
    assert desk.names == ["On the server"] and desk.window.versions[0].cue == desk.cue(3)


def test_without_the_server_what_was_seen_is_shown_and_why(desk: Desk) -> None:
    desk.session.told = UserError("The server's history can be read once the server is reached.")
    desk.window.show()
    desk.window.ask()
    desk.answer()
    assert desk.names == ["On the server"]
    assert desk.window.said.text().endswith("Shown is what was seen here.") and desk.window.said.isVisible()


def test_a_local_file_asks_nobody(desk: Desk) -> None:
    desk.window.set_session(DeskSession(some_cues(2)))
    desk.window.show()
    desk.window.ask()
    assert desk.asked == [] and desk.names == ["Here"]


def test_conflicts_and_what_was_put_aside_are_among_them(desk: Desk) -> None:
    cue = desk.cue()
    desk.session.submit(set_text(desk.session.document.snapshot, 2, "Mine"))
    desk.session.their(cue.with_(text="Theirs"))
    desk.session.sync.tell(
        LogLine(2, "Decided", None, LogKind.DECIDED, Replaced(cue.with_(text="Aside"), cue))
    )
    desk.window.show()
    assert [version.cue.text for version in desk.window.versions if version.cue] == [
        "Mine",
        "Theirs",
        "Line of cue 2",
        "Aside",
    ]


def test_it_follows_the_cue_and_keeps_what_is_chosen(desk: Desk) -> None:
    desk.session.told = told(desk)
    desk.window.show()
    desk.window.ask()
    desk.answer()
    desk.choose(1)
    desk.session.submit(set_text(desk.session.document.snapshot, 2, "Mine now"))
    assert desk.window.list.currentItem().text(3) == "Before"
    desk.session.remote(insert_cue(Cue(50, 0, 10, "new"), 0))
    desk.selection.select_one(3)
    assert desk.window.title.text() == "Cue 4"


def test_a_removed_cue_can_be_restored_while_it_is_shown(desk: Desk) -> None:
    desk.session.told = told(desk)
    desk.window.show()
    desk.window.ask()
    desk.answer()
    desk.session.remote(remove_cues(desk.session.document.snapshot, [2]))
    rows = [version.cue is not None for version in desk.window.versions]
    desk.choose(rows.index(True))
    desk.window.restore.click()
    assert desk.cue().text == "Line of cue 2"


def test_hidden_it_does_nothing(desk: Desk) -> None:
    desk.selection.select_one(3)
    desk.session.submit(set_text(desk.session.document.snapshot, 3, "x"))
    assert desk.names == [] and desk.asked == [] and not desk.window._later.isActive()


@pytest.mark.parametrize("when", ["", 0.0, "yesterday"])
def test_a_time_that_is_none_is_shown_as_told(when: str | float) -> None:
    assert when_words(when) == (when or "")


def test_what_was_put_aside_is_restored_with_what_belongs_to_it(desk: Desk) -> None:
    aside, came = desk.cue().with_(text="both of them"), desk.cue(3)
    replaced, others = Replaced(aside, desk.cue()), (Replaced(None, came),)
    words = f"Decided: theirs; {YOURS_ASIDE}"
    desk.session.sync.tell(LogLine(2, words, None, LogKind.DECIDED, replaced, others=others))
    desk.window.show()
    desk.choose(desk.names.index("Yours, put aside"))
    also = "“Restore this version” also removes cue 3 (00:06.000) “Line of cue 3 and its second”."
    assert also in desk.window.detail.accessibleName()
    desk.window.restore.click()
    assert desk.cue() == aside and not desk.session.document.snapshot.cues.has(3)
    desk.session.undo()
    assert desk.cue(3) == came and desk.cue().text == "Line of cue 2", "one step"
