"""The clip of the sample subtitles: right length, a clock that tells the truth, sound where cues are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from vtt_desktop.app.sample_film import make_sample_film
from vtt_desktop.domain.errors import UserError

CUES = [(500, 1500, "Anybody on board tonight?", "Odile"), (2100, 2900, "One hand up.", "Tam")]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "ferry.mp4"
    make_sample_film(CUES, path)
    return path


def luma(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray()[:360] for frame in container.decode(video=0)]


def test_it_lasts_two_seconds_longer_than_its_cues(film: Path) -> None:
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate, video.frames) == (640, 360, 25, 125)
        assert audio.duration is not None and audio.time_base is not None
        assert float(audio.duration * audio.time_base) == pytest.approx(5, abs=0.05)


def test_the_clock_moves_with_every_picture(film: Path) -> None:
    pictures = luma(film)
    clock = [picture[110:150, 200:440].astype(int) for picture in pictures]
    changes = [np.abs(after - before).max() for before, after in zip(clock, clock[1:], strict=False)]
    assert min(changes) > 60


def test_sound_is_loud_in_cues_and_quiet_between_them(film: Path) -> None:
    with av.open(str(film)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])

    def level(start: int, end: int) -> float:
        return float(np.sqrt(np.mean(sound[start * 48 : end * 48] ** 2)))

    quiet = max(level(0, 400), level(1600, 2000), level(3000, 4900))
    assert level(500, 1500) > 10 * quiet
    assert level(2100, 2900) > 10 * quiet


def test_the_same_cues_make_the_same_bytes(film: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.mp4"
    make_sample_film(CUES, again)
    assert again.read_bytes() == film.read_bytes()


def test_progress_rises_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    make_sample_film(CUES, tmp_path / "ferry.mp4", told.append)
    assert told == sorted(told) and told[-1] == 1 and len(told) == 5


def test_stopped_work_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_sample_film(CUES, tmp_path / "ferry.mp4", stop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"^The film ferry\.mp4 cannot be written: No such file or directory\.$"
    ):
        make_sample_film(CUES, tmp_path / "nowhere" / "ferry.mp4")


FULL_DISK = """
import resource, signal, sys
import subprocess
import sys
from pathlib import Path
from vtt_desktop.app.sample_film import make_sample_film
from vtt_desktop.domain.errors import UserError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    make_sample_film([(0, 9000, "Anybody on board tonight?", "Odile")], Path(sys.argv[1]))
except UserError as error:
    print(error.message)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of a process's files")
def test_no_room_is_said_in_one_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "ferry.mp4")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert result.stdout == "The film ferry.mp4 cannot be written: File too large.\n", result.stderr
    assert list(tmp_path.iterdir()) == []
