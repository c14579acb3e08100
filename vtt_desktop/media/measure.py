"""Decode a sound track into peaks, a stretch at a time, in a worker thread.

Pulls in FFmpeg: see `media.decode`. Decoding and reading leave Python's lock, so the window runs on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard
from numpy.typing import NDArray

from vtt_desktop.domain.errors import UserError
from vtt_desktop.media.decode import duration_of, open_media, start_of
from vtt_desktop.media.peaks import BUCKET, Peaks, Pyramid, buckets_of

_PIECE = 5  # seconds of sound: reported together, and small enough to stay in the processor's cache
_GAP = 0.05  # seconds that a time stamp may be off before silence is put in
_REPEATED = 10  # seconds that a time stamp may lie back before it counts as a new beginning
_SANE = 60  # seconds beyond the film's end that a time stamp may claim
_STUBBORN = 100  # failures to read one after the other before what is behind them is given up

_BELIEVED = 24 * 3_600_000  # ms; room is made ahead for no more, whatever the header claims

Samples = NDArray[np.float32]


def measure_peaks(
    path: Path,
    track: int = 0,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Peaks], None] = lambda peaks: None,
) -> Peaks | None:
    """The peaks of sound track `track` of `path`; None where `cancelled` said yes.

    `report` is told what is known after every five seconds of sound (some milliseconds of work, so a
    window repaints at its own pace). Both are called in the calling thread. Damaged stretches are
    silence. A third more than decoding alone costs, and memory does not grow with the film
    except for the peaks.

    Raises UserError where the file cannot be read or has no such sound.
    """
    latest: Peaks | None = None
    for latest in grow_peaks(path, track):
        if cancelled():
            return None
        report(latest)
    return latest


def grow_peaks(path: Path, track: int = 0) -> Iterator[Peaks]:
    """Peaks, longer each time; the last one is complete. Stop iterating to stop the work."""
    with open_media(path) as container:
        if track >= len(container.streams.audio):
            raise UserError(
                f"{path.name} has no sound." if track == 0 else f"{path.name} has no sound track {track + 1}."
            )
        stream = container.streams.audio[track]
        for other in container.streams:
            if other is not stream:
                other.discard = Discard.all  # its packets are not even read where the container allows
        # A film starts where its container does; our times are counted from there.
        expected = duration_of(container)
        rate = stream.codec_context.sample_rate
        if not rate:
            raise UserError(f"The sound of {path.name} cannot be decoded.")
        pyramid = Pyramid(min(expected, _BELIEVED) * rate // 1000 // BUCKET + 1)
        for samples in _stretches(container, stream, rate, expected):
            pyramid.append(*buckets_of(samples))
            yield Peaks(rate, pyramid.levels(whole=False), expected, complete=False)
        if not pyramid.length:
            raise UserError(f"The sound of {path.name} cannot be decoded.")
        yield Peaks(rate, pyramid.levels(whole=True), expected, complete=True)


def _stretches(container: InputContainer, stream: AudioStream, rate: int, expected: int) -> Iterator[Samples]:
    """Samples (channels × whole buckets) end to end from the film's start, gaps filled with silence."""
    tail: Samples | None = None
    for piece in _pieces(container, stream, rate, expected):
        if tail is not None and tail.shape[1]:
            if len(tail) != len(piece):  # mono to stereo in mid-film
                tail = np.repeat(tail.max(axis=0, keepdims=True), len(piece), axis=0)
            piece = np.concatenate((tail, piece), axis=1)
        cut = piece.shape[1] // BUCKET * BUCKET
        tail = piece[:, cut:]
        if cut:
            yield piece[:, :cut]
    if tail is not None and tail.shape[1]:
        yield np.pad(tail, ((0, 0), (0, BUCKET - tail.shape[1])))


def _pieces(container: InputContainer, stream: AudioStream, rate: int, expected: int) -> Iterator[Samples]:
    """Samples (channels × n) in the order of their time stamps, each piece some seconds long.

    The decoder's frames (a fiftieth of a second) are joined in FFmpeg's own queue: going through
    numpy for each of them would cost as much as decoding them.
    """
    queue = av.AudioFifo()
    piece = _PIECE * rate // BUCKET * BUCKET  # whole buckets, so that nothing is left over and copied
    here = queued = 0  # samples from the film's start that were taken, and of these in the queue
    time_base = stream.time_base or Fraction(1, rate)
    ticks, per_second = time_base.numerator * rate, time_base.denominator
    start = start_of(container) * rate // 1000
    gap, latest = int(_GAP * rate), (expected // 1000 + _SANE) * rate
    channels = stream.codec_context.channels or 1
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:  # each decoder has its own words for invalid data
            continue  # a damaged packet: the gap that it leaves becomes silence
        for frame in frames:
            pts = frame.pts
            if pts is not None:
                target = pts * ticks // per_second - start
                if gap < target - here < latest - here:
                    yield from _drained(queue, queued)
                    queued = 0
                    for begin in range(here, target, piece):
                        yield np.zeros((channels, min(piece, target - begin)), np.float32)
                    here = target
                elif gap < here - target < _REPEATED * rate:
                    continue  # from before the film's start, or more sound than there was time for
                frame.pts = None  # else the queue refuses what does not follow exactly
            try:
                queue.write(frame)
            except ValueError:  # another sample format or channel layout from here on
                yield from _drained(queue, queued)
                queue, queued = av.AudioFifo(), 0
                queue.write(frame)
            samples = frame.samples
            here += samples
            queued += samples
            if queued >= piece:
                yield from _drained(queue, piece)
                queued -= piece
    yield from _drained(queue, queued)


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[av.Packet[AudioStream]]:
    """The packets of `stream`, those behind a damaged place as well; the last one is empty."""
    failures = 0
    while failures < _STUBBORN:
        try:
            for packet in container.demux(stream):
                failures = 0
                yield packet
            return
        except av.FFmpegError:  # MPEG-TS without a beginning of a packet far and wide: to be tried again
            failures += 1
        except IndexError:  # PyAV, behind the last packet: another stream was found in mid-film
            return


def _drained(queue: av.AudioFifo, samples: int) -> Iterator[Samples]:
    frame = queue.read(samples) if samples else None
    if frame is not None:
        raw = frame.to_ndarray()
        yield _unit(raw if frame.format.is_planar else raw.reshape(-1, frame.layout.nb_channels).T)


def _unit(raw: NDArray[Any]) -> Samples:
    """Any sample type as floats from -1 to 1."""
    if raw.dtype == np.uint8:
        return (raw.astype(np.float32) - 128) / np.float32(128)
    scale = np.float32(1 if raw.dtype.kind == "f" else np.iinfo(raw.dtype).max)
    samples: Samples = raw.astype(np.float32, copy=False)
    return samples if scale == 1 else samples / scale
