"""Coverage-guided fuzzing of the readers for a bounded time, and time that grows with the length only."""

import gc
import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.formats import corpus
from vtt_desktop.formats.ass import read_ass
from vtt_desktop.formats.hls import join_segments, split_segments
from vtt_desktop.formats.srt import read_srt
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_file, check_webvtt
from vtt_desktop.formats.webvtt_fixes import repaired
from vtt_desktop.formats.webvtt_text import parse_text
from vtt_desktop.formats.webvtt_write import write_webvtt

SECONDS = 15
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this Python or platform"
)
def test_a_fuzzer_finds_nothing(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "film.vtt").write_bytes(
        b"WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000 line:0\n<v A>a &amp; b</v>\n"
    )
    (seeds / "film.srt").write_bytes(b"1\n00:00:01,000 --> 00:00:02,000 X1:1\n<i>a</i>\n\n")
    (seeds / "film.ass").write_bytes(
        b"[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
        b"Dialogue: 0,0:00:01.00,0:00:02.00,Default,{\\i1}a{\\i0}\\Nb\n"
    )
    for path in corpus.files(".vtt", "webvtt"):
        (seeds / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "tests.properties.fuzz_parser", f"-max_total_time={SECONDS}", "-seed=1"]
    command += ["-max_len=4096", "-timeout=10", f"-artifact_prefix={tmp_path}/", str(seeds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr


def cues_of(data: bytes) -> object:
    return list(read_webvtt(data).snapshot.cues)


def checked(data: bytes) -> object:
    file = read_webvtt(data)
    return [*check_file(file), *check_webvtt(file.snapshot)]


def fixed(data: bytes) -> object:
    return repaired(read_webvtt(data).snapshot)


def written(data: bytes) -> object:
    return write_webvtt(read_webvtt(data).snapshot)


def segmented(data: bytes) -> object:
    return join_segments([one.data for one in split_segments(data, 1_000_000)])


PIECES = [
    b"a\n\n", b"-->\n", b"--", b"<", b"<i>", b"</i>", b"&", b"&amp", b"\r", b"00:", b"0", b"NOTE\n\n",
    b"x-->\n\n", b"STYLE\n\n", b"REGION\nid:a\n\n", b" ", b"\xff", b"00:01.000 --> 00:02.000\n",
    b"id\n00:01.000-->00:02.000 a:b\nx", b"line:0 ",
    b"00:01.000 --> 00:02.000 " + b"line:0 " * 50 + b"\nx\n\n", b"\n00:01.000 --> 00:02.000\n<ruby>a<rt>",
]  # fmt: skip
ACTS = [cues_of, checked, fixed, written, segmented]


def spent(act: Callable[[bytes], object], data: bytes) -> float:
    """CPU seconds, the better of two; without the collector, whose time grows with what all tests hold."""
    taken = []
    gc.disable()
    try:
        for _ in range(2):
            before = time.process_time()
            act(data)
            taken.append(time.process_time() - before)
    finally:
        gc.enable()
    return min(taken)


def grows(act: Callable[[bytes], object], head: bytes, piece: bytes) -> float:
    """How many times as long an input eight times as long takes: the least of three, where one is much."""
    ratio = _grows(act, head, piece)
    for _ in range(2):
        if ratio > 24:
            ratio = min(ratio, _grows(act, head, piece))
    return ratio


def _grows(act: Callable[[bytes], object], head: bytes, piece: bytes) -> float:

    def of(size: int) -> float:
        return spent(act, head + piece * (size // len(piece)))

    size = 4 * 1024
    while (short := of(size)) < 0.002 and size < 32 * 1024:
        size *= 4
    return of(size * 8) / max(short, 0.002)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_time_grows_with_the_length(act: Callable[[bytes], object]) -> None:
    """Quadratic time would be 64 times as long for eight times the input; a busy machine is not 24 times."""
    slow = {}
    for head in (
        b"WEBVTT\n\n",
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
        b"WEBVTT\n\n00:01.000 --> 00:02.000 ",
    ):
        for piece in PIECES:
            ratio = grows(act, head, piece)
            if ratio > 24:
                slow[head + piece] = ratio
    assert slow == {}


@pytest.mark.parametrize("act", [read_srt, read_ass], ids=lambda act: act.__name__)
def test_time_of_other_formats_grows_with_the_length(act: Callable[[bytes], object]) -> None:
    srt = [
        b"1\n00:00:01,000 --> 00:00:02,000\n<i>{\\an8}x\n\n",
        b"1\n",
        b"00:00:01,000 --> ",
        b"\r",
        b" ",
        b"{\\i1}",
    ]
    ass = [
        b"Dialogue: 0,0:00:01.00,0:00:02.00,D,{\\i1}a\n",
        b"[Events]\n",
        b"Format: Text\n",
        b",",
        b"{\\i1}{\\b1}",
    ]
    heads = [b"1\n00:00:01,000 --> 00:00:02,000\n"]
    heads += [b"[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:02.00,D,"]
    slow = {}
    for head in heads:
        for piece in srt + ass:
            ratio = grows(act, head, piece)
            if ratio > 24:
                slow[head + piece] = ratio
    assert slow == {}


@pytest.mark.parametrize("piece", ["<", "<i>", "<i></b>", "&", "&#", "<ruby><rt>", "</ruby>", "<v ", "."])
def test_time_of_a_text_grows_with_the_length(piece: str) -> None:
    assert grows(lambda data: parse_text(data.decode()), b"", piece.encode()) <= 24
