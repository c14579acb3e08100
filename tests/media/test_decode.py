"""What is in a film, and one sentence for what is none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.media.film_files import beeps, silent_film, sound_file
from vtt_desktop.domain.errors import UserError
from vtt_desktop.media.decode import read_media_info
from vtt_desktop.media.measure import measure_peaks


def test_tracks_rate_and_length(tmp_path: Path) -> None:
    info = read_media_info(silent_film(tmp_path / "a.mp4", 50))
    assert info.picture is not None
    assert (info.picture.width, info.picture.height, info.picture.fps) == (64, 48, 25)
    assert (info.duration, info.start, info.sounds) == (2000, 0, ())


def test_a_sound_file_has_no_picture(tmp_path: Path) -> None:
    info = read_media_info(sound_file(tmp_path / "a.wav", [beeps(1, []), beeps(1, [])]))
    assert info.picture is None
    assert [(sound.channels, sound.sample_rate) for sound in info.sounds] == [(2, 48_000)]


def test_the_first_time_of_the_container_is_told(tmp_path: Path) -> None:
    info = read_media_info(sound_file(tmp_path / "a.mka", [beeps(2, [])], codec="flac", start=7.5))
    assert info.start == 7500
    assert info.duration in range(1990, 2011)


def _write(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


NOT_A_FILM = "film.mp4 is not a film or sound file that can be read, or it is damaged."
BAD = {
    "missing": (lambda path: None, "There is no file "),
    "folder": (Path.mkdir, "film.mp4 is a folder, not a film."),
    "empty": (_write(b""), "film.mp4 is empty."),
    "text": (_write(b"Dear diary,\nnothing happened today.\n"), NOT_A_FILM),
    "zeros": (_write(bytes(100_000)), NOT_A_FILM),
    "noise": (_write(os.urandom(100_000)), NOT_A_FILM),
    "subtitles": (
        _write(b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"),
        "film.mp4 holds neither a moving picture nor sound.",
    ),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("read", [read_media_info, measure_peaks])
def test_what_is_no_film_is_said_in_one_sentence(
    kind: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    make, message = BAD[kind]
    path = tmp_path / "film.mp4"
    make(path)
    with pytest.raises(UserError) as caught:
        read(path)
    assert caught.value.message.startswith(message)


def test_a_film_cut_off_before_its_index_is_damaged(tmp_path: Path) -> None:
    whole = silent_film(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "film.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        read_media_info(tmp_path / "film.mp4")


def test_a_film_without_sound_has_no_waveform(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^a\.mp4 has no sound\.$"):
        measure_peaks(silent_film(tmp_path / "a.mp4"))


def test_a_track_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^a\.wav has no sound track 3\.$"):
        measure_peaks(sound_file(tmp_path / "a.wav", [beeps(1, [])]), 2)
