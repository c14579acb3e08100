"""Kept peaks are the film's as it is now, or they are measured anew."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from vtt_desktop.media.cache import PeakCache
from vtt_desktop.media.peaks import Peaks, peaks_from


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"as good as a film")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> PeakCache:
    return PeakCache(tmp_path / "cache" / "peaks")


@pytest.fixture
def peaks() -> Peaks:
    high = np.random.default_rng(2).integers(0, 127, 5000).astype(np.int8)
    return peaks_from(-high, high, 44_100, 29_025)


def same(one: Peaks | None, other: Peaks) -> bool:
    return (
        one is not None
        and (one.sample_rate, one.expected, one.complete) == (other.sample_rate, other.expected, True)
        and all(
            (a == b).all()
            for left, right in zip(one.levels, other.levels, strict=True)
            for a, b in zip(left, right, strict=True)
        )
    )


def test_what_was_stored_comes_back(cache: PeakCache, film: Path, peaks: Peaks) -> None:
    assert cache.load(film) is None
    cache.store(film, peaks)
    assert same(cache.load(film), peaks)
    assert cache.load(film, track=1) is None


def test_a_film_that_changed_is_another_film(cache: PeakCache, film: Path, peaks: Peaks) -> None:
    cache.store(film, peaks)
    os.utime(film, (1, 1))
    assert cache.load(film) is None


def test_any_damage_means_measuring_anew(cache: PeakCache, film: Path, peaks: Peaks, tmp_path: Path) -> None:
    cache.store(film, peaks)
    (place,) = (tmp_path / "cache" / "peaks").iterdir()
    whole = place.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged in (b"", whole[:10], whole[:-1], whole + b"x", bytes(flipped), b"X" + whole[1:], bytes(5000)):
        place.write_bytes(damaged)
        assert cache.load(film) is None
        assert same(cache.load_or_measure(film, lambda path, track: peaks), peaks)
        assert place.read_bytes() == whole


def test_measured_once(cache: PeakCache, film: Path, peaks: Peaks) -> None:
    asked: list[int] = []

    def measure(path: Path, track: int) -> Peaks:
        asked.append(track)
        return peaks

    for _ in range(3):
        assert same(cache.load_or_measure(film, measure), peaks)
    assert asked == [0]


def test_a_cancelled_measurement_is_not_kept(cache: PeakCache, film: Path) -> None:
    assert cache.load_or_measure(film, lambda path, track: None) is None
    assert cache.load(film) is None


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    film: Path, peaks: Peaks, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("in the way")
    cache = PeakCache(tmp_path / "a-file" / "peaks")
    assert cache.load_or_measure(film, lambda path, track: peaks) is peaks


def test_the_oldest_are_forgotten(cache: PeakCache, peaks: Peaks, tmp_path: Path) -> None:
    films = []
    for number in range(103):
        film = tmp_path / f"{number}.mp4"
        film.write_bytes(b"x")
        films.append(film)
        cache.store(film, peaks)
        for place in (tmp_path / "cache" / "peaks").iterdir():
            os.utime(place, (place.stat().st_mtime - 60,) * 2)
    kept = [cache.load(film) is not None for film in films]
    assert kept == [False] * 3 + [True] * 100
