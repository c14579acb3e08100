"""A film whose time stamps begin late, and subtitles that speak of them: both meet where they belong."""

from fractions import Fraction
from pathlib import Path

from tests.driver import program_running
from tests.ui.test_player import grey_film
from vtt_desktop.app.lazy import film_start

CUES = "\n\n00:00.000 --> 00:01.000\nAt the first picture\n\n00:02.000 --> 00:03.000\nLater\n"


async def test_cues_stand_at_the_pictures_that_the_map_means(tmp_path: Path) -> None:
    film = grey_film(tmp_path / "late.ts", Fraction(25), first=750)
    stamp = film_start(film)
    text = tmp_path / "film.vtt"
    text.write_text(f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{stamp * 90},LOCAL:00:00:00.000{CUES}")
    async with program_running(tmp_path / "settings.ini") as desk:
        await desk.open(text, media=str(film))
        await desk.until("the film's own clock", lambda: desk.editor.player._film_start == stamp)
        assert desk.editor.player.first == 0
        assert desk.row(2).start.startswith("00:00:3"), "the film's clock says half a minute and more"
        desk.select(2)
        desk.run("seek-cue")
        assert desk.editor.player.position == 2000
        assert desk.editor.player._transport.position == 2000, "two seconds behind the first picture"
        desk.select(1)
        desk.run("set-end")
        cue = desk.session.document.snapshot.cues[0]
        assert (cue.start, cue.end) == (0, 2000), "the playhead is taken on the clock of the cues"
