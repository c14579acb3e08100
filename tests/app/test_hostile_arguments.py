"""What nobody would type on purpose: one clear line on stderr, the right exit status, and nothing written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.program import PATIENCE, Program

PLAIN = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\n00:03.000 --> 00:04.000\nWorld\n"

WRONG = {
    "convert film.vtt out.xyz": "out.xyz does not say in which format to write. Give one with --to: ",
    "convert film.vtt out": "out does not say in which format",
    "convert --to bogus film.vtt out.srt": "There is no format bogus. Give one with --to",
    "convert --to bogus --output-dir out film.vtt": "There is no format bogus",
    "convert --fps -1 film.vtt out.sub": "A frame rate lies above 0",
    "convert --fps nan film.vtt out.sub": "A frame rate lies above 0",
    "convert --fps 1e999 film.vtt out.sub": "A frame rate lies above 0",
    "hls split film.vtt --output-dir out --duration nan": "A segment must last longer than nought",
    "hls split film.vtt --output-dir out --duration -1": "A segment must last longer than nought",
    "hls split film.vtt --output-dir out --mpegts 99999999999999999999": "An MPEG-2 timestamp lies between",
    "check --fps nan --profile netflix-en film.vtt": "A frame rate is a number above nought",
    "check --profile bogus film.vtt": "There is no profile bogus",
    "serve --store bogus": "The store bogus is not of a kind this server knows",
    "serve --port -1": "There is no port -1",
    "publish film.vtt somewhere": "No address of a server was given",
    "run macro.py": "Nothing to run the macro on",
}
IMPOSSIBLE = {
    "convert film.vtt .": r"\. was not saved: it is a folder. Give the name of a file",
    "convert film.vtt /proc/none/out.srt": "out.srt was not saved: there is no folder /proc/none",
    "convert film.vtt /dev/null/out.srt": "out.srt was not saved: there is no folder /dev/null",
    "convert --encoding bogus film.vtt out.srt": "There is no encoding named bogus",
    "convert --output-dir film.vtt film.vtt": "film.vtt cannot be made: there is a file of that name",
    "convert . out.srt": r"\. is a folder, not a file",
    "convert /dev/zero out.srt": "/dev/zero is a device or a pipe, not a file",
    "inspect pipe": "pipe is a device or a pipe, not a file",
    "check /proc/self/mem": "/proc/self/mem",
    "hls split film.vtt --output-dir /proc/none": "The folder /proc/none cannot be made: no such file",
    "hls join film.vtt .": "it is a folder",
    "hls join none.m3u8 out.vtt": "There is no file none.m3u8",
    "sync .": r"The project \. cannot be read: it is a folder",
    "sync /proc/1/none": "There is no project /proc/1/none",
    "sync film.vtt": "film.vtt is not a project of this program. It was left as it is",
    "sync pipe": "The project pipe cannot be read: it is a device or a pipe",
    "convert film.vtt pipe --to srt": "pipe was not saved: it is a device or a pipe",
    "run macro.py film.vtt --project pipe": "The project pipe cannot be read: it is a device or a pipe",
    "serve --token-file pipe --port 0": "pipe cannot be written: it is a folder, a device or a pipe",
    "run . film.vtt": r"The macro \. is a folder, not a file",
    "run none.py film.vtt": "The macro none.py cannot be read: no such file or directory",
    "run film.vtt film.vtt": "The macro film.vtt has a mistake in line",
    "run macro.py film.vtt --project /dev/null/p.vttproj": "p.vttproj cannot be kept in /dev/null",
    "probe none": "The profile none cannot be read",
    "probe .": r"The profile \. cannot be read",
    "serve --store sqlite:////proc/none/s --port 0": "/proc/none/s cannot be made",
    "serve --token-file /proc/none --port 0": "The token file /proc/none cannot be written",
    "demo --script --out /proc/none": "The folder /proc/none cannot be made",
}
CASES = [
    (line, words, status) for table, status in ((WRONG, 2), (IMPOSSIBLE, 3)) for line, words in table.items()
]


@pytest.mark.skipif(sys.platform != "linux", reason="it takes places that only Linux has")
@pytest.mark.parametrize(("line", "words", "status"), CASES, ids=[case[0] for case in CASES])
def test_one_clear_line(program: Program, line: str, words: str, status: int) -> None:
    film = program.file("film.vtt", PLAIN)
    program.macro("tell(1)")
    os.mkfifo(program.folder / "pipe")
    before = sorted(program.folder.iterdir())
    done = program(*line.split(), stdin=subprocess.PIPE)
    done.sentence(words, status)
    assert done.err.startswith("vtt-desktop: ") and done.out == ""
    assert film.read_text() == PLAIN and (program.folder / "pipe").is_fifo()
    made = {path.name for path in program.folder.iterdir()} - {path.name for path in before}
    assert not {name for name in made if not name.startswith(".")}, "nothing was begun"


@pytest.mark.parametrize("command", ["inspect", "check", "convert", "sync", "run", "hls", "publish", "probe"])
@pytest.mark.parametrize("name", ["", " ", "-", "\n", "x" * 300, "a\tb", "../../..", "é\u202eb", "%s%n{0}"])
def test_names_that_nobody_gives(program: Program, command: str, name: str) -> None:
    program.file("film.vtt", PLAIN)
    arguments = {
        "convert": [name, "out.srt"],
        "run": [name, "film.vtt"],
        "hls": ["split", name, "--output-dir", "out"],
        "publish": [name, "http://127.0.0.1:1/projects/x"],
    }.get(command, [name])
    done = program(command, *arguments)
    assert done.status in (2, 3), done
    assert done.err.startswith(("vtt-desktop: ", "usage: ")) and done.out == ""


MISTAKES = {
    "desk.set_times(1, 'x', 5)": "set_times: start must be a whole number, not 'x'",
    "desk.set_times(1, 1.5, 5)": "set_times: start must be a whole number, not 1.5",
    "desk.set_times(None, 1, 5)": "set_times: id must be a whole number, not None",
    "desk.set_text(1, None)": "set_text: text must be text, not None",
    "desk.set_text(1, b'x')": "set_text: text must be text, not b'x'",
    "desk.set_settings(1, 5)": "set_settings: settings must be text, not 5",
    "desk.insert(after='x', start=1, end=2)": "insert: after must be a whole number",
    "desk.insert(start='1', end=2)": "insert: start must be a whole number",
    "desk.remove('12')": "remove: ids must be ids of cues, not '12'",
    "desk.remove([1, 'x'])": "remove: id must be a whole number, not 'x'",
    "desk.split('x')": "split: id must be a whole number",
    "desk.split(1, at_char='x')": "split: at_char must be a whole number",
    "desk.split(1, at_char=99)": "The cue has 5 characters: it cannot be split at 99",
    "desk.split(1, at_ms=5000)": "The cue lasts from 1000 to 2000 ms: it cannot be split at 5000 ms",
    "desk.merge(5.5)": "merge: ids must be ids of cues",
    "desk.merge([1, 2], joiner=None)": "merge: joiner must be text",
    "desk.shift([1, 2], 'x')": "shift: ms must be a whole number",
    "desk.shift([1, 2], 1.5)": "shift: ms must be a whole number, not 1.5",
    "desk.shift([2, 1], -1500)": "A shift by -1500 ms would put a cue before 0; these go -1000 ms at most",
    "desk.set_text(99, 'x')": "not in the document",
}


@pytest.mark.parametrize("call", MISTAKES)
def test_a_mistake_in_a_macro_is_one_sentence_with_its_line(program: Program, call: str) -> None:
    film = program.file("film.vtt", PLAIN)
    done = program.run(call, film, "--save")
    done.sentence(f"The macro stopped in line 9: .*{MISTAKES[call].replace('-', '.')}")
    assert film.read_text() == PLAIN


def test_a_shift_to_nought_goes(program: Program) -> None:
    film = program.file("film.vtt", PLAIN)
    done = program.run("desk.shift([1, 2], -1000); tell([cue.start for cue in desk.cues])", film)
    assert done.told == [0, 2000]


@pytest.mark.skipif(os.name == "nt", reason="there is no shell of that kind")
@pytest.mark.parametrize(
    "command", ["inspect film.vtt", "check film.vtt", "convert film.vtt out.srt", "--help"]
)
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">/dev/full", "2>/dev/full", "| head -c 1"])
def test_streams_that_are_closed_or_full(program: Program, command: str, closed: str) -> None:
    program.file("film.vtt", PLAIN)
    line = f"{' '.join(map(str, program.command()))} {command} {closed}"
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=program.folder,
        env=program.environment,
        capture_output=True,
        timeout=PATIENCE,
    )
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) <= 1, done.stderr
    if command.startswith("convert"):
        assert (program.folder / "out.srt").exists()


def test_a_folder_that_only_can_be_read(program: Program) -> None:
    film = program.file("film.vtt", PLAIN)
    locked = program.folder / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    if os.access(locked, os.W_OK):
        pytest.skip("root may write everywhere; the tests on a disk that can only be read do it")
    program("convert", film, locked / "out.srt").sentence("out.srt was not saved: its folder may not be")
    program.run("tell(1)", film, "--project", locked / "p.vttproj").sentence("cannot be kept in")


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux mounts so")
def test_a_disk_that_can_only_be_read(program: Program, read_only: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(read_only)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a disk")
    try:
        film = read_only / "film.vtt"
        film.write_text(PLAIN)
        subprocess.run(["mount", "-o", "remount,ro", str(read_only)], check=True)
        edit = "desk.set_text(1, 'Mine')"
        program.run(edit, film, "--save").sentence("film.vtt was not saved: its folder may not be written to")
        program("convert", film, read_only / "out.srt").sentence(
            "out.srt was not saved: its folder may not be"
        )
        program.run(edit, film, "--project", read_only / "p.vttproj").sentence("cannot be kept in .*disk")
        kept = program.run(edit, film, "--project", "p.vttproj")
        assert kept.status == 0, "what can be read can be worked on, and is kept elsewhere"
        assert program.run("tell(desk.cues[0].text)", "p.vttproj").told == "Mine"
        assert film.read_text() == PLAIN
    finally:
        subprocess.run(["umount", "-l", str(read_only)], check=True)
