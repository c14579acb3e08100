"""Starting, refusing to start, and stopping: the words, the exit status, the token file."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.server_process import ROOT, ServerProcess, running_server

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vtt_desktop.server", *arguments],
        cwd=folder,
        env=ENVIRONMENT | {"XDG_STATE_HOME": str(folder / "state"), "XDG_DATA_HOME": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def started(*arguments: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A process, the URL it tells, and the line after it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "vtt_desktop.server", "--port", "0", *arguments],
        cwd=folder,
        env=ENVIRONMENT | {"XDG_STATE_HOME": str(folder / "state"), "XDG_DATA_HOME": str(folder / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("listening on http://127.0.0.1:")
        second = "" if "--no-token" in arguments else process.stdout.readline()
        yield process, first.removeprefix("listening on ").strip(), second.strip()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_random_token_is_written_for_its_owner_only(tmp_path: Path) -> None:
    with started(folder=tmp_path) as (process, url, line):
        file = Path(line.removeprefix("token file: "))
        assert line.startswith("token file: ") and tmp_path in file.parents
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        token = file.read_text().strip()
        assert len(token) >= 32
        assert httpx.get(f"{url}/projects").status_code == 401
        assert httpx.get(f"{url}/projects", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert process.returncode == 0
    # The next start keeps it, so that desks need not be told; one that others could read is replaced.
    with started(folder=tmp_path) as (_, url, line):
        assert file.read_text().strip() == token
    file.chmod(0o644)
    with started("--token-file", str(file), folder=tmp_path):
        assert file.read_text().strip() != token and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (tmp_path / "data" / "vtt-desktop" / "server.sqlite").is_file()


def test_the_token_is_in_no_output(tmp_path: Path) -> None:
    with running_server(tmp_path, token="secret-token-of-ours") as server:
        httpx.get(server.url + "/projects", headers=server.headers)
        httpx.get(server.url + "/projects/x/segments", headers={"Authorization": "Bearer other-secret"})
        server.stop()
        assert "secret" not in server.log()
        assert b"secret" not in server.store.read_bytes()


def test_without_a_token_only_this_machine_is_answered(tmp_path: Path) -> None:
    with started("--no-token", folder=tmp_path) as (_, url, _line):
        assert httpx.get(f"{url}/projects").status_code == 200
        port = httpx.URL(url).port
        for host in ("localhost", f"localhost:{port}", "127.0.0.1", "[::1]", f"[::1]:{port}"):
            assert httpx.get(f"{url}/projects", headers={"Host": host}).status_code == 200
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "10.0.0.1"):
            answer = httpx.get(f"{url}/projects", headers={"Host": host})
            assert answer.status_code == 421 and "loopback" in answer.json()["detail"]


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = run("--port", port, "--no-token", folder=tmp_path)
    assert done.returncode == 3 and done.stdout == ""
    assert done.stderr.startswith(
        f"The server cannot listen on 127.0.0.1 port {port}: Address already in use."
    )
    assert done.stderr.count("\n") == 1


def foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (title)")
    db.close()


def newer_database(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n" * 1000), "file is not a database"),
        (foreign_database, "another program"),
        (newer_database, "newer version"),
    ],
)
def test_a_store_that_is_none(tmp_path: Path, make: object, words: str) -> None:
    path = tmp_path / "store"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    done = run("--store", f"sqlite:///{path}", "--port", "0", "--no-token", folder=tmp_path)
    assert done.returncode == 3 and words in done.stderr and str(path) in done.stderr
    assert done.stderr.count("\n") == 1 and done.stdout == ""
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--store", "sqlite:////no/such/folder/s.sqlite"], 3, "directory does not exist"),
        (["--store", "mysql://localhost/x"], 2, "not of a kind"),
        (["--store", "sqlite://"], 2, "not of a kind"),
        (["--host", "0.0.0.0"], 3, "without a token is refused"),
        (["--host", "no-such-host.invalid", "--no-token"], 3, "refused"),
        (["--port", "70000"], 2, "from 0 to 65535"),
        (["--port", "-1"], 2, "from 0 to 65535"),
        (["--port", "x"], 2, "invalid int value"),
        (["--token", "t"], 2, "not allowed with"),
    ],
)
def test_what_cannot_be_started(tmp_path: Path, arguments: list[str], status: int, words: str) -> None:
    done = run(*arguments, *([] if "--no-token" in arguments else ["--no-token"]), folder=tmp_path)
    assert done.returncode == status and words in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_store_may_come_without_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line is seen by everybody on the machine, and a password with it."""
    monkeypatch.setitem(ENVIRONMENT, "VTT_DESKTOP_STORE", "mysql://vtt:secret@localhost/x")
    done = run("--no-token", folder=tmp_path)
    assert done.returncode == 2 and "The store mysql://vtt@localhost/x is not of a kind" in done.stderr
    assert "secret" not in done.stderr


def test_an_empty_token_is_no_token_by_mistake(tmp_path: Path) -> None:
    done = run("--token", "", folder=tmp_path)
    assert done.returncode == 2 and "--no-token" in done.stderr


@pytest.mark.parametrize("token", ["a b", "é", "a\n"])
def test_a_token_that_no_header_can_carry(tmp_path: Path, token: str) -> None:
    done = run("--token", token, folder=tmp_path)
    assert done.returncode == 3 and "no header can carry" in done.stderr and done.stdout == ""


def test_a_token_file_that_cannot_be_written(tmp_path: Path) -> None:
    done = run("--port", "0", "--token-file", str(tmp_path / "none" / "token"), folder=tmp_path)
    assert done.returncode == 3 and "cannot be written" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_the_streams_and_says_goodbye(tmp_path: Path, number: signal.Signals) -> None:
    with started("--no-token", folder=tmp_path) as (process, url, _):
        assert httpx.put(f"{url}/projects/p", headers={"If-None-Match": "*"}).status_code == 201
        with httpx.Client() as http, http.stream("GET", f"{url}/projects/p/events", timeout=20) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            process.send_signal(number)
            # The stream ends properly: no reset, no half event.
            assert [*lines][-1] == ""
        # Well under the three seconds after which requests would be cut.
        assert process.wait(timeout=2.5) == 0


def test_it_starts_again_on_the_port_it_had(server_process: ServerProcess) -> None:
    before = server_process.url
    with httpx.Client() as http:
        http.get(f"{before}/health")
        server_process.kill()
    server_process.start()
    assert server_process.url == before
