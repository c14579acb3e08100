"""Peaks are where the sound is, at every scale, while they grow and when they are whole."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.film_files import RATE, beeps, sound_file
from vtt_desktop.media.measure import grow_peaks, measure_peaks
from vtt_desktop.media.peaks import BUCKET, Peaks, Pyramid, peaks_from

BUCKET_MS = BUCKET / 48


def loud(peaks: Peaks, start: int, end: int) -> np.ndarray:
    """For each millisecond: is it loud?"""
    low, high = peaks.envelope(start, end, end - start)
    assert ((low <= 0) & (high >= 0)).all()
    return np.maximum(-low.astype(int), high) > 30


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_s16le"), ("a.wav", "pcm_u8"), ("a.mka", "flac"), ("a.mp4", "aac"), ("a.webm", "libopus")],
)
def test_loud_where_the_sound_is(name: str, codec: str, tmp_path: Path) -> None:
    formats = {"pcm_u8": "u8"}
    if codec in formats or codec in ("aac", "libopus"):
        source = sound_file(tmp_path / "source.wav", [beeps(4, [(1, 2, 0.5), (3, 3.25, 0.5)])])
        path = transcoded(source, tmp_path / name, codec)
    else:
        path = sound_file(tmp_path / name, [beeps(4, [(1, 2, 0.5), (3, 3.25, 0.5)])], codec=codec)
    peaks = measure_peaks(path)
    assert peaks is not None and peaks.complete
    found = loud(peaks, 0, 4000)
    edges = np.flatnonzero(np.diff(found.astype(int)))
    # Lossy codecs smear an attack over part of their own frame of some 20 ms.
    assert edges == pytest.approx([1000, 2000, 3000, 3250], abs=25)


def transcoded(source: Path, target: Path, codec: str) -> Path:
    import_format = {"pcm_u8": "u8", "aac": "fltp", "libopus": "s16", "mp2": "s16"}[codec]
    with av.open(str(source)) as given, av.open(str(target), "w") as container:
        stream = container.add_stream(codec, rate=48_000, layout="mono")
        resampler = av.AudioResampler(format=import_format, layout="mono", rate=48_000)
        for frame in given.decode(audio=0):
            for piece in resampler.resample(frame):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return target


def test_a_voice_in_the_second_channel_counts(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.wav", [beeps(1, []), beeps(1, [(0.5, 0.75, 0.5)])])
    peaks = measure_peaks(path)
    assert peaks is not None
    found = loud(peaks, 0, 1000)
    assert found[510:740].all() and not found[:490].any() and not found[760:].any()


def test_times_are_counted_from_the_start_of_the_container(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.mka", [beeps(2, [(1, 1.5, 0.5)])], codec="flac", start=30)
    peaks = measure_peaks(path)
    assert peaks is not None
    found = loud(peaks, 0, 2000)
    assert found[1010:1490].all() and not found[:990].any()


def test_a_gap_in_the_time_stamps_is_silence_and_not_a_shift(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.mka", [beeps(4, [(0.5, 1, 0.5), (3, 3.5, 0.5)])], codec="flac", gap=10)
    peaks = measure_peaks(path)
    assert peaks is not None
    edges = np.flatnonzero(np.diff(loud(peaks, 0, 15_000).astype(int)))
    assert edges == pytest.approx([500, 1000, 13_000, 13_500], abs=25)


def test_what_is_reported_grows_and_never_changes(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.wav", [beeps(70, [(t, t + 0.5, 0.4) for t in range(0, 70, 3)])])
    reports: list[Peaks] = []
    whole = measure_peaks(path, report=reports.append)
    assert whole is not None and reports[-1] is whole
    known = [peaks.known for peaks in reports]
    assert known == sorted(known)
    assert known[0] <= 6000 and known[-1] == pytest.approx(70_000, abs=10)
    assert [peaks.complete for peaks in reports] == [False] * (len(reports) - 1) + [True]
    for peaks in reports:
        for (low, high), (whole_low, whole_high) in zip(peaks.levels, whole.levels, strict=True):
            assert (low == whole_low[: len(low)]).all() or peaks.complete
            assert (high == whole_high[: len(high)]).all() or peaks.complete


def test_a_cancelled_measurement_gives_nothing_and_stops(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.wav", [beeps(60, [])])
    reports: list[Peaks] = []
    assert measure_peaks(path, cancelled=lambda: len(reports) == 2, report=reports.append) is None
    assert len(reports) == 2


def test_growing_can_be_left_at_any_time(tmp_path: Path) -> None:
    growing = grow_peaks(sound_file(tmp_path / "a.wav", [beeps(60, [])]))
    assert not next(growing).complete
    growing.close()  # type: ignore[attr-defined]  # it is a generator


@pytest.mark.parametrize("columns", [1, 7, 100, 999, 2000, 5000])
@pytest.mark.parametrize(("start", "end"), [(0, 10_000), (2500, 2600), (-500, 500), (9900, 12_000)])
def test_every_level_says_the_same_as_the_finest(start: int, end: int, columns: int) -> None:
    dice = np.random.default_rng(5)
    high = dice.integers(0, 127, 1875).astype(np.int8)  # 10 s
    low = (-dice.integers(0, 127, 1875)).astype(np.int8)
    found_low, found_high = peaks_from(low, high, 48_000, 10_000).envelope(start, end, columns)
    edges = np.linspace(start / BUCKET_MS, end / BUCKET_MS, columns + 1)
    for column in range(0, columns, max(1, columns // 50)):
        # A column may show a little of its neighbour, never miss anything of its own.
        begin, stop = int(np.floor(edges[column])), int(np.ceil(edges[column + 1]))
        inside = high[max(0, begin) : max(0, stop)]
        margin = (stop - begin) // 4 + 1
        around = high[max(0, begin - margin) : max(0, stop + margin)]
        assert inside.max(initial=0) <= found_high[column] <= around.max(initial=0)
    assert (found_low <= 0).all()


def test_outside_of_what_is_known_it_is_flat() -> None:
    peaks = peaks_from(np.full(100, -50, np.int8), np.full(100, 50, np.int8), 48_000, 533)
    low, high = peaks.envelope(-1000, 0, 10)
    assert not low.any() and not high.any()
    low, high = peaks.envelope(534, 2000, 10)
    assert not low.any() and not high.any()
    low, high = peaks.envelope(-100, 1000, 11)
    assert high.tolist() == [0] + [50] * 6 + [0] * 4
    assert all(len(side) == 0 for side in peaks.envelope(0, 100, 0))


def test_a_pyramid_outgrows_what_was_expected() -> None:
    small = Pyramid(10)
    for _ in range(20):
        small.append(np.full(37, -3, np.int8), np.full(37, 4, np.int8))
    low, high = small.levels(whole=True)[0]
    assert len(low) == 740 and (low == -3).all() and (high == 4).all()


def test_damage_in_the_middle_is_survived(tmp_path: Path) -> None:
    dice = np.random.default_rng(3)
    wave = beeps(60, [(1, 2, 0.5), (58, 59, 0.5)])
    wave += dice.uniform(-0.02, 0.02, len(wave)).astype(np.float32)  # so that most of the file is sound
    path = transcoded(sound_file(tmp_path / "source.wav", [wave]), tmp_path / "a.mp4", "aac")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = dice.bytes(2000)
    path.write_bytes(data)
    peaks = measure_peaks(path)
    assert peaks is not None and peaks.complete
    assert loud(peaks, 1100, 1900).all() and loud(peaks, 58_100, 58_900).all()
    assert not loud(peaks, 57_000, 57_900).any()


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("a.ts", "mp2")])
def test_damage_everywhere_is_survived(name: str, codec: str, tmp_path: Path) -> None:
    """FFmpeg has other words for it than invalid data: not permitted, say, or to be tried again."""
    dice = np.random.default_rng(4)
    wave = dice.uniform(-0.5, 0.5, 6 * RATE).astype(np.float32)
    path = transcoded(sound_file(tmp_path / "source.wav", [wave]), tmp_path / name, codec)
    data = np.frombuffer(path.read_bytes(), np.uint8).copy()
    at = dice.integers(4000, len(data) * 9 // 10, len(data) // 200)
    data[at] = dice.integers(0, 256, len(at))
    data[len(data) // 4 : len(data) * 3 // 4] = 0
    path.write_bytes(data.tobytes())
    peaks = measure_peaks(path)
    assert peaks is not None and peaks.complete
    assert loud(peaks, 500, 1500).any() and loud(peaks, 4600, 5600).any()
