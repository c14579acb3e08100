"""Each call of a macro is an undo step of its own, whatever the clock says."""

from __future__ import annotations

from pathlib import Path

from vtt_desktop.app.desk import Desk
from vtt_desktop.app.opening import Source, open_source
from vtt_desktop.app.tasks import Tasks


async def test_two_calls_in_one_breath_are_two_steps_and_a_group_is_one(tmp_path: Path) -> None:
    film = tmp_path / "film.vtt"
    film.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nfirst\n", "utf-8")
    desk = Desk(await open_source(Source(str(film)), Tasks()))
    cue_id = desk.cues[0].id
    desk.set_text(cue_id, "second")
    desk.set_text(cue_id, "third")
    assert desk.undo() and desk.cues[0].text == "second"
    assert desk.undo() and desk.cues[0].text == "first"
    with desk.group("both"):
        desk.set_text(cue_id, "second")
        desk.set_times(cue_id, 1500, 2500)
    assert desk.undo() and (desk.cues[0].text, desk.cues[0].start) == ("first", 1000)
    assert not desk.undo()
