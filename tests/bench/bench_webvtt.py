"""What opening and saving a WebVTT file of 100,000 cues costs, as ratios to floors measured in the same run.

Run it: `python -m tests.bench.bench_webvtt`. CPU seconds, the best of a few rounds each.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pysubs2

try:
    import webvtt
except ImportError:  # no part of the development environment: measured where somebody has it
    webvtt = None

from vtt_desktop.domain.document import applied
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.formats.files import open_file
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_webvtt
from vtt_desktop.formats.webvtt_write import write_webvtt

CUES = 100_000
_TWO_LINE_ENDS = re.compile(r"\n\n+")
_ANYTHING = (b"a\n\n", b"-->\n", b"--", b"<\n", b"\r", b"00:", b"NOTE\n\n", b"x-->\n\n", b"STYLE\n\n", b"&")


def made(cues: int) -> bytes:
    """A file with as many cues, two lines each, as a film of many days would have."""
    blocks = ["WEBVTT\n"]
    for i in range(cues):
        start = i * 2500
        times = f"{format_time(start)} --> {format_time(start + 2000)}"
        blocks.append(
            f"{times}\nLine number {i} of a film that is long,\nand what they answer to that: <i>nø</i>.\n"
        )
    return "\n".join(blocks).encode()


_OPEN = {
    "ours": "from vtt_desktop.formats.files import open_file; it = open_file(path)",
    "ours, every cue made": "from vtt_desktop.formats.files import open_file; it = open_file(path); "
    "every = list(it.snapshot.cues)",
    "pysubs2": "import pysubs2; it = pysubs2.load(path)",
    "webvtt-py": "import webvtt; it = webvtt.read(path)",
}
_RESIDENT = "print(int(open('/proc/self/status').read().split('VmRSS:')[1].split()[0]) // 1024)"


def resident(code: str, path: Path) -> int:
    """MB of a process that has done that with `path`."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; path = sys.argv[1]; {code}; {_RESIDENT}", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def best(act: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        before = time.process_time()
        act()
        taken.append(time.process_time() - before)
    return min(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.vtt"
        data = made(CUES)
        path.write_bytes(data)
        floor = best(lambda: _TWO_LINE_ENDS.split(path.read_bytes().decode()))
        findall = re.compile(r"(?:[^\n]+\n)*[^\n]*-->[^\n]*(?:\n[^\n]+)*")
        blocks = best(lambda: findall.findall(path.read_bytes().decode()))
        opened = best(lambda: open_file(path))
        peer = best(lambda: pysubs2.load(str(path)), 1)
        other = best(lambda: webvtt.read(str(path)), 1) if webvtt is not None else None
        every = best(lambda: list(read_webvtt(data).snapshot.cues), 2)
        print(f"open {CUES:,} cues: {opened:.3f} s; every cue made {every:.2f} s")
        print(f"  read + decode + split at blank lines {floor:.3f} s: ratio {opened / floor:.2f}")
        print(f"  read + decode + one regex to blocks {blocks:.3f} s: ratio {opened / blocks:.2f} (budget 3)")
        print(f"  pysubs2 {peer:.2f} s: {peer / opened:.0f} times faster (budget 4)")
        if other is None:
            print("  webvtt-py is not installed: not measured")
        else:
            print(f"  webvtt-py {other:.2f} s: {other / opened:.0f} times faster (budget 4)")
        print(f"memory above an empty Python ({resident('pass', path)} MB), the file open:")
        for name, code in _OPEN.items():
            if name != "webvtt-py" or webvtt is not None:
                print(f"  {name} {resident(code, path) - resident('pass', path)} MB")

        snapshot = read_webvtt(data).snapshot
        checked = best(lambda: list(check_webvtt(snapshot)), 2)
        print(f"check all from scratch {checked:.2f} s (budget 1)")

        out = Path(folder) / "out.vtt"
        bytes_only = best(lambda: out.write_bytes(data))
        unedited = best(lambda: out.write_bytes(write_webvtt(snapshot)))
        edited = applied(snapshot, set_text(snapshot, 50_000, "changed"))
        one = best(lambda: out.write_bytes(write_webvtt(edited)))
        every_one = applied(snapshot, shift(snapshot, [cue.id for cue in snapshot.cues], 40))
        shifted = best(lambda: out.write_bytes(write_webvtt(every_one)), 2)
        assert write_webvtt(snapshot) == data
        print(f"save: bytes alone {bytes_only * 1e3:.1f} ms; all cues shifted {shifted:.2f} s")
        print(f"  unedited {unedited * 1e3:.1f} ms: ratio {unedited / bytes_only:.2f} (budget 2)")
        print(f"  after one edit {one * 1e3:.1f} ms: ratio {one / bytes_only:.2f} (budget 2)")

    print(f"a megabyte of anything, ratio to splitting it at line ends ({os.cpu_count()} cores):")
    line_ends = re.compile(rb"\r\n|\r|\n")
    for piece in _ANYTHING:
        data = b"WEBVTT\n\n" + piece * (2**20 // len(piece))
        text = data.decode()
        plain = best(lambda data=data: line_ends.split(data), 3) + best(lambda text=text: text.encode(), 3)
        took = best(lambda data=data: list(read_webvtt(data).snapshot.cues), 2)
        print(f"  {piece!r:20} {took:.3f} s, {took / plain:.1f}")


if __name__ == "__main__":
    main()
