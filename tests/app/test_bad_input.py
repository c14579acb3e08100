"""Whatever is given to the program: one clear sentence, the status that was promised, nothing lost."""

import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import PATIENCE, TWO_CUES, Backend, Program, Result, closing
from tests.app.reference_server import ReferenceServer
from tests.server_process import ServerProcess

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


# Servers ----------------------------------------------------------------------------------------


class Html(Backend):
    """A captive portal: it answers everything with a page."""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        return (
            200,
            {"Content-Type": "text/html", "ETag": '"page"'},
            b"<html><body>Please log in</body></html>",
        )


@pytest.fixture
def portal() -> Iterator[Html]:
    yield from closing(Html())


def test_a_server_that_answers_html(program: Program, portal: Html) -> None:
    for url in (f"{portal.url}/projects/film", f"{portal.url}/vtt/s1"):
        program.run("tell(1)", url).sentence("HTML|page|log ?in|not (the|as)|no document|JSON")
    film = program.file("film.vtt")
    program("publish", film, f"{portal.url}/projects/film").sentence(".")
    assert film.read_text() == TWO_CUES


def test_a_portal_in_the_middle_of_the_work_loses_nothing(
    program: Program, reference: ReferenceServer
) -> None:
    """Between reading and saving a portal has come: a 200 with a page is not a save."""
    real = reference.answer
    page = 200, {"Content-Type": "text/html"}, b"<html>Please log in</html>"

    def answer(
        method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        return page if reference.contents.get("portal") else real(method, path, headers, body)

    reference.answer = answer  # type: ignore[method-assign]  # it goes between
    url, project = f"{reference.url}/vtt/s1", "desk.vttproj"
    assert program.run("tell(1)", url, "--project", project).status == 0
    before = reference.contents["s1"]
    reference.contents["portal"] = "on"
    done = program.run(
        "desk.set_text(desk.cues[0].id, 'Mine'); await desk.sync(); tell(desk.status(desk.cues[0].id))",
        project,
    )
    assert done.told in ("dirty", "unknown") and reference.contents["s1"] == before
    del reference.contents["portal"]
    again = program.run("await desk.sync(); tell(desk.status(desk.cues[0].id))", project)
    assert again.told == "synced" and "Mine" in reference.contents["s1"]


def published(program: Program, server: ServerProcess) -> str:
    url = f"{server.url}/projects/bad-input"
    program("publish", program.file("film.vtt"), url, token=server.token)
    return url


def test_a_wrong_token_and_none(program: Program, shared_server: ServerProcess) -> None:
    url = published(program, shared_server)
    for token in ("wrong", ""):
        done = program.run("tell(1)", url, token=token)
        done.sentence("[Tt]oken")
        assert shared_server.token not in done.err and "wrong" not in done.err
    bad = program.run("tell(1)", url, token="schlüssel")
    bad.sentence("[Tt]oken")


def test_a_token_that_is_taken_away_keeps_the_queue(program: Program, shared_server: ServerProcess) -> None:
    url = published(program, shared_server)
    edit = "desk.set_text(desk.cues[0].id, args[0]); await desk.sync(); tell([desk.link, desk.status(1)])"
    good = program.run("tell(1)", url, "--project", "p.vttproj", token=shared_server.token)
    assert good.status == 0
    done = program.run(edit, "p.vttproj", "--", "Queued", token="wrong")
    assert done.told == ["needs-token", "dirty"]
    assert done.status == 3
    program("sync", "p.vttproj", token="wrong").sentence("1 edit not sent.*[Tt]oken")
    assert program("sync", "p.vttproj", token=shared_server.token).status == 0
    told = program.run("tell(desk.cues[0].text)", url, token=shared_server.token).told
    assert told == "Queued"


def test_a_project_that_is_not_there(program: Program, shared_server: ServerProcess) -> None:
    done = program.run("tell(1)", f"{shared_server.url}/projects/none", token=shared_server.token)
    done.sentence("no project|not there|not found|There is no")


def test_a_server_that_is_not_there(program: Program) -> None:
    url = NO_NETWORK.format(port=closed_port())
    program.run("tell(1)", url).sentence("[Cc]onnect|reach|refused|answer")
    program("publish", program.file("film.vtt"), url).sentence("[Cc]onnect|reach|refused|answer")


def test_a_server_that_goes_and_comes_back(program: Program, server: ServerProcess) -> None:
    url = published(program, server)
    program.run("tell(1)", url, "--project", "p.vttproj", token=server.token)
    server.stop()
    edit = "desk.set_text(desk.cues[0].id, 'Queued'); await desk.sync(); tell([desk.link, desk.status(1)])"
    done = program.run(edit, "p.vttproj", token=server.token)
    assert done.told == ["unreachable", "dirty"]
    done.sentence("1 edit not sent; ")
    program("sync", "p.vttproj", token=server.token).sentence("1 edit not sent")
    server.start()
    assert program("sync", "p.vttproj", token=server.token).status == 0
    assert program.run("tell(desk.cues[0].text)", url, token=server.token).told == "Queued"


ADDRESSES = [
    "http://",
    "http://127.0.0.1:99999/projects/film",
    "http://127.0.0.1:x/projects/film",
    "http://[::1/projects/film",
    "http://127.0.0.1:1/",
    "http://127.0.0.1:1",
    "http://127.0.0.1:1/projects/",
    "https://exa mple/projects/film",
    "http://127.0.0.1:1/projects/\udcff",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_address(program: Program, address: str) -> None:
    status = 3 if " " in address else 2  # whether a name is one only a look-up tells
    program.run("tell(1)", address).sentence(".", status=status)
    program("publish", program.file("film.vtt"), address).sentence(".", status=status)


def test_credentials_in_an_address_are_never_shown(program: Program, shared_server: ServerProcess) -> None:
    url = published(program, shared_server)
    secret = shared_server.token
    inside = url.replace("http://", f"http://ann:{secret}@")
    good = program.run("tell(desk.cues[0].text)", inside, "--project", "p.vttproj")
    assert good.status == 0 and good.told
    wrong = url.replace("http://", "http://ann:geheim-42@")
    for done in (
        program.run("tell(1)", wrong),
        program("publish", program.file("film.vtt"), wrong),
        program.run("tell(1)", wrong.replace("/projects/", "/none/")),
        program("publish", program.file("film.vtt"), inside.replace("bad-input", "fresh")),
    ):
        assert "geheim-42" not in done.out + done.err and secret not in done.out + done.err
    for file in program.folder.rglob("*"):
        if file.is_file() and file.suffix != ".py":
            assert secret.encode() not in file.read_bytes(), f"{file.name} holds the token"


# serve ------------------------------------------------------------------------------------------


def test_a_port_in_use(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        program("serve", "--port", port).sentence(
            f"cannot listen on 127.0.0.1 port {port}: Address already in use"
        )


def test_what_serve_refuses(program: Program) -> None:
    program("serve", "--port", "99999").sentence("no port 99999", status=2)
    program("serve", "--host", "0.0.0.0", "--no-token").sentence("without a token is refused")
    program("serve", "--host", "no.such.host.invalid").sentence("cannot listen on no.such.host.invalid")
    program("serve", "--store", "ftp://x").sentence("The store ftp://x is not of a kind", status=2)
    program("serve", "--store", "bogus").sentence("The store bogus is not of a kind", status=2)
    assert not (program.folder / "bogus").exists()
    program("serve", "--port", "0", "--store", f"sqlite:///{program.file('film.vtt')}").sentence(".")
    assert (program.folder / "film.vtt").read_text() == TWO_CUES
    assert program("serve", "--port", "x").status == 2


def test_serve_says_where_it_listens_and_where_the_token_is(program: Program) -> None:
    with subprocess.Popen(
        program.command("serve", "--port", "0"),
        env={**program.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        watchdog = threading.Timer(PATIENCE, server.kill)
        watchdog.start()
        assert server.stdout is not None and server.stderr is not None
        url = server.stdout.readline().removeprefix("listening on ").strip()
        token = Path(server.stdout.readline().removeprefix("token file: ").strip()).read_text().strip()
        film = program.file("film.vtt")
        assert program("publish", film, f"{url}/projects/film", token=token).status == 0
        program("publish", film, f"{url}/projects/other", token="x" + token).sentence("[Tt]oken")
        server.terminate()
        assert server.wait() == 0 and "Traceback" not in server.stderr.read()
        watchdog.cancel()


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
