"""The player's promises: the picture asked for, the range asked for, and time without a film."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from vtt_desktop.app.lazy import film_start
from vtt_desktop.ui.player.backend_qt import QtMedia
from vtt_desktop.ui.player.framing import frame_at, frame_middle, frame_start
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.player.transport import Picture, Transport

PICTURES = 75
STEP = 3  # of grey, from one picture to the next


class HandClock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def no_media(path: Path) -> Transport:
    raise AssertionError("no film is opened here")


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def clocked(qtbot: QtBot, hand: HandClock) -> Player:
    player = Player(no_media, hand)
    player.set_text_length(10_000)
    return player


def tick(player: Player, hand: HandClock, seconds: float) -> None:
    hand.seconds += seconds
    player._clock.tick()


# Without a film


def test_the_clock_follows_time_and_speed(clocked: Player, hand: HandClock) -> None:
    clocked.seek(1000)
    clocked.play()
    tick(clocked, hand, 0.5)
    assert clocked.position == 1500
    clocked.set_speed(2)
    tick(clocked, hand, 0.5)
    assert clocked.position == 2500
    clocked.pause()
    tick(clocked, hand, 5)
    assert clocked.position == 2500


def test_the_clock_stops_at_the_end_of_the_text_and_starts_over(clocked: Player, hand: HandClock) -> None:
    states: list[bool] = []
    clocked.state_changed.connect(states.append)
    clocked.seek(9900)
    clocked.play()
    tick(clocked, hand, 60)
    assert (clocked.position, clocked.playing) == (10_000, False)
    clocked.play()
    assert (clocked.position, clocked.playing) == (0, True)
    assert states == [True, False, True]


def test_a_range_stops_where_it_ends(clocked: Player, hand: HandClock) -> None:
    clocked.play_range(2000, 3000)
    tick(clocked, hand, 0.9)
    assert (clocked.position, clocked.playing) == (2900, True)
    tick(clocked, hand, 0.2)
    assert (clocked.position, clocked.playing) == (3000, False)
    clocked.play()
    tick(clocked, hand, 2)
    assert clocked.position == 5000, "the range is over"


def test_a_loop_begins_again_until_someone_seeks(clocked: Player, hand: HandClock) -> None:
    clocked.play_range(2000, 3000, loop=True)
    for _ in range(3):
        tick(clocked, hand, 1.1)
        assert (clocked.position, clocked.playing) == (2000, True)
    clocked.seek(2500)
    tick(clocked, hand, 1)
    assert clocked.position == 3500


def test_a_loop_may_reach_to_the_very_end(clocked: Player, hand: HandClock) -> None:
    clocked.play_range(9000, 10_000, loop=True)
    for _ in range(3):
        tick(clocked, hand, 1.1)
        assert (clocked.position, clocked.playing) == (9000, True)


def test_steps_go_by_pictures_of_forty_milliseconds(clocked: Player) -> None:
    clocked.seek(1234)
    clocked.step(1)
    assert clocked.position == 1240
    clocked.step(-2)
    assert clocked.position == 1160
    clocked.seek(0)
    clocked.step(-1)
    assert clocked.position == 0


@pytest.mark.parametrize("fps", [10, 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 120])
def test_a_rounded_start_lies_in_its_own_picture(fps: float) -> None:
    for number in range(20_000):
        assert frame_at(frame_start(number, fps), fps) == number
        assert frame_at(frame_middle(number, fps), fps) == number


# With a film


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds; the grey of a picture tells its number."""
    return grey_film(tmp_path_factory.mktemp("film") / "grey.mp4", Fraction(25))


def grey_film(path: Path, fps: Fraction, first: int = 0) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 64, 48, "yuv420p", 1 / fps
        stream.codec_context.qmin = stream.codec_context.qmax = 1
        for number in range(PICTURES):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 10 + number * STEP, np.uint8), "rgb24")
            frame.pts, frame.time_base = first + number, 1 / fps
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


class Watched:
    """A player with the pictures that it showed."""

    def __init__(self, qtbot: QtBot, hand: HandClock) -> None:
        self.player = Player(QtMedia, hand)
        self.greys: list[int] = []
        self.failures: list[str] = []
        self.player.picture_changed.connect(self._on_picture)
        self.player.failed.connect(self.failures.append)
        self._qtbot = qtbot

    def _on_picture(self, picture: Picture | None) -> None:
        self.greys.append(-1 if picture is None else picture.toImage().pixelColor(30, 20).red())

    def open(self, path: Path) -> Player:
        self.player.open(path)
        self._qtbot.waitUntil(lambda: bool(self.greys) and self.player.duration > 0)
        return self.player

    def wait_for(self, number: int) -> None:
        self._qtbot.waitUntil(lambda: abs(self.greys[-1] - 10 - number * STEP) < STEP / 2 + 0.1)


@pytest.fixture
def watched(qtbot: QtBot, hand: HandClock) -> Iterator[Watched]:
    watched = Watched(qtbot, hand)
    yield watched
    watched.player.close()


def test_opening_shows_the_first_picture(watched: Watched, film: Path) -> None:
    player = watched.open(film)
    watched.wait_for(0)
    assert (player.media, player.duration, player.frame_rate) == (film, 3000, 25)
    assert (player.position, player.playing) == (0, False)


def test_a_film_opens_at_the_position_of_before(watched: Watched, film: Path) -> None:
    watched.player.seek(2000)
    watched.open(film)
    watched.wait_for(50)
    assert watched.player.position == 2000


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)])
def test_every_seek_shows_its_own_picture(watched: Watched, tmp_path: Path, fps: Fraction) -> None:
    player = watched.open(grey_film(tmp_path / "film.mp4", fps))
    for number in (1, 74, 2, 40, 41, 39, 0, 25, 73, 24):
        at = frame_start(number, float(fps))
        player.seek(at)
        assert player.position == at
        watched.wait_for(number)
        assert player.position == at, "the picture's arrival moves nothing"


def test_seeks_in_a_hurry_go_one_at_a_time_and_end_at_the_last(watched: Watched, film: Path) -> None:
    player = watched.open(film)
    asked: list[int] = []
    player._transport._player.positionChanged.connect(asked.append)
    for ms in range(0, 2800, 7):
        player.seek(ms)
    player.seek(1234)
    watched.wait_for(30)
    assert player.position == 1234
    assert len(asked) < 20, "of 400: the others were overtaken before they began"


def test_steps_show_picture_after_picture(watched: Watched, film: Path) -> None:
    player = watched.open(film)
    player.seek(1000)
    for number in (26, 27, 28):
        player.step(1)
        watched.wait_for(number)
        assert player.position == number * 40
    player.step(-10)
    watched.wait_for(18)


def test_times_are_counted_from_the_start_of_the_container(watched: Watched, tmp_path: Path) -> None:
    player = watched.open(grey_film(tmp_path / "late.ts", Fraction(25), first=750))
    assert player.duration in range(2960, 3041)
    player.seek(1000)
    watched.wait_for(25)


def test_a_map_lays_the_film_on_the_clock_of_the_cues_by_its_time_stamps(
    watched: Watched, tmp_path: Path
) -> None:
    film = grey_film(tmp_path / "late.ts", Fraction(25), first=750)
    player = watched.open(film)
    stamp = film_start(film)
    assert stamp >= 30_000
    player.set_map(stamp)  # what cues call nought is the first picture
    player.set_film_start(stamp)
    assert player.first == 0
    player.seek(1000)
    watched.wait_for(25)
    player.set_map(stamp - 2000)  # the film begins when cues are at two seconds
    assert (player.first, player.position) == (2000, 3000)
    player.seek(2400)
    watched.wait_for(10)
    player.step(1)
    watched.wait_for(11)
    assert player.position == 2440


@pytest.mark.parametrize("begun", [False, True])
def test_a_film_plays_that_was_told_to_before_it_was_there(
    watched: Watched, film: Path, qtbot: QtBot, begun: bool
) -> None:
    player = watched.player
    player.open(film)
    if begun:
        with qtbot.waitSignal(player._transport._player.sourceChanged):
            pass
    player.play()
    qtbot.waitUntil(lambda: player.position >= 200)
    assert player.playing and len(set(watched.greys)) > 3


def test_playing_tells_exact_times_and_stops_at_the_end(watched: Watched, film: Path, qtbot: QtBot) -> None:
    player = watched.open(film)
    player.seek(2400)
    watched.wait_for(60)
    told: list[int] = []
    player.position_changed.connect(told.append)
    player.play()
    qtbot.waitUntil(lambda: not player.playing)
    assert told == sorted(told) and len(told) > 5
    assert all(ms % 40 == 0 for ms in told)
    assert player.position == 3000
    watched.wait_for(74)
    player.seek(1000)
    watched.wait_for(25)


def test_a_range_of_a_film_stops_at_its_end(watched: Watched, film: Path, qtbot: QtBot) -> None:
    player = watched.open(film)
    player.play_range(800, 1200)
    assert player.playing
    qtbot.waitUntil(lambda: not player.playing)
    watched.wait_for(30)
    assert player.position == 1200


def test_a_loop_comes_round(watched: Watched, film: Path, qtbot: QtBot) -> None:
    player = watched.open(film)
    told: list[int] = []
    player.position_changed.connect(told.append)
    player.play_range(800, 1200, loop=True)
    qtbot.waitUntil(lambda: told.count(800) >= 3)
    player.pause()
    assert max(told) <= 1240


def test_a_loop_of_a_film_may_reach_to_its_very_end(watched: Watched, film: Path, qtbot: QtBot) -> None:
    player = watched.open(film)
    told: list[int] = []
    player.position_changed.connect(told.append)
    player.play_range(2600, 3000, loop=True)
    qtbot.waitUntil(lambda: told.count(2600) >= 3)
    assert player.playing
    player.pause()
    player.seek(1000)
    watched.wait_for(25)


def test_closing_goes_back_to_the_clock(watched: Watched, film: Path, hand: HandClock) -> None:
    player = watched.open(film)
    player.seek(1500)
    player.close()
    assert (player.media, player.position, watched.greys[-1]) == (None, 1500, -1)
    player.play()
    tick(player, hand, 0.25)
    assert player.position == 1750


@pytest.mark.parametrize("content", [None, b"", b"Dear diary,\n", bytes(10_000)])
def test_what_cannot_be_played_is_said_once_and_the_clock_takes_over(
    watched: Watched, tmp_path: Path, content: bytes | None, qtbot: QtBot, hand: HandClock
) -> None:
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    watched.player.open(path)
    qtbot.waitUntil(lambda: bool(watched.failures))
    assert len(watched.failures) == 1
    assert watched.failures[0].startswith("film.mp4 cannot be played: ")
    assert watched.failures[0].count(".") == 2
    assert watched.player.media is None
    watched.player.play()
    tick(watched.player, hand, 1)
    assert watched.player.position == 1000


def sound_only(path: Path, seconds: float) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, round(seconds * 48_000)), np.int16), "s16", "mono")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_sound_without_a_picture_plays_seeks_and_ends(watched: Watched, tmp_path: Path, qtbot: QtBot) -> None:
    player = watched.player
    player.open(sound_only(tmp_path / "voice.wav", 2))
    qtbot.waitUntil(lambda: player.duration == 2000)
    player.seek(1234)
    assert player.position == 1234
    told: list[int] = []
    player.position_changed.connect(told.append)
    player.play()
    qtbot.waitUntil(lambda: not player.playing)
    assert told == sorted(told) and told[-1] == 2000
    assert told[0] >= 1234
    player.seek(500)
    player.play_range(700, 900)
    qtbot.waitUntil(lambda: not player.playing)
    assert player.position == 900


def test_another_film_takes_the_place_of_the_first(
    watched: Watched, film: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    player = watched.open(film)
    player.seek(1000)
    watched.wait_for(25)
    player.play()
    other = grey_film(tmp_path / "other.mp4", Fraction(50))
    player.open(other)
    qtbot.waitUntil(lambda: player.duration == 1500)
    assert (player.media, player.playing) == (other, False)
    player.seek(600)
    watched.wait_for(30)


def test_opening_and_closing_in_a_hurry_leaves_the_last_wish(
    watched: Watched, film: Path, qtbot: QtBot
) -> None:
    for _ in range(5):
        watched.player.open(film)
        watched.player.close()
    watched.player.open(film)
    qtbot.waitUntil(lambda: watched.player.duration == 3000)
    watched.player.seek(400)
    watched.wait_for(10)
    assert watched.failures == []
