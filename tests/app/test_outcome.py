"""What a command without a window says of many refusals: cue by cue, bounded, with each different reason."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.app.outcome import FOUND, MOST_REFUSALS, report
from vtt_desktop.app.session import Session
from vtt_desktop.domain.edits_text import remove_cues, set_text

LONG = "The server says: Too long."


def refused(number: int, **whys: str) -> DeskSession:
    """Each cue is changed and refused: as too long, or for the reason that stands under its number."""
    session = DeskSession(some_cues(number)).share()
    for cue in reversed(tuple(session.document.snapshot.cues)):  # the order they come in decides nothing
        session.submit(set_text(session.document.snapshot, cue.id, "mine"))
        session.put(cue.id, refused=whys.get(f"cue_{cue.id}", LONG))
    return session


def told(session: DeskSession, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert report(cast(Session, cast(Any, session))) == FOUND
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("vtt-desktop: ") for line in lines)
    return [line.removeprefix("vtt-desktop: ") for line in lines]


def test_each_refused_cue_is_a_line_with_its_place_and_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    session = refused(3, cue_2="The server says: No\nnames here.")
    session.submit(remove_cues(session.document.snapshot, [3]))
    session.put(3, refused="It may not be removed.")
    assert told(session, capsys) == [
        "3 segments refused.",
        "cue 1, 00:00:00.000: Too long.",
        "cue 2, 00:00:03.000: No names here.",
        "a removed cue, 00:00:06.000: It may not be removed.",
    ]


def test_of_many_no_reason_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(refused(30, cue_28="Not that one.", cue_30="Nor this."), capsys)
    assert (lines[0], lines[-1]) == ("30 segments refused.", "and 10 more.")
    assert [line.split(",")[0] for line in lines[1:-1]] == [f"cue {n}" for n in (*range(1, 19), 28, 30)]
    assert lines[-3:-1] == ["cue 28, 00:01:21.000: Not that one.", "cue 30, 00:01:27.000: Nor this."]
    every = told(refused(25, **{f"cue_{n}": f"Reason {n}." for n in range(1, 26)}), capsys)
    assert len(every) == 1 + MOST_REFUSALS + 1 and every[-1] == "and 5 more."
