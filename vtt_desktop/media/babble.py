"""Sound that is shaped like speech and says nothing: for a clip that needs no actor and no licence.

One period of each vowel is built once per voice from its harmonics, weighted by the vowel's first
three formants (Peterson & Barney 1952, rounded), and read out by phase: a table look-up a sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vtt_desktop.media.film import SAMPLE_RATE


class Line(NamedTuple):
    """Something said: from `start` to `end` in milliseconds. An empty speaker makes no voice."""

    start: int
    end: int
    text: str
    speaker: str


_FORMANTS = {
    "a": (730, 1090, 2440),
    "e": (530, 1840, 2480),
    "i": (270, 2290, 3010),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
}
_PITCHES = (128.0, 196.0, 152.0, 104.0, 226.0)
_TABLE = 2048
_HISS = 0.004
_LETTERS_A_SYLLABLE = 2.6


class Babble:
    """The sound of `lines`, asked for piece by piece. The same lines give the same samples."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = sorted(lines)
        speakers = dict.fromkeys(line.speaker for line in self._lines if line.speaker)
        self._pitch = {name: _PITCHES[i % len(_PITCHES)] for i, name in enumerate(speakers)}
        self._vowels = {name: _vowel_tables(pitch) for name, pitch in self._pitch.items()}
        self._last: tuple[int, NDArray[np.float32]] = (-1, np.zeros(0, np.float32))
        self._hiss = np.random.default_rng(1).standard_normal(SAMPLE_RATE).astype(np.float32) * _HISS

    def second(self, number: int) -> NDArray[np.float32]:
        """The samples of one whole second, counted from 0."""
        sound = self._hiss.copy()
        begin, end = number * 1000, number * 1000 + 1000
        for index, line in enumerate(self._lines):
            if line.start >= end:
                break
            if line.end > begin:
                if self._last[0] != index:  # most lines run over several seconds
                    self._last = (index, self._said(index))
                said = self._last[1]
                offset = (line.start - begin) * SAMPLE_RATE // 1000
                first, last = max(0, offset), min(SAMPLE_RATE, offset + len(said))
                if first < last:
                    sound[first:last] += said[first - offset : last - offset]
        np.clip(sound, -1, 1, out=sound)
        return sound

    def _said(self, index: int) -> NDArray[np.float32]:
        line = self._lines[index]
        length = max(0, line.end - line.start) * SAMPLE_RATE // 1000
        dice = np.random.default_rng(index)
        if line.speaker not in self._vowels:
            return _rustle(length, dice)
        vowels = [letter for letter in line.text.lower() if letter in _FORMANTS] or ["a", "o"]
        syllables = max(1, round(sum(map(str.isalpha, line.text)) / _LETTERS_A_SYLLABLE))
        edges = np.linspace(0, length, syllables + 1).astype(int)
        said = np.zeros(length, np.float32)
        for number, (first, last) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
            size = int(last - first)
            if size < 32:
                continue
            # The voice falls towards the end of the line and wavers a little on each syllable.
            pitch = self._pitch[line.speaker] * (1.12 - 0.24 * number / syllables + dice.uniform(-0.06, 0.06))
            steps = pitch / SAMPLE_RATE * _TABLE * (1 - 0.06 * np.linspace(0, 1, size))
            phase = np.cumsum(steps).astype(np.int64) & (_TABLE - 1)
            loudness = dice.uniform(0.35, 0.62)
            said[first:last] = self._vowels[line.speaker][vowels[number % len(vowels)]][phase]
            said[first:last] *= np.float32(loudness) * _envelope(size)
            onset = min(size, SAMPLE_RATE // 60)
            said[first : first + onset] += dice.uniform(-0.08, 0.08, onset).astype(np.float32)
        return said


def _vowel_tables(pitch: float) -> dict[str, NDArray[np.float32]]:
    turn = np.arange(_TABLE) / _TABLE * 2 * np.pi
    tables = {}
    for vowel, formants in _FORMANTS.items():
        wave = np.zeros(_TABLE)
        for harmonic in range(1, int(4500 / pitch)):
            hertz = harmonic * pitch
            gain = sum(1 / (1 + ((hertz - formant) / 110) ** 2) for formant in formants)
            wave += (gain + 0.02) / harmonic**0.5 * np.sin(harmonic * turn)
        tables[vowel] = (wave / np.abs(wave).max()).astype(np.float32)
    return tables


def _envelope(size: int) -> NDArray[np.float32]:
    """Up in an eighth, down to nothing in the last third: the gaps are what makes it sound spoken."""
    rise = np.minimum(1, np.arange(size) / (size / 8))
    fall = np.minimum(1, (size - np.arange(size)) / (size / 3))
    return (rise * fall).astype(np.float32)


def _rustle(length: int, dice: np.random.Generator) -> NDArray[np.float32]:
    """What a cue without a speaker sounds like: a swell of noise."""
    swell = np.sin(np.linspace(0, np.pi, length)) ** 2 * 0.12
    return (dice.standard_normal(length) * swell).astype(np.float32)
