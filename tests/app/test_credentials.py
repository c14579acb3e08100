"""Tokens: where they are found and kept, and all the places where they are never seen."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app.file_keyring import LOCKED, FileKeyring
from tests.app.program import PATIENCE, TWO_CUES, Backend, Program, closing
from tests.server_process import ServerProcess
from vtt_desktop.app.credentials import Credentials
from vtt_desktop.app.opening import Source
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.app.workspace import Workspace
from vtt_desktop.domain import edits_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.server.announcement import announced, announced_token
from vtt_desktop.sync.state import Link

SECRET = "s3cret-token-that-must-not-show-0123456789"


class Settings:
    """QSettings as a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, object] = {}

    def value(self, key: str, default: object = None, /) -> object:
        return self.kept.get(key, default)

    def setValue(self, key: str, value: object, /) -> None:
        self.kept[key] = value


# Kept ---------------------------------------------------------------------------------------------


async def test_what_is_kept_is_there_in_the_next_run_at_its_origin_only(tmp_path: Path) -> None:
    ring = FileKeyring(tmp_path / "ring")
    assert await Credentials(lambda: ring).keep("https://server.example/projects/a", SECRET)
    assert ring.kept == {"vtt-desktop https://server.example": SECRET}
    later = Credentials(lambda: ring)
    assert await later.has_keyring()
    assert await later.token_for("https://server.example/projects/b") == SECRET
    for other in ("http://server.example/a", "https://server.example:444/a", "https://server.example.evil/"):
        assert await later.token_for(other) == ""
    await later.forget("https://server.example")
    assert ring.kept == {} and await later.token_for("https://server.example") == ""


async def test_without_a_keyring_a_token_is_kept_for_this_run_and_that_is_said() -> None:
    credentials = Credentials(lambda: None)
    assert not await credentials.has_keyring()
    assert not await credentials.keep("https://server.example", SECRET)
    assert await credentials.token_for("https://server.example/projects/a") == SECRET


async def test_a_locked_keyring_costs_nothing_but_the_keeping(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "ring").write_text(LOCKED)
    credentials = Credentials(lambda: FileKeyring(tmp_path / "ring"))
    assert not await credentials.keep("https://server.example", SECRET)
    assert await credentials.token_for("https://server.example") == SECRET
    assert await credentials.token_for("https://other.example") == ""
    assert "KeyringLocked" in caplog.text
    assert "secret" not in caplog.text


async def test_a_keyring_that_hangs_on_a_dialog_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vtt_desktop.app.credentials.READING_S", 0.01)
    release = threading.Event()

    def hang() -> None:
        release.wait(PATIENCE)

    try:
        assert await Credentials(hang).token_for("https://server.example") == ""
    finally:
        release.set()


async def test_the_window_says_when_the_keyring_did_not_take_a_token(tmp_path: Path) -> None:
    ring = tmp_path / "ring"
    workspace = Workspace(Tasks(), Settings(), credentials=Credentials(lambda: FileKeyring(ring)))
    said: list[str] = []
    workspace.told.connect(said.append)
    await workspace._note_token("https://server.example", SECRET, True)
    assert said == [] and SECRET in ring.read_text()
    ring.write_text(LOCKED)
    await workspace._note_token("https://server.example", SECRET, True)
    assert said == ["The keyring did not take the token: it is kept until you close the program."]
    await workspace.close()


async def test_a_token_can_be_forgotten(tmp_path: Path, shared_server: ServerProcess) -> None:
    ring, tasks = FileKeyring(tmp_path / "ring"), Tasks()
    workspace = Workspace(tasks, Settings(), credentials=Credentials(lambda: ring))
    film = tmp_path / "film.vtt"
    film.write_text(TWO_CUES)
    await workspace.open_file(film)
    await workspace.publish(f"{shared_server.url}/projects/to-be-forgotten", shared_server.token, keep=True)
    assert ring.kept == {f"vtt-desktop {shared_server.url}": shared_server.token}
    await workspace.forget_token()
    assert ring.kept == {}
    await workspace.close()
    await tasks.close()


def test_the_command_line_finds_a_token_in_the_keyring(
    program: Program, shared_server: ServerProcess
) -> None:
    url = f"{shared_server.url}/projects/from-the-keyring"
    ring = program.folder / "ring"
    env = {
        "PYTHON_KEYRING_BACKEND": "tests.app.file_keyring.FileKeyring",
        "VTT_DESKTOP_TEST_KEYRING": str(ring),
    }
    film = program.file("film.vtt")
    program("publish", film, url, env=env).sentence("token")
    FileKeyring(ring).set_password("vtt-desktop", shared_server.url, shared_server.token)
    done = program("publish", film, url, env=env)
    assert done.status == 0, done.err
    told = program.run("tell([c.text for c in desk.cues])", url, env=env).told
    assert told == ["Hello", "World"]
    assert program.run("tell(1)", url, env=env, token="a wrong one, but the one that was given").status == 3


# Our own server -----------------------------------------------------------------------------------


@contextmanager
def serving(program: Program, *options: str) -> Iterator[str]:
    """`vtt-desktop serve` of the same person: its address."""
    process = subprocess.Popen(
        program.command("serve", "--port", "0", "--store", "own.sqlite", *options),
        cwd=program.folder,
        env=program.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        process.stdout.readline()  # where the token file is
        yield first.removeprefix("listening on ").strip()
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def test_our_own_server_on_this_machine_needs_no_typing(program: Program) -> None:
    film = program.file("film.vtt")
    with serving(program) as url:
        done = program("publish", film, f"{url}/projects/film")
        assert done.status == 0, done.err
        assert program.run("tell(len(desk.cues))", f"{url}/projects/film").told == 2
        port = url.rpartition(":")[2]
        # The same machine under another name is another origin.
        program("publish", film, f"http://localhost:{port}/projects/two").sentence("token|reach")
    assert list((program.folder / ".STATE").rglob("servers/*.json")) == []


def test_a_token_file_of_ones_own_is_found_too(program: Program) -> None:
    film = program.file("film.vtt")
    with serving(program, "--token-file", str(program.folder / "mine")) as url:
        assert program("publish", film, f"{url}/projects/film").status == 0


def test_a_note_is_believed_only_where_nobody_else_could_have_written_it(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(SECRET)
    token.chmod(0o600)
    origin = "http://127.0.0.1:54321"
    assert announced_token(origin) == ""
    with announced(origin, token):
        assert announced_token(origin) == SECRET
        assert announced_token("http://127.0.0.1:54322") == ""
        assert announced_token("http://127.0.0.1_54321") == ""  # the same name of a note, another origin
        token.chmod(0o644)
        assert announced_token(origin) == ""
    assert announced_token(origin) == ""


async def test_a_note_is_for_this_machine_only(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(SECRET)
    token.chmod(0o600)
    with announced("http://server.example:8765", token):
        assert await Credentials(lambda: None).token_for("http://server.example:8765/projects/a") == ""


# Never seen ---------------------------------------------------------------------------------------


class Redirecting(Backend):
    """Sends every request elsewhere; or lists two segments whose next page is elsewhere."""

    def __init__(self, elsewhere: str, status: int) -> None:
        self.elsewhere, self.status = elsewhere, status
        super().__init__()

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if self.status != 200:
            return self.status, {"Location": f"{self.elsewhere}{path}"}, b""
        page = {"items": [], "next": f"{self.elsewhere}/projects/a/segments?page=2", "seq": 0}
        return 200, {"Content-Type": "application/json"}, json.dumps(page).encode()


class Listening(Backend):
    """Wants to hear what it should not."""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b'{"items": []}'


@pytest.fixture
def listener() -> Iterator[Listening]:
    yield from closing(Listening())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 200])
@pytest.mark.parametrize("other_name", [False, True])
def test_no_other_origin_ever_hears_of_it(
    program: Program, listener: Listening, status: int, other_name: bool
) -> None:
    elsewhere = listener.url.replace("127.0.0.1", "localhost") if other_name else listener.url
    server = Redirecting(elsewhere, status)
    try:
        done = program.run("tell(1)", f"{server.url}/projects/a", token=SECRET)
        assert done.status == 3
        assert SECRET not in done.err
        assert any(SECRET in str(headers) for _, _, headers, _ in server.heard)
    finally:
        server.close()
    assert listener.heard == []


async def test_it_is_in_no_file_and_in_no_log(
    tmp_path: Path, shared_server: ServerProcess, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole session with a token typed, refused, taken, used, and kept for this run."""
    caplog.set_level(logging.WARNING)
    root, token = logging.getLogger(), shared_server.token
    handler = logging.FileHandler(tmp_path / "log")
    root.addHandler(handler)
    settings, tasks = Settings(), Tasks()
    told: list[str] = []
    try:
        workspace = Workspace(tasks, settings, "me", Credentials(lambda: None))
        workspace.told.connect(told.append)
        film = tmp_path / "film.vtt"
        film.write_text(TWO_CUES)
        await workspace.open_file(film)
        address = shared_server.url.replace("://", f"://me:{token}@") + "/projects/nowhere-to-be-seen"
        await workspace.publish(address)
        session = workspace.session
        session.submit(
            edits_text.set_text(session.document.snapshot, session.document.snapshot.cues[0].id, "Hi")
        )
        await session.sync_now()
        session.set_token(SECRET)
        session.submit(
            edits_text.set_text(session.document.snapshot, session.document.snapshot.cues[0].id, "Ho")
        )
        await session.sync_now()
        assert session.sync.link is Link.NEEDS_TOKEN
        with pytest.raises(UserError, match="does not take that token") as refused:
            await workspace.use_token(SECRET + "x")
        assert SECRET not in str(refused.value)
        await workspace.use_token(token)
        await session.sync_now()
        assert session.sync.link is Link.ONLINE and not session.sync.summary.waiting
        shown = f"{session.shared_url} {session.title} {session.sync.log} {session.sync.summary} {told}"
        await workspace.close()
        # The next start finds the journal, and asks for the token: it is nowhere but here.
        again = Workspace(tasks, settings, "me", Credentials(lambda: None))
        await again.open_file(film)
        await again.session.sync_now()
        assert again.session.sync.link is Link.NEEDS_TOKEN
        await again.close()
        # This very run knows it.
        await workspace.open_file(film)
        await workspace.session.sync_now()
        assert workspace.session.sync.link is Link.ONLINE
        await workspace.close()
    finally:
        root.removeHandler(handler)
        handler.close()
        await tasks.close()
    homes = [
        tmp_path,
        *(Path(os.environ[f"XDG_{kind}_HOME"]) for kind in ("CONFIG", "DATA", "STATE", "CACHE")),
    ]
    seen = {path: path.read_bytes() for home in homes for path in home.rglob("*") if path.is_file()}
    assert any(b"nowhere-to-be-seen" in raw for raw in seen.values())  # the journal is among them
    for secret in (SECRET, token):
        assert not [path for path, raw in seen.items() if secret.encode() in raw]
        assert secret not in shown and secret not in str(settings.kept) and secret not in caplog.text


def test_no_value_shows_it_when_printed() -> None:
    target = parse_target(f"http://me:{SECRET}@127.0.0.1:1/projects/a")
    assert target.token == SECRET
    assert (
        SECRET not in f"{target!r} {target.url} {Source('x', token=SECRET)!r} {Credentials(lambda: None)!r}"
    )


def test_an_address_that_is_none_is_told_without_it() -> None:
    with pytest.raises(UserError) as error:
        parse_target(f"http://me:{SECRET}@server:notaport/projects/a")
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "lines", ['base = "https://me:{s}@server.example"', '[headers]\nAuthorization = "Bearer {s}"']
)
def test_a_profile_with_a_secret_in_it_is_refused(tmp_path: Path, lines: str) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text('name = "p"\n' + lines.replace("{s}", SECRET) + '\n[list]\nids = ["a"]\n')
    with pytest.raises(UserError, match="a profile must not") as error:
        parse_target("https://server.example", str(profile))
    assert SECRET not in str(error.value)


async def test_asking_twice_at_once_is_no_harm(tmp_path: Path) -> None:
    ring = FileKeyring(tmp_path / "ring")
    ring.set_password("vtt-desktop", "https://a.example", SECRET)
    credentials = Credentials(lambda: ring)
    both = await asyncio.gather(*(credentials.token_for("https://a.example") for _ in range(8)))
    assert set(both) == {SECRET}
