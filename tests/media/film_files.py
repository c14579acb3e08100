"""Small films with known sound and pictures, and files that are none."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 48_000


def sound_file(
    path: Path, channels: Sequence[np.ndarray], *, codec: str = "pcm_s16le", start: float = 0, gap: float = 0
) -> Path:
    """`channels` as a sound file; times begin at `start` s, and `gap` s are left out at its middle."""
    samples = (np.stack(channels) * 32767).astype(np.int16)
    layout = {1: "mono", 2: "stereo"}[len(channels)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout=layout)
        middle = samples.shape[1] // 2
        for offset in range(0, samples.shape[1], 1024):
            piece = samples[:, offset : offset + 1024].T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="s16", layout=layout)
            frame.sample_rate = RATE
            late = gap if offset >= middle else 0
            frame.pts, frame.time_base = offset + round((start + late) * RATE), Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def silent_film(path: Path, pictures: int = 25) -> Path:
    """Pictures and no sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 5, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def beeps(seconds: float, at: Sequence[tuple[float, float, float]]) -> np.ndarray:
    """Silence with square waves: (from s, to s, loudness)."""
    wave = np.zeros(round(seconds * RATE), np.float32)
    for begin, end, loudness in at:
        part = wave[round(begin * RATE) : round(end * RATE)]
        part[:] = np.where(np.arange(len(part)) // 50 % 2, loudness, -loudness)
    return wave
