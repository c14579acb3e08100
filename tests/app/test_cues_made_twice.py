"""The very same cue twice, as when two people made it: it is told everywhere, and one step takes one away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import run_now
from vtt_desktop.app.cli import main
from vtt_desktop.app.problems import LiveProblems
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_text import insert_cue, set_text
from vtt_desktop.domain.problem import Severity
from vtt_desktop.quality.checker import check_twice


def desk_of(*cues: Cue, head: bytes = b"WEBVTT") -> tuple[DeskSession, LiveProblems]:
    session, problems = DeskSession(cues, head=Head(head)), LiveProblems(run_now)
    problems.set_session(session)
    return session, problems


def told(problems: LiveProblems) -> list[tuple[str, int | None]]:
    return [(one.rule, one.cue_id) for one in problems.rows]


def test_one_that_comes_later_is_told_and_goes_in_one_step() -> None:
    session, problems = desk_of(*some_cues(600))
    first = session.document.snapshot.cues[2]
    session.submit(insert_cue(first.with_(id=700, lead=b""), first.id))
    assert told(problems) == [("cue-twice", 700)]
    assert problems.rows == [*check_twice(session.document.snapshot.cues)]
    assert problems.rows[0].severity is Severity.WARNING
    fix = problems.fix_of(problems.rows[0])
    assert fix is not None and "cue 4 goes: “Line of cue 3 ⏎ and its second”" in fix.preview
    session.submit(fix.edit)
    assert told(problems) == [] and not session.document.snapshot.cues.has(700)
    session.undo()
    assert told(problems) == [("cue-twice", 700)]


@pytest.mark.parametrize("which", [3, 700])
def test_other_words_in_either_are_heard_at_once(which: int) -> None:
    session, problems = desk_of(*some_cues(600))
    first = session.document.snapshot.cues[2]
    session.submit(insert_cue(first.with_(id=700), first.id))
    session.submit(set_text(session.document.snapshot, which, "else"))
    assert told(problems) == []
    session.submit(set_text(session.document.snapshot, 703 - which, "else"))
    assert told(problems) == [("cue-twice", 700)]


def test_the_one_goes_with_which_nothing_is_lost() -> None:
    def left(first: Cue, second: Cue) -> list[int]:
        session, problems = desk_of(first, second)
        fix = problems.fix_of(next(one for one in problems.rows if one.rule == "cue-twice"))
        if fix is not None:
            session.submit(fix.edit)
        return [cue.id for cue in session.document.snapshot.cues]

    one, two = Cue(1, 0, 900, "a"), Cue(2, 0, 900, "a")
    note = b"\n\nNOTE heard badly\n\n"
    assert left(one, two) == [1]
    assert left(one, two.with_(lead=note)) == [2]
    assert left(one, two.with_(identifier="x")) == [2]
    assert left(one.with_(identifier="x"), two.with_(identifier="x")) == [1]
    assert left(one.with_(identifier="y"), two.with_(identifier="x")) == [1, 2]


def test_all_of_them_go_in_one_step() -> None:
    cues = [cue.with_(id=number) for number, cue in enumerate([*some_cues(3) * 3], 1)]
    session, problems = desk_of(*cues)
    alike = [one for one in problems.rows if one.rule == "cue-twice"]
    assert [one.cue_id for one in alike] == [4, 5, 6, 7, 8, 9]
    fix = asyncio.run(problems.fix_like(alike[0]))
    assert fix is not None and fix.preview.startswith("6 cues go, the first: cue 4 goes")
    session.submit(fix.edit)
    assert [cue.id for cue in session.document.snapshot.cues] == [1, 2, 3]


@pytest.mark.parametrize(
    "differs", [{"start": 1}, {"end": 901}, {"settings": "line:0"}, {"text": "b"}], ids=lambda one: [*one][0]
)
def test_what_a_viewer_could_see_makes_it_another(differs: dict[str, object]) -> None:
    one, two = Cue(1, 0, 900, "a"), Cue(2, 0, 900, "a")
    assert [*check_twice((one, two))] != []
    assert [*check_twice((one, two.with_(**differs)))] == []


def test_check_tells_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, block = tmp_path / "a.vtt", "00:01.000 --> 00:02.000\na\n\n"
    file.write_text(f"WEBVTT\n\n{block}")
    assert main(["check", str(file)]) == 0
    file.write_text(f"WEBVTT\n\n{block * 2}")
    assert main(["check", str(file)]) == 1
    assert "cue 2 (00:00:01.000): The very same cue stands before it" in capsys.readouterr().out
