"""`vtt-desktop probe` from outside: its words, its exit status, its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import Backend, closing
from tests.app.reference_server import ReferenceServer
from tests.interop.backend_process import free_port
from tests.interop.odd_backends import CouchShape
from tests.server_process import ROOT


class Forgetful(ReferenceServer):
    """Shows tags and looks at none: the last one to save wins."""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        key = path.partition("?")[0].removeprefix("/vtt/")
        return super().answer(method, path, headers | {"If-Match": self.tag(key)}, body)


class Clumsy(CouchShape):
    """Refuses an old version on a save, and not on a removal."""

    PROFILE = CouchShape.PROFILE

    def route(self, method, path, query, headers, body):  # type: ignore[no-untyped-def]
        key = path.removeprefix("/db/")
        if method == "DELETE" and key in self.documents:
            query = {"rev": self.rev(key)}
        return super().route(method, path, query, headers, body)


@pytest.fixture
def reference() -> Iterator[ReferenceServer]:
    yield from closing(ReferenceServer({"a": "00:01.000 --> 00:02.000\nHello\n"}))


@pytest.fixture
def forgetful() -> Iterator[ReferenceServer]:
    yield from closing(Forgetful({"a": "00:01.000 --> 00:02.000\nHello\n"}))


@pytest.fixture
def clumsy() -> Iterator[Backend]:
    yield from closing(Clumsy())


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vtt_desktop", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_one_that_may_be_written_to_is_0(reference: ReferenceServer) -> None:
    done = program("probe", "reference", reference.url, "--scratch", "a")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Reference contract may be written to.\n")
    assert "ok    A save with an old version is refused" in done.stdout
    assert reference.contents == {"a": "00:01.000 --> 00:02.000\nHello\n"}


def test_one_that_overwrites_is_1_and_read_only_from_then_on(
    forgetful: ReferenceServer, tmp_path: Path
) -> None:
    done = program("probe", "reference", forgetful.url, "--scratch", "a", "--json")
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert (told["reached"], told["writable"]) == (True, False)
    assert "ACCEPTED" in told["reason"]
    assert {"check", "mark", "words"} == set(told["findings"][0])
    assert ("stale-save", "bad") in [(one["check"], one["mark"]) for one in told["findings"]]

    macro = tmp_path / "edit.py"
    macro.write_text("async def main(desk):\n desk.set_text(desk.cues[0].id, 'mine')\n print(desk.link)\n")
    ran = program("run", str(macro), f"{forgetful.url}/vtt/a", "--profile", "reference")
    assert ran.stdout == "read-only\n"
    assert "Read only" in ran.stderr and "Traceback" not in ran.stderr
    assert forgetful.contents == {"a": "00:01.000 --> 00:02.000\nHello\n"}


def test_one_that_forgets_on_removal_is_1(clumsy: Backend, tmp_path: Path) -> None:
    profile = tmp_path / "clumsy.toml"
    profile.write_text(CouchShape.PROFILE)
    done = program("probe", str(profile), clumsy.url)
    assert done.returncode == 1
    assert "BAD   A removal with an old version is ACCEPTED" in done.stdout
    assert "MUST NOT be written to" in done.stdout


def test_what_is_not_there_is_3_in_one_line(reference: ReferenceServer) -> None:
    for arguments, words in (
        (("reference", f"http://127.0.0.1:{free_port()}", "--scratch", "a"), "cannot be reached"),
        (("reference", reference.url, "--ids", "a"), "--scratch ID"),
        (("nothing-of-that-name", reference.url), "Shipped ones"),
    ):
        done = program("probe", *arguments)
        assert done.returncode == 3 and words in done.stderr, done.stderr
        assert len(done.stderr.splitlines()) == 1 and done.stdout == ""
    done = program("probe", "reference", "--scratch", "a")
    assert done.returncode == 2 and "No address" in done.stderr
