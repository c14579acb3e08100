"""Whatever a server does and ours is asked for: one clear sentence, the promised status, nothing lost."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import PATIENCE, TWO_CUES, Backend, Program, closing
from tests.app.reference_server import ReferenceServer
from tests.server_process import ServerProcess

NO_NETWORK = "http://127.0.0.1:{port}/projects/film"


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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
