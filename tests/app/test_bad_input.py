"""Whatever is given to the program: one clear sentence, the status that was promised, nothing lost."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import PATIENCE, TWO_CUES, Program, Result

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200)
NO_NETWORK = "http://127.0.0.1:{port}/projects/film"


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# Files ------------------------------------------------------------------------------------------

FILES = {
    "missing": (3, "There is no file .*film.vtt"),
    "folder": (3, "film.vtt is a folder, not a file"),
    "pipe": (3, "film.vtt is a device or a pipe, not a file"),
    "png": (1, "film.vtt is not a WebVTT file: it is a PNG picture"),
    "empty": (1, "film.vtt is not a WebVTT file: it is empty"),
    "words": (1, "film.vtt is not a WebVTT file"),
    "two marks": (1, "film.vtt is not a WebVTT file"),
}


def make(program: Program, kind: str) -> Path:
    film = program.folder / "film.vtt"
    contents = {
        "png": PNG,
        "empty": b"",
        "words": b"Once upon\n",
        "two marks": b"\xef\xbb\xbf" * 2 + b"WEBVTT\n",
    }
    if kind in contents:
        film.write_bytes(contents[kind])
    elif kind == "folder":
        film.mkdir()
    elif kind == "pipe":
        os.mkfifo(film)
    return film


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_cannot_be_opened(program: Program, kind: str) -> None:
    status, sentence = FILES[kind]
    film = make(program, kind)
    program.run("tell(1)", film).sentence(sentence, status)
    program("publish", film, NO_NETWORK.format(port=closed_port())).sentence(sentence, status)
    for command in (["inspect"], ["check"], ["convert", "--to", "srt", "--output-dir", "out"]):
        program(*command, film).sentence(sentence, status)
    assert not (program.folder / "out").exists() or not list((program.folder / "out").iterdir())


def test_a_file_that_may_not_be_read(program: Program) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    film = program.file("film.vtt")
    film.chmod(0)
    program.run("tell(1)", film).sentence("may not be read: permission denied")


def limited(megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def test_200_megabytes_of_zeros_cost_no_memory(program: Program) -> None:
    film = program.folder / "film.vtt"
    with film.open("wb") as file:
        file.truncate(200_000_000)
    for command in (["inspect"], ["check"], ["run", program.macro("tell(1)")]):
        done = program(*command, film, preexec_fn=lambda: limited(1000))
        done.sentence("film.vtt is not a WebVTT file: it holds no text", status=1)
    code = (
        "import resource, sys; from vtt_desktop.app.cli import main; status = main(sys.argv[1:]);"
        "print(status, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for argument in (film, program.file("small.vtt", b"\0" * 1000)):
        made = subprocess.run(
            [sys.executable, "-c", code, "inspect", argument],
            env=program.environment,
            capture_output=True,
            check=True,
        )
        status, kilobytes = made.stdout.split()
        assert status == b"1"
        peaks.append(int(kilobytes))
    assert peaks[0] < peaks[1] + 20_000, "it is refused by its beginning"


def test_a_file_above_the_limit(program: Program) -> None:
    film = program.file("film.vtt")
    with film.open("r+b") as file:
        file.truncate(300 << 20)
    program.run("tell(1)", film).sentence("larger than 256 MB")


def test_a_huge_cue(program: Program) -> None:
    text = "word " * 200_000
    film = program.file("film.vtt", TWO_CUES.replace("Hello", text.strip()))
    done = program.run("desk.set_text(desk.cues[0].id, desk.cues[0].text + '!'); tell(1)", film, "--save")
    assert done.status == 0 and film.read_text() == TWO_CUES.replace("Hello", text.strip() + "!")


def test_names_that_are_not_utf8(program: Program) -> None:
    name = os.fsencode(program.folder) + b"/film-\xff\xfe.vtt"
    with open(name, "wb") as file:
        file.write(TWO_CUES.encode())
    macro = str(program.macro("desk.set_text(desk.cues[0].id, 'Hi')"))
    assert program("run", macro, name, "--project", "p.vttproj", "--save").status == 0
    with open(name, "rb") as file:
        assert file.read() == TWO_CUES.replace("Hello", "Hi").encode()
    done = program("inspect", "--json", name)
    assert done.status == 0 and len(done.told["cues"]) == 2
    program("inspect", os.fsencode(program.folder) + b"/none-\xff.vtt").sentence("There is no file")


def test_lone_surrogates_in_arguments_and_texts(program: Program) -> None:
    macro = program.macro("tell([ascii(args[0]), len(desk.cues)]); desk.set_text(desk.cues[0].id, args[0])")
    film = program.file("film.vtt")
    done = program("run", macro, film, "--save", "--", b"a\xffb")
    assert done.told == [ascii("a\udcffb"), 2]
    assert done.status == 0 or len(done.err.strip().splitlines()) == 1
    assert b"World" in film.read_bytes()


def test_a_folder_that_cannot_be_written(program: Program) -> None:
    film = program.file("film.vtt")
    program.run("tell(1)", film, "--project", "/proc/film.vttproj").sentence(
        r"film\.vttproj cannot be (kept|opened)"
    )
    program.run("desk.save('/proc/film.vtt')", film).sentence("film.vtt was not saved")
    plain = program.file("plain.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    program("convert", plain, "/proc/film.srt").sentence("film.srt was not saved")


def test_a_state_folder_that_cannot_be_made(program: Program) -> None:
    program.file("file")
    blocked = {"XDG_STATE_HOME": str(program.folder / "file"), "QT_QPA_PLATFORM": "offscreen"}
    assert program.run("tell(1)", program.file("film.vtt"), env=blocked).status == 0


# Disks ------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB that is gone at the end."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_under_the_journal(program: Program, small_disk: Path) -> None:
    film = program.file("film.vtt")
    done = program.run(
        """
        import pathlib
        ballast = pathlib.Path(args[0])
        with open(ballast / "ballast", "wb", 0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                pass
        for i in range(200):
            desk.set_text(1, f"{i} " + "word " * 400)
            with desk.group(f"{i}"):
                desk.set_text(2, f"{i} " + "word " * 400)
        desk.save("kept.vtt")
        tell(desk.cues[0].text[:3])
        """,
        film,
        "--project",
        small_disk / "film.vttproj",
        "--",
        small_disk,
    )
    assert done.told == "199", "the text stays and can be edited and saved elsewhere"
    done.sentence("Edits are kept in memory only: the disk is full", status=3)
    assert "199 word" in (program.folder / "kept.vtt").read_text()


def test_a_full_disk_under_the_file(program: Program, small_disk: Path) -> None:
    film = small_disk / "film.vtt"
    film.write_text(TWO_CUES)
    done = program.run("desk.set_text(1, 'word ' * 100_000)", film, "--save")
    done.sentence("film.vtt was not saved: the disk is full|[Nn]o space left")
    assert film.read_text() == TWO_CUES


# Profiles ---------------------------------------------------------------------------------------

PROFILES = {
    '[item]\nurl = "/vtt/{id}"\nversoin = "x"\n': r"mine\.toml, line 3: .*versoin.*allowed are .*version",
    '[write]\n\nmethod = "STEAL"\n': r"mine\.toml, line 3: .*method.*'STEAL'; allowed are .*'PATCH'",
    '[item]\nurl = "/vtt"\n': r"mine\.toml, line 2: “item\.url” must hold \{id\}",
    '[list]\nids = "a"\n': r"mine\.toml, line 2: “list\.ids” must be a list",
    "[item\n": r"mine\.toml, line 1: this is not valid TOML at column 6: Expected",
    '[changes]\nkind = "telepathy"\n': r"mine\.toml, line 2: .*allowed are",
    "item = 5\n": r"mine\.toml, line 1: “item” must be a table",
    b"\xff\xfe": r"mine\.toml is not a text file in UTF-8",
}


@pytest.mark.parametrize("text", PROFILES)
def test_a_profile_with_a_mistake_says_file_line_key_and_what_is_allowed(
    program: Program, text: str | bytes
) -> None:
    profile = program.file("mine.toml", text)
    done = program.run("tell(1)", "http://127.0.0.1:1/vtt/a", "--profile", profile.name)
    done.sentence(PROFILES[text])


def test_a_profile_that_is_not_there(program: Program) -> None:
    done = program.run("tell(1)", "http://127.0.0.1:1/vtt/a", "--profile", "none")
    done.sentence("The profile none cannot be read.*Shipped ones: .*reference.*vtt-desktop")


# The command line itself ------------------------------------------------------------------------

USAGE = [
    ["run"],
    ["publish", "only-a-file"],
    ["sync"],
    ["inspect"],
    ["convert", "one"],
    ["convert"],
    ["check"],
    ["run", "m.py", "a", "b", "c"],
    ["--nonsense"],
    ["demo", "--act", "x"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_is_two(program: Program, arguments: list[str]) -> None:
    done = program(*arguments)
    assert done.status == 2 and done.err.startswith("usage: vtt-desktop")


@pytest.mark.parametrize(
    "command", ["", "demo", "inspect", "convert", "check", "serve", "publish", "sync", "run"]
)
def test_every_command_has_its_help(program: Program, command: str) -> None:
    done = program(*([command] if command else []), "--help")
    assert done.status == 0 and done.out.startswith("usage: vtt-desktop") and done.err == ""


def test_a_reader_that_goes_away(program: Program) -> None:
    """`vtt-desktop inspect … | head -1`"""
    cues = (f"00:{i // 60:02}:{i % 60:02}.000 --> 01:00:00.000\nx\n\n" for i in range(3000))
    film = program.file("film.vtt", "WEBVTT\n\n" + "".join(cues))
    with subprocess.Popen(
        program.command("inspect", "--json", *[film] * 8),
        env=program.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 0


def test_no_stdout_and_no_stderr_at_all(program: Program) -> None:
    film = program.file("film.vtt")
    macro = program.macro("tell(1); desk.set_text(desk.cues[0].id, 'Hi')")
    command = " ".join(map(str, program.command("run", macro, film, "--save")))
    for closed in (">&-", "2>&-", ">&- 2>&- <&-"):
        film.write_text(TWO_CUES)
        done = subprocess.run(
            ["sh", "-c", f"{command} {closed}"], env=program.environment, capture_output=True
        )
        assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr, done.stderr
        assert done.returncode == 0 and "Hi" in film.read_text(), closed


def test_without_a_display_the_editor_says_so(program: Program) -> None:
    blind = {**program.environment}
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        blind.pop(name, None)
    done = subprocess.run(
        program.command("film.vtt"), env=blind, capture_output=True, text=True, cwd=program.folder
    )
    Result(done.returncode, done.stdout, done.stderr).sentence("There is no display to open a window on")
